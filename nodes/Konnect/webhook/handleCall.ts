import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DEFAULT_CALL_TIMEOUT, toTimeout } from '../descriptions/defaults';
import type { Caller } from './answer';
import type { CallDeps, TriggerSettings } from './decideCall';
import { decideCall } from './decideCall';
import type { Decision } from './decision';
import {
	accept,
	callerOf,
	decline,
	depsOf,
	failForOwner,
	isForOwner,
	log,
	readRespond,
	stateFor,
	unreadable,
} from './edge';
import type { EventRecord } from './state/record';

/**
 * Handles a call of the trigger's webhook. Throws only for what the owner has to mend, and seldom: n8n records a failed execution
 * then. For what any stranger can send it never does.
 */
export async function handleCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const caller = callerOf(context, false);
	const decision = await decideSafely(context, caller);
	log(context, decision, 'Konnect Trigger');
	if (decision.kind === 'run') return start(context, decision, caller);
	const count = isForOwner(decision) ? countForOwner(context, decision) : undefined;
	return count === undefined
		? decline(context, decision, caller)
		: failForOwner(context, decision, caller, count);
}

function start(
	context: IWebhookFunctions,
	decision: Extract<Decision, { kind: 'run' }>,
	caller: Caller,
): IWebhookResponseData {
	const { body } = accept(context, decision, caller);
	const staticData = context.getWorkflowStaticData('node');
	return {
		workflowData: [decision.items.map((json) => ({ json }))],
		// n8n saves static data only where it has seen them change, and forgets what it has seen when it starts the execution,
		// for which it reads the same data once more. It asks for the response after that, and saves right behind.
		get webhookResponse() {
			if (decision.claim?.record) staticData.events = decision.claim.record();
			return body;
		},
	};
}

/** Undefined where the owner needs not be told, because that was done a short while ago, or sits before a test. */
function countForOwner(context: IWebhookFunctions, decision: Decision): number | undefined {
	if (context.getMode() === 'manual') return undefined;
	const what = 'problem' in decision ? decision.problem.message : decision.kind;
	return stateFor(context).ownerAlarm.ring(what);
}

async function decideSafely(context: IWebhookFunctions, caller: Caller): Promise<Decision> {
	try {
		readRespond(context, caller, '');
		return await decideCall(caller.search, callDepsOf(context, caller));
	} catch (error) {
		return unreadable(error);
	}
}

function callDepsOf(context: IWebhookFunctions, caller: Caller): CallDeps {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const timeout = toTimeout(options.timeout, DEFAULT_CALL_TIMEOUT);
	return {
		...depsOf(context, caller, timeout),
		settings: settingsOf(context, options),
		record: recordOf(context, options.deduplicate !== false),
	};
}

function settingsOf(context: IWebhookFunctions, options: IDataObject): TriggerSettings {
	const token = options.expectedToken as string | undefined;
	return {
		events: context.getNodeParameter('events', []) as TriggerSettings['events'],
		simplify: context.getNodeParameter('simplify', true) as boolean,
		expected: token ? { token } : {},
		acceptUnsigned: options.acceptUnsigned === true,
	};
}

/** The record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
function recordOf(context: IWebhookFunctions, deduplicate: boolean): EventRecord | undefined {
	if (!deduplicate || context.getMode() === 'manual') return undefined;
	const { events } = context.getWorkflowStaticData('node');
	return typeof events === 'string' ? events : '';
}
