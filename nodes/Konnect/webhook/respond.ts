import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { toConnection } from '../api/connection';
import { fetchPayment } from '../api/payments';
import { refuse } from '../payment/result';
import type { Answer, Caller, Respond } from './answer';
import { answerTo, logLineFor } from './answer';
import type { UsedCredential } from './credential';
import type { Claim } from './holds';
import { memoryOf } from './memory';
import type { Reception } from './reception';

/** What the webhooks of both nodes do at n8n's edge. */

/** Whom a call is answered for, as far as the call itself tells. */
export function callerOf(context: IWebhookFunctions): Caller {
	const headers = context.getHeaderData();
	return {
		respond: 'auto',
		successUrl: '',
		failUrl: '',
		accept: headers.accept,
		acceptLanguage: headers['accept-language'],
	};
}

/** @param parent the collection that holds the settings, with a point behind it */
export function readRespond(context: IWebhookFunctions, caller: Caller, parent: string): void {
	caller.respond = context.getNodeParameter(`${parent}respond`, 'auto') as Respond;
	caller.successUrl = String(context.getNodeParameter(`${parent}successUrl`, ''));
	caller.failUrl = String(context.getNodeParameter(`${parent}failUrl`, ''));
}

export const memoryFor = (context: IWebhookFunctions) =>
	memoryOf(context.getWorkflow().id ?? '', context.getNode().id);

export const credentialFor = (context: IWebhookFunctions): UsedCredential => ({
	key: context.getNode().credentials?.konnectApi?.id ?? '',
	read: async () => {
		try {
			return toConnection(await context.getCredentials('konnectApi'));
		} catch (error) {
			return refuse('The credential cannot be read', (error as Error).message);
		}
	},
});

/** @param timeout milliseconds for each answer of Konnect, and for all that reading a payment takes */
export const readWithin =
	(context: IWebhookFunctions, timeout: number) =>
	async (connection: Connection, paymentRef: string) =>
		await fetchPayment(context, connection, paymentRef, { timeout, budget: timeout });

export const unreadable = (error: unknown): Reception => ({
	kind: 'misconfigured',
	problem: {
		message: 'The settings of the node cannot be read',
		description: error instanceof Error ? error.message : String(error),
	},
});

/** Answers a call that starts nothing. */
export function decline(
	context: IWebhookFunctions,
	reception: Reception,
	caller: Caller,
): IWebhookResponseData {
	const { status, headers, body } = answerTo(reception, caller);
	context.getResponseObject().status(status).set(headers).send(body);
	return { noWebhookResponse: true };
}

export const log = (context: IWebhookFunctions, reception: Reception, node: string) =>
	context.logger.debug(logLineFor(reception, node));

const NOT_STORED: Reception = {
	kind: 'unavailable',
	problem: { message: 'n8n could not store the execution', description: 'Repeat the call later.' },
};

/**
 * Prepares the answer to a call that starts or resumes an execution, and ends its claim by what n8n answers, which is after it
 * has stored the execution or failed to. Not with the answer's `finish` event: that never comes where the caller has gone away,
 * and n8n has stored the execution all the same.
 *
 * It also gives the answer the status that n8n fixes before it has asked the node, for a redirect; and where nothing was stored,
 * it sends what tells the caller to come again.
 *
 * @returns the answer, whose body n8n sends
 */
export function accept(
	context: IWebhookFunctions,
	reception: Reception,
	caller: Caller,
	claim: Claim | undefined,
): Answer {
	const answer = answerTo(reception, caller);
	const response = context.getResponseObject();
	response.set(answer.headers);
	const { end } = response;
	response.end = ((...args: Parameters<typeof end>) => {
		response.end = end;
		// A caller can have express turn 200 into 304, with an If-None-Match header.
		if (response.statusCode < 400) {
			claim?.keep();
			response.statusCode = answer.status;
			return end.apply(response, args);
		}
		claim?.giveBack();
		for (const name of ['Location', 'Content-Type', 'ETag']) response.removeHeader(name);
		const notStored = answerTo(NOT_STORED, caller);
		return response.status(notStored.status).set(notStored.headers).send(notStored.body);
	}) as typeof end;
	return answer;
}
