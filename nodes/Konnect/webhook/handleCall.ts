import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DEFAULT_CALL_TIMEOUT, TABLES } from '../descriptions';
import { readBoolean, readOption, readOptions, readTimeout } from '../payment/parameters';
import { isRecord } from '../payment/result';
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
	readSetting,
	stateFor,
	unreadable,
} from './edge';
import type { EventRecord } from './state/record';

const TABLE = TABLES.trigger;

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
		readRespond(context, caller, TABLE, '');
		return await decideCall(caller.search, callDepsOf(context, caller));
	} catch (error) {
		return unreadable(error);
	}
}

function callDepsOf(context: IWebhookFunctions, caller: Caller): CallDeps {
	const read: ReadSetting = (path, reader, byDefault) =>
		readSetting(context, TABLE, path, reader, byDefault);
	const timeout = read('options.timeout', readTimeout, DEFAULT_CALL_TIMEOUT) * 1000;
	return {
		...depsOf(context, caller, timeout),
		settings: settingsOf(context, read),
		record: recordOf(context, read('options.deduplicate', readBoolean, true)),
	};
}

type ReadSetting = <T>(
	path: string,
	reader: Parameters<typeof readSetting<T>>[3],
	byDefault: unknown,
) => T;

function settingsOf(context: IWebhookFunctions, read: ReadSetting): TriggerSettings {
	const { options = {} } = context.getNode().parameters;
	const isTokenExpected = !isRecord(options) || Object.hasOwn(options, 'expectedToken');
	return {
		events: read('events', readOptions, []) as TriggerSettings['events'],
		simplify: read('simplify', readBoolean, true),
		expected: isTokenExpected ? { token: read('options.expectedToken', readOption, '') } : {},
		acceptUnsigned: read('options.acceptUnsigned', readBoolean, false),
	};
}

/** The record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
function recordOf(context: IWebhookFunctions, deduplicate: boolean): EventRecord | undefined {
	if (!deduplicate || context.getMode() === 'manual') return undefined;
	const { events } = context.getWorkflowStaticData('node');
	return typeof events === 'string' ? events : '';
}
