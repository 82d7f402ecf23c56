import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { CLOCK, Deadline } from '../api/clock';
import { toConnection } from '../api/connection';
import { fetchPayment } from '../api/payments';
import { payUrlOf } from '../api/payUrls';
import type { FieldTable } from '../descriptions';
import type { Choice } from '../payment/parameters';
import { readOption } from '../payment/parameters';
import type { Result } from '../payment/result';
import { refuse } from '../payment/result';
import { sentences } from '../payment/sentences';
import { searchOf } from '../payment/terms';
import type { Answer, Caller, Respond } from './answer';
import { answerTo, isBrowser } from './answer';
import { BROWSER_PATIENCE } from './confirming';
import type { Decision } from './decision';
import { NOT_STORED } from './decision';
import type { Deps } from './deps';
import { stateOf } from './state/nodeState';
import type { UsedCredential } from './state/credential';
import { logLineFor } from './verdict';

/** What the webhooks of both nodes do at n8n's edge. */

/** Whom a call is answered for, as far as the call itself tells. */
export function callerOf(context: IWebhookFunctions, isOneTime: boolean): Caller {
	const headers = context.getHeaderData();
	return {
		respond: 'auto',
		successUrl: '',
		failUrl: '',
		accept: headers.accept,
		acceptLanguage: headers['accept-language'],
		// Not n8n's reading of it: that makes lists and objects of what is text to us.
		search: searchOf(context.getRequestObject().originalUrl),
		date: CLOCK.date() / 1000,
		isOneTime,
		payUrlOf,
	};
}

/**
 * Reads a setting of the node and checks what it gives.
 *
 * @param path with its collection before it and a point between, where it stands in one
 * @param byDefault where the setting does not stand in the node; nothing else is ever taken for it
 * @throws NodeOperationError that names the field and says what came
 */
export function readSetting<T>(
	context: IWebhookFunctions,
	{ labels, choices }: FieldTable,
	path: string,
	read: (value: unknown, label: string, choices: readonly Choice[]) => Result<T>,
	byDefault: unknown,
): T {
	const name = path.split('.').at(-1) ?? path;
	const value: unknown = context.getNodeParameter(path, byDefault as string);
	const result = read(value, labels[name] ?? name, choices[name] ?? []);
	if (result.ok) return result.value;
	const { message, description } = result.problem;
	throw new NodeOperationError(context.getNode(), message, { description });
}

/** @param parent the collection that holds the settings, with a point behind it */
export function readRespond(
	context: IWebhookFunctions,
	caller: Caller,
	table: FieldTable,
	parent: string,
): void {
	const path = `${parent}respond`;
	caller.respond = readSetting(context, table, path, readOption, 'auto') as Respond;
	caller.successUrl = String(context.getNodeParameter(`${parent}successUrl`, ''));
	caller.failUrl = String(context.getNodeParameter(`${parent}failUrl`, ''));
}

/** @param timeout milliseconds for each answer of Konnect, and for the whole call of a server; browsers have their page sooner */
export function depsOf(context: IWebhookFunctions, caller: Caller, timeout: number): Deps {
	const patience = isBrowser(caller) ? Math.min(timeout, BROWSER_PATIENCE) : timeout;
	return {
		deadline: Deadline.in(CLOCK, patience),
		state: stateFor(context),
		credential: credentialFor(context),
		read: async (connection, paymentRef, isReread) =>
			await fetchPayment(context, connection, paymentRef, {
				timeout,
				budget: timeout,
				inLine: isReread ? 'never' : 'call',
			}),
	};
}

export const stateFor = (context: IWebhookFunctions) =>
	stateOf(context.getWorkflow().id ?? '', context.getNode().id);

const credentialFor = (context: IWebhookFunctions): UsedCredential => ({
	key: context.getNode().credentials?.konnectApi?.id ?? '',
	read: async () => {
		try {
			return toConnection(await context.getCredentials('konnectApi'));
		} catch (error) {
			if (isOfDatabase(error as Error)) return undefined;
			return refuse('The credential cannot be read', (error as Error).message);
		}
	},
});

/** Whether n8n's database is busy or away, which a later call may not meet. What its drivers throw is of no class of n8n's. */
const isOfDatabase = (error: Error) =>
	'code' in error ||
	error.name === 'QueryFailedError' ||
	/connect|timed? ?out/i.test(error.message);

/** What a setting that cannot be used makes of a call. */
export function unreadable(error: unknown): Decision {
	const problem =
		error instanceof NodeOperationError
			? { message: error.message, description: error.description ?? '' }
			: { message: 'The settings of the node cannot be read', description: String(error) };
	return { kind: 'misconfigured', problem };
}

export function log(context: IWebhookFunctions, decision: Decision, node: string): void {
	const line = logLineFor(decision, node);
	if (isForOwner(decision)) context.logger.warn(line);
	else context.logger.debug(line);
}

/** Whether only the workflow's owner can mend what a call has met: the set-up, or money that came and was not taken for the order. */
export const isForOwner = (decision: Decision): boolean =>
	decision.kind === 'misconfigured' ||
	(decision.kind === 'mismatched' && decision.state === 'paid');

/** Answers a call that starts nothing. */
export function decline(
	context: IWebhookFunctions,
	decision: Decision,
	caller: Caller,
): IWebhookResponseData {
	send(context, answerTo(decision, caller));
	return { noWebhookResponse: true };
}

function send(context: IWebhookFunctions, { status, headers, body }: Answer): void {
	const response = context.getResponseObject();
	for (const name of ['Location', 'Content-Type', 'ETag']) response.removeHeader(name);
	response.status(status).set(headers).send(body);
}

/**
 * Prepares the answer to a call that starts or resumes an execution, and ends its claim by what n8n answers, which is after it
 * has stored the execution or failed to. It also gives the answer the status that n8n fixes before it has asked the node; and
 * where nothing was stored, it sends what tells the caller to come again.
 *
 * @returns the answer, whose body n8n sends
 */
export function accept(
	context: IWebhookFunctions,
	decision: Extract<Decision, { kind: 'run' }>,
	caller: Caller,
): Answer {
	const answer = answerTo(decision, caller);
	const response = context.getResponseObject();
	response.set(answer.headers);
	atEnd(context, (send) => {
		// A caller can have express turn 200 into 304, with an If-None-Match header.
		if (response.statusCode < 400) {
			decision.claim?.commit();
			response.statusCode = answer.status;
			return undefined;
		}
		decision.claim?.release();
		return send(answerTo(NOT_STORED, caller));
	});
	return answer;
}

/**
 * Has n8n record a failed execution of the workflow, which its list shows and its error workflow is started by: the only way in
 * which a webhook can reach the owner. The caller gets our own answer instead of n8n's 500.
 *
 * @param count calls that have met the same since the owner was last told
 */
export function failForOwner(
	context: IWebhookFunctions,
	decision: Decision,
	caller: Caller,
	count: number,
): never {
	atEnd(context, (send) => send(answerTo(decision, caller)));
	const { message, description } =
		'problem' in decision ? decision.problem : refusedPayment(decision);
	const others = count > 0 && `${count} more calls have met the same since you were last told`;
	throw new NodeOperationError(context.getNode(), message, {
		description: sentences(description, others),
	});
}

function refusedPayment(decision: Decision) {
	const { paymentRef, reason } = decision as Extract<Decision, { kind: 'mismatched' }>;
	return {
		message: `The paid payment ${paymentRef} was not taken: ${reason}`,
		description:
			'Somebody has paid, but not what the address that was called was made for. Look the payment up in the Konnect dashboard.',
	};
}

/**
 * Does something when n8n ends its answer. Not with the answer's `finish` event: that never comes where the caller has gone away.
 *
 * @param act may send another answer in the place of n8n's
 */
function atEnd(
	context: IWebhookFunctions,
	act: (instead: (answer: Answer) => true) => unknown,
): void {
	const response = context.getResponseObject();
	const { end } = response;
	response.end = ((...args: Parameters<typeof end>) => {
		response.end = end;
		const isSent = act((answer) => {
			send(context, answer);
			return true;
		});
		return isSent ? response : end.apply(response, args);
	}) as typeof end;
}
