import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DEFAULT_TIMEOUT, TABLES } from '../descriptions';
import { readTimeout } from '../payment/parameters';
import { readWaiting } from '../payment/waiting';
import type { Caller } from './answer';
import { decideResume, NOTHING_AWAITED } from './decideResume';
import type { Decision } from './decision';
import {
	accept,
	callerOf,
	decline,
	depsOf,
	log,
	readRespond,
	readSetting,
	unreadable,
} from './edge';

const TABLE = TABLES.waitForPayment;

/**
 * Handles a call of an execution that waits for payments. Never throws: n8n would let the execution go on with an empty item, as
 * if all were well.
 */
export async function handleResume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const caller = callerOf(context, true);
	const decision = await decideSafely(context, caller);
	log(context, decision, 'Wait for Payment');
	if (decision.kind !== 'run') return decline(context, decision, caller);
	const { body } = accept(context, decision, caller);
	const items = decision.items.map((json, item) => ({ json, pairedItem: { item } }));
	return { workflowData: [items], webhookResponse: body };
}

async function decideSafely(context: IWebhookFunctions, caller: Caller): Promise<Decision> {
	try {
		readRespond(context, caller, TABLE, 'options.');
		const waiting = readWaiting(storedWith(context));
		if (!waiting) return NOTHING_AWAITED;
		const path = 'options.timeout';
		const timeout = readSetting(context, TABLE, path, readTimeout, DEFAULT_TIMEOUT);
		const deps = depsOf(context, caller, timeout * 1000);
		return await decideResume(caller.search, waiting, deps);
	} catch (error) {
		return unreadable(error);
	}
}

/** What the node has put into its context before it waited. Webhooks have no `getContext`; an expression reads it. */
function storedWith(context: IWebhookFunctions): unknown {
	// Braces would end the expression.
	const name = JSON.stringify(context.getNode().name).replace(
		/[{}]/g,
		(brace) => `\\u00${brace.charCodeAt(0).toString(16)}`,
	);
	const stored = context.evaluateExpression(`{{ $node[${name}].context.waiting }}`) as unknown;
	// Taken out of what n8n wraps around it.
	return stored === undefined ? undefined : JSON.parse(JSON.stringify(stored));
}
