import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { toConnection } from '../api/connection';
import { getPayment } from '../api/payments';
import { paymentOutput } from '../payment/payment';
import { refuse } from '../payment/result';
import type { Answer, Caller, Respond } from './answer';
import { answerTo, logLineFor } from './answer';
import { eventIdOf } from './event';
import { DEFAULT_TIMEOUT } from './fields';
import { memoryOf } from './memory';
import type { Reception, Settings, Surroundings } from './receive';
import { receive } from './receive';
import type { Claim, EventRecord } from './registry';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Handles a call of the trigger's webhook. Never throws: n8n would answer 500 and record a failed execution for what any
 * stranger can send.
 */
export async function handleCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { reception, caller, simplify } = await receiveSafely(context);
	context.logger.debug(logLineFor(reception));
	const answer = answerTo(reception, caller);
	const response = context.getResponseObject();
	response.set(answer.headers);
	if (reception.kind !== 'run') {
		response.status(answer.status).send(answer.body);
		return { noWebhookResponse: true };
	}
	const { claim } = reception;
	settleWith(response, answer, answerTo(NOT_STORED, caller), claim);
	const staticData = context.getWorkflowStaticData('node');
	return {
		workflowData: [[{ json: outputOf(reception, simplify) }]],
		// n8n saves static data only where it has seen them change, and forgets what it has seen when it starts the execution,
		// for which it reads the same data once more. It asks for the response after that, and saves right behind.
		get webhookResponse() {
			if (claim) staticData.events = claim.record();
			return answer.body;
		},
	};
}

/** What the call came to, and the node's settings for what follows, all read before anything is claimed. */
async function receiveSafely(context: IWebhookFunctions) {
	const headers = context.getHeaderData();
	const caller: Caller = {
		respond: 'auto',
		successUrl: '',
		failUrl: '',
		accept: headers.accept,
		acceptLanguage: headers['accept-language'],
	};
	try {
		caller.respond = context.getNodeParameter('respond', 'auto') as Respond;
		caller.successUrl = String(context.getNodeParameter('successUrl', ''));
		caller.failUrl = String(context.getNodeParameter('failUrl', ''));
		const simplify = context.getNodeParameter('simplify', true) as boolean;
		const reception = await receive(context.getQueryData(), surroundingsOf(context));
		return { reception, caller, simplify };
	} catch (error) {
		const problem = {
			message: 'The settings of the node cannot be read',
			description: error instanceof Error ? error.message : String(error),
		};
		const reception: Reception = { kind: 'misconfigured', problem };
		return { reception, caller, simplify: true };
	}
}

function surroundingsOf(context: IWebhookFunctions): Surroundings {
	const settings = settingsOf(context);
	return {
		settings,
		credentialKey: context.getNode().credentials?.konnectApi?.id ?? '',
		memory: memoryOf(context.getWorkflow().id ?? '', context.getNode().id),
		connect: async () => {
			try {
				return toConnection(await context.getCredentials('konnectApi'));
			} catch (error) {
				return refuse('The credential cannot be read', (error as Error).message);
			}
		},
		read: async (connection, paymentRef) =>
			await getPayment(context, connection, paymentRef, {
				timeout: settings.timeout,
				budget: settings.timeout,
			}),
		record: recordOf(context),
	};
}

/** The record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
function recordOf(context: IWebhookFunctions): EventRecord | undefined {
	const deduplicate = context.getNodeParameter('options.deduplicate', true) as boolean;
	if (!deduplicate || context.getMode() === 'manual') return undefined;
	const { events } = context.getWorkflowStaticData('node');
	return typeof events === 'string' ? events : '';
}

function settingsOf(context: IWebhookFunctions): Settings {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const token = options.expectedToken as string | undefined;
	return {
		events: context.getNodeParameter('events', []) as Settings['events'],
		expected: token ? { token } : {},
		acceptUnsigned: options.acceptUnsigned === true,
		timeout: (Number(options.timeout) > 0 ? Number(options.timeout) : DEFAULT_TIMEOUT) * 1000,
	};
}

function outputOf(run: Extract<Reception, { kind: 'run' }>, simplify: boolean): IDataObject {
	const { payment, event, call, connection } = run;
	const output = payment
		? paymentOutput(payment, connection.environment, simplify)
		: { paymentId: call.paymentRef, state: event.state, environment: connection.environment };
	return { ...output, query: call.query as IDataObject, eventId: eventIdOf(event) };
}

const NOT_STORED: Reception = {
	kind: 'unavailable',
	problem: { message: 'n8n could not store the execution', description: 'Repeat the call later.' },
};

/**
 * Ends a claim by what n8n answers, which is after it has stored the execution or failed to. Not with the answer's `finish`
 * event: that never comes where the caller has gone away, and n8n has stored the execution all the same.
 *
 * It also gives the answer the status that n8n fixes before it has asked the node, for a redirect; and where nothing was stored,
 * it sends what tells the caller to come again.
 */
function settleWith(
	response: Response,
	answer: Answer,
	notStored: Answer,
	claim: Claim | undefined,
): void {
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
		return response.status(notStored.status).set(notStored.headers).send(notStored.body);
	}) as typeof end;
}
