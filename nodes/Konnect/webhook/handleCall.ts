import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DEFAULT_CALL_TIMEOUT, toTimeout } from '../descriptions/defaults';
import { paymentOutput } from '../payment/payment';
import { eventIdOf } from './event';
import type { Settings, Surroundings } from './receive';
import { receive } from './receive';
import type { Reception } from './reception';
import type { EventRecord } from './registry';
import {
	accept,
	callerOf,
	credentialFor,
	decline,
	log,
	memoryFor,
	readRespond,
	readWithin,
	unreadable,
} from './respond';

/**
 * Handles a call of the trigger's webhook. Never throws: n8n would answer 500 and record a failed execution for what any
 * stranger can send.
 */
export async function handleCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { reception, caller, simplify } = await receiveSafely(context);
	log(context, reception, 'Konnect Trigger');
	if (reception.kind !== 'run') return decline(context, reception, caller);
	const { claim } = reception;
	const { body } = accept(context, reception, caller, claim);
	const staticData = context.getWorkflowStaticData('node');
	return {
		workflowData: [[{ json: outputOf(reception, simplify) }]],
		// n8n saves static data only where it has seen them change, and forgets what it has seen when it starts the execution,
		// for which it reads the same data once more. It asks for the response after that, and saves right behind.
		get webhookResponse() {
			if (claim) staticData.events = claim.record();
			return body;
		},
	};
}

/** What the call came to, and the node's settings for what follows, all read before anything is claimed. */
async function receiveSafely(context: IWebhookFunctions) {
	const caller = callerOf(context);
	try {
		readRespond(context, caller, '');
		const simplify = context.getNodeParameter('simplify', true) as boolean;
		const reception = await receive(context.getQueryData(), surroundingsOf(context));
		return { reception, caller, simplify };
	} catch (error) {
		return { reception: unreadable(error), caller, simplify: true };
	}
}

function surroundingsOf(context: IWebhookFunctions): Surroundings {
	const settings = settingsOf(context);
	return {
		settings,
		credential: credentialFor(context),
		memory: memoryFor(context),
		read: readWithin(context, settings.timeout),
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
		timeout: toTimeout(options.timeout, DEFAULT_CALL_TIMEOUT),
	};
}

function outputOf(run: Extract<Reception, { kind: 'run' }>, simplify: boolean): IDataObject {
	const { payment, event, call, connection } = run;
	const output = payment
		? paymentOutput(payment, connection.environment, simplify)
		: { paymentId: call.paymentRef, state: event.state, environment: connection.environment };
	return { ...output, query: call.query as IDataObject, eventId: eventIdOf(event) };
}
