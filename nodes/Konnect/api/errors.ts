import type { Problem } from '../payment/result';
import { isRecord } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';
import { redact } from './redact';
import type { Asked, KonnectError } from './refusal';
import { explainRefusal } from './refusal';
import type { Reply } from './request';
import { explainSilence, isTimeout } from './silence';

/** What a reply that is not the wished one comes to. */
export type FailureKind =
	/** The key is wrong, missing, or of an organisation that may not use it. */
	| 'keyRefused'
	/** Konnect knows no such payment. */
	| 'notFound'
	/** Konnect found fault with a field. */
	| 'invalid'
	/** Too many requests. */
	| 'busy'
	/** An answer of Konnect that cannot be understood: the owner has to look, asking again does not help. */
	| 'unreadable'
	/** n8n's own protection did not let the request out. */
	| 'blocked'
	/** No answer, or none that Konnect would give: nothing is known. */
	| 'unavailable';

export interface Failure {
	kind: FailureKind;
	problem: Problem;
	/** The connection was lost after a payment was asked for: nobody knows whether it was made. */
	isInDoubt?: true;
}

const INVALID_KEY_CODE = 'AUTHENTICATE_TOKEN_INVALID';

/** Konnect words the refusal of an organisation that is not validated in French, with the same code as a wrong key. */
const ABOUT_THE_ORGANISATION =
	/stat(us|ut) de (cette |votre |l')organi[sz]ation|organi[sz]ation.{0,20}status/i;

/** Reads Konnect's `{errors: [{code, target, message, source}]}`, and the plainer shapes that proxies and gateways use. */
export function readErrors(body: unknown): KonnectError[] {
	if (!isRecord(body)) return [];
	if (Array.isArray(body.errors)) {
		return body.errors.filter(isRecord).map((error) => ({
			code: textOf(error.code),
			field: textOf(isRecord(error.source) ? error.source.field : undefined),
			message: textOf(error.message) ?? textOf(error.code) ?? 'no reason given',
		}));
	}
	const message = textOf(body.message) ?? textOf(body.error);
	return message === undefined ? [] : [{ code: undefined, field: undefined, message }];
}

/** Sorts a reply that is not the wished one. */
export function failureKindOf(reply: Reply): FailureKind {
	if (reply.kind === 'held') return 'busy';
	if (reply.kind === 'blocked') return 'blocked';
	if (reply.kind !== 'answer') return 'unavailable';
	const errors = readErrors(reply.body);
	if (errors.some((error) => error.code === INVALID_KEY_CODE)) return 'keyRefused';
	if (reply.status === 429) return 'busy';
	// A firewall answers 401 and 403 too, and a wrong base URL 404, but not in Konnect's envelope.
	const isEnvelope = isRecord(reply.body) && Array.isArray(reply.body.errors) && errors.length > 0;
	if (reply.status === 401 || reply.status === 403)
		return isEnvelope ? 'keyRefused' : 'unavailable';
	if (reply.status === 404) return isEnvelope ? 'notFound' : 'unavailable';
	if (reply.status === 400 || reply.status === 422) return 'invalid';
	// A page of a proxy is text.
	const isData = typeof reply.body === 'object' && reply.body !== null;
	return isData && reply.status >= 200 && reply.status < 300 ? 'unreadable' : 'unavailable';
}

/** The texts for a reply that is not the wished one. Konnect's own messages are always in the description. */
export function explain(reply: Reply, connection: Connection, asked: Asked = {}): Failure {
	const kind = failureKindOf(reply);
	const errors = reply.kind === 'answer' ? readErrors(reply.body) : [];
	const { message, description, again } = EXPLANATIONS[kind](reply, errors, asked, connection);
	const said = errors.map((error) => `"${shorten(redact(error.message, connection))}"`).join(', ');
	const whole = sentences(said && `Konnect says: ${said}`, description, !asked.isInDoubt && again);
	return {
		kind,
		problem: {
			message: redact(message, connection),
			description: redact(whole, connection),
		},
	};
}

type Explanation = (
	reply: Reply,
	errors: KonnectError[],
	asked: Asked,
	connection: Connection,
) => Problem & {
	/** What to do where it is certain that nothing was done. */
	again?: string;
};

const EXPLANATIONS: Record<FailureKind, Explanation> = {
	keyRefused: (_reply, errors) =>
		errors.some((error) => ABOUT_THE_ORGANISATION.test(error.message))
			? {
					message: 'Konnect refuses the API key because of the status of the organisation',
					description:
						'Until Konnect has validated your organisation (identity, bank details, licence), keys of this environment do not work. Finish the validation in the Konnect dashboard, or use the sandbox meanwhile.',
				}
			: {
					message: 'Konnect does not accept the API key',
					description:
						"Check the credential: was the 'API Key' copied whole, and does it belong to its 'Environment'? Sandbox and production are separate accounts.",
				},
	notFound: () => ({
		message: 'Konnect knows no such payment',
		description:
			"Check the payment id, and that the credential's 'Environment' is the one in which the payment was made.",
	}),
	invalid: (_reply, errors, asked, connection) => explainRefusal(errors, asked, connection),
	busy: (reply) => {
		const asked = reply.kind === 'answer' ? reply.retryAfter : undefined;
		return {
			message: 'Konnect is receiving too many requests with this API key',
			description: `The request was not carried out, so it can be run again${asked === undefined ? '' : `: Konnect asks for a pause of ${inWords(asked)}`}. Konnect allows about 100 requests a minute to all that use the same key. Run the items that are left later, or fewer at a time; do other programs use the key?`,
		};
	},
	unreadable: (reply) => ({
		message: "Konnect's answer cannot be understood",
		description: `It answered${reply.kind === 'answer' ? ` (HTTP ${reply.status})` : ''} with something that this node does not know, or with an amount that is no number, so nothing was concluded from it. Look in the Konnect dashboard, and whether there is a newer version of this node. If a proxy stands between, does it change answers?`,
	}),
	blocked: (reply) => ({
		message: 'n8n does not let the request to Konnect out',
		description:
			reply.kind === 'blocked' ? sentences(reply.problem.message, reply.problem.description) : '',
	}),
	unavailable: (reply, _errors, _asked, connection) => {
		if (reply.kind === 'answer') return explainAnswer(reply);
		return explainNone(reply.kind === 'silence' ? reply.code : 'EUNKNOWN', connection);
	},
};

/** Of a request that was ended with the execution, or because another item has failed. */
export const STOPPED_MESSAGE = 'The request to Konnect was stopped';

function explainNone(code: string, connection: Connection) {
	if (code === 'ERR_CANCELED') {
		return { message: STOPPED_MESSAGE, description: 'The execution was ended.' };
	}
	if (!isTimeout(code)) {
		const { message, description } = explainSilence(code, connection);
		return { message, description: sentences(description, `The network says ${code}`) };
	}
	return {
		message: 'Konnect did not answer in time',
		description: "The option 'Timeout' can allow more time.",
		again: 'Try again later.',
	};
}

function explainAnswer(reply: Extract<Reply, { kind: 'answer' }>) {
	if (reply.status >= 500) {
		return {
			message: `Konnect cannot answer just now (HTTP ${reply.status})`,
			description: 'Nothing is wrong with your workflow.',
			again: 'Try again later.',
		};
	}
	return {
		message: `The answer is not one that Konnect gives (HTTP ${reply.status})`,
		description:
			"Something else answers at this address. Check the credential's 'Environment', and its 'Base URL' up to and including \"/api/v2\".",
	};
}

/** Milliseconds for people. */
function inWords(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

const textOf = (value: unknown) =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const shorten = (text: string) => (text.length > 500 ? `${text.slice(0, 500)}…` : text);
