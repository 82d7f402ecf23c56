import type { Problem } from '../payment/result';
import { isRecord } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';
import { redact } from './connection';
import type { Asked, KonnectError } from './refusal';
import { explainRefusal } from './refusal';
import type { Reply } from './request';
import { explainSilence, isTimeout } from './silence';

/** Why a request has failed. */
type FailureKind =
	/** The key is wrong, missing, or of an organisation that may not use it. */
	| 'keyRefused'
	| 'notFound'
	| 'invalid'
	| 'busy'
	/** Konnect's answer cannot be understood. Asking again does not help, so the workflow's owner has to look. */
	| 'unreadable'
	| 'blocked'
	/** No answer, a server error, or an answer that is not Konnect's: nothing is known. */
	| 'unavailable';

export interface Failure {
	kind: FailureKind;
	problem: Problem;
	/** Konnect may have made the payment that was asked for. */
	isInDoubt?: true;
}

const INVALID_KEY_CODE = 'AUTHENTICATE_TOKEN_INVALID';

/** For an organisation that is not validated, Konnect sends the code of a wrong key. Only the French message differs. */
const ABOUT_THE_ORGANISATION =
	/stat(us|ut) de (cette |votre |l')organi[sz]ation|organi[sz]ation.{0,20}status/i;

/** Reads Konnect's `{errors: [{code, target, message, source}]}`, and the plainer shapes that proxies and gateways use. */
export function readErrors(body: unknown): KonnectError[] {
	if (!isRecord(body)) return [];
	const list = Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
	const errors = list.flatMap((error) => (isRecord(error) ? errorOf(error) : plain(error)));
	return errors.length > 0 ? errors : plain(textOf(body.message) ?? body.error);
}

const errorOf = (error: Record<string, unknown>): KonnectError => ({
	code: textOf(error.code),
	field: textOf(isRecord(error.source) ? error.source.field : undefined),
	message: textOf(error.message) ?? textOf(error.code) ?? 'no reason given',
});

function plain(error: unknown): KonnectError[] {
	const message = textOf(error);
	return message === undefined ? [] : [{ code: undefined, field: undefined, message }];
}

/** The kind of failure that a reply is. */
export function failureKindOf(reply: Reply): FailureKind {
	if (reply.kind === 'held') return 'busy';
	if (reply.kind === 'blocked') return 'blocked';
	if (reply.kind !== 'answer') return 'unavailable';
	const errors = readErrors(reply.body);
	if (errors.some((error) => error.code === INVALID_KEY_CODE)) return 'keyRefused';
	if (reply.status === 429) return 'busy';
	// A firewall can answer 401 or 403 too, and a wrong base URL gives 404, but not in Konnect's envelope.
	const isEnvelope =
		isRecord(reply.body) && Array.isArray(reply.body.errors) && reply.body.errors.some(isRecord);
	if (reply.status === 401 || reply.status === 403)
		return isEnvelope ? 'keyRefused' : 'unavailable';
	if (reply.status === 404) return isEnvelope ? 'notFound' : 'unavailable';
	const isRefused = isEnvelope && reply.status >= 400 && reply.status < 500;
	if (reply.status === 400 || reply.status === 422 || isRefused) return 'invalid';
	// A proxy's page arrives as text.
	const isData = typeof reply.body === 'object' && reply.body !== null;
	return isData && reply.status >= 200 && reply.status < 300 ? 'unreadable' : 'unavailable';
}

/** The error texts for a failed reply. Konnect's own messages are always in the description. */
export function explain(reply: Reply, connection: Connection, asked: Asked = {}): Failure {
	const kind = failureKindOf(reply);
	const errors = reply.kind === 'answer' ? readErrors(reply.body) : [];
	const said = errors.map((error) => `"${shorten(redact(error.message, connection))}"`).join(', ');
	const { message, description } = problemOf(reply, kind, errors, asked, connection);
	const whole = sentences(said && `Konnect says: ${said}`, description);
	return {
		kind,
		problem: { message: redact(message, connection), description: redact(whole, connection) },
	};
}

function problemOf(
	reply: Reply,
	kind: FailureKind,
	errors: KonnectError[],
	asked: Asked,
	connection: Connection,
): Problem {
	// Advised only if it is certain that nothing was done.
	const again = !asked.isInDoubt && 'Try again later.';
	if (reply.kind === 'held') return tooBusy();
	if (reply.kind === 'blocked') {
		const { message, description } = reply.problem;
		return {
			message: 'n8n blocked the request to Konnect',
			description: sentences(message, description),
		};
	}
	if (reply.kind === 'silence') return noAnswer(reply.code, connection, again);
	const { status, retryAfter } = reply;
	if (kind === 'busy') return tooBusy(retryAfter);
	if (kind === 'invalid') return explainRefusal(errors, asked, connection);
	if (kind === 'notFound') return asked.table ? NOTHING_SUCH : NOT_FOUND;
	if (kind === 'unreadable') return unreadable(status);
	if (kind !== 'keyRefused') return status >= 500 ? notNow(status, again) : notKonnect(status);
	const isOfTheOrganisation = errors.some(({ message }) => ABOUT_THE_ORGANISATION.test(message));
	return isOfTheOrganisation ? NOT_VALIDATED : WRONG_KEY;
}

/** For a request that ended with the execution, or because another item failed. */
export const STOPPED: Problem = {
	message: 'The request to Konnect was stopped',
	description: 'The execution was ended.',
};

function noAnswer(code: string, connection: Connection, again: string | false): Problem {
	if (code === 'ERR_CANCELED') return STOPPED;
	if (isTimeout(code)) {
		return {
			message: 'Konnect did not answer in time',
			description: sentences("The option 'Timeout' can allow more time", again),
		};
	}
	const { message, description } = explainSilence(code, connection);
	return { message, description: sentences(description, `The network says ${code}`) };
}

const WRONG_KEY: Problem = {
	message: 'Konnect does not accept the API key',
	description:
		"Check the credential: was the 'API Key' copied whole, and does it belong to its 'Environment'? Sandbox and production are separate accounts.",
};

const NOT_VALIDATED: Problem = {
	message: 'Konnect refuses the API key because of the status of the organisation',
	description:
		'Until Konnect has validated your organisation (identity, bank details, licence), keys of this environment do not work. Finish the validation in the Konnect dashboard, or use the sandbox meanwhile.',
};

const NOT_FOUND: Problem = {
	message: 'Konnect does not know this payment',
	description:
		"Check the payment id, and that the credential's 'Environment' is the one in which the payment was made.",
};

/** A 404 from init-payment cannot be about a payment, because there is none yet. */
const NOTHING_SUCH: Problem = {
	message: 'Konnect does not know something that the request names, such as the wallet',
	description: "Check the wallet id, and that it belongs to the credential's 'Environment'.",
};

/** @param pause milliseconds that Konnect asks for */
const tooBusy = (pause?: number): Problem => ({
	message: 'Konnect is receiving too many requests with this API key',
	description: `The request was not carried out, so it can be run again${pause === undefined ? '' : `: Konnect asks for a pause of ${inWords(pause)}`}. Konnect allows about 100 requests a minute for each key. Run the remaining items later, or fewer at a time, and check whether other programs use the key.`,
});

const unreadable = (status: number): Problem => ({
	message: "Konnect's answer cannot be understood",
	description: `It answered (HTTP ${status}) with something that this node does not know, or with an amount that is not a number, so the answer was not used. Check the payment in the Konnect dashboard, and whether there is a newer version of this node. If there is a proxy in between, make sure that it does not change answers.`,
});

const notNow = (status: number, again: string | false): Problem => ({
	message: `Konnect cannot answer just now (HTTP ${status})`,
	description: sentences('Nothing is wrong with your workflow', again),
});

const notKonnect = (status: number): Problem => ({
	message: `The answer does not look like Konnect's (HTTP ${status})`,
	description:
		"Something else answers at this address. Check the credential's 'Environment', and its 'Base URL' up to and including \"/api/v2\".",
});

/** Milliseconds in words for people. */
function inWords(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

const textOf = (value: unknown) =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const shorten = (text: string) => (text.length > 500 ? `${text.slice(0, 500)}…` : text);
