import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DEFAULT_TIMEOUT, toTimeout } from '../descriptions/defaults';
import type { Reception } from './reception';
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
import { NOTHING_AWAITED, resume } from './resume';
import { readWaiting } from '../payment/waiting';

/**
 * Handles a call of an execution that waits for payments. Never throws: n8n would let the execution go on with an empty item, as
 * if all were well.
 */
export async function handleResume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const caller = callerOf(context);
	let reception: Reception;
	try {
		readRespond(context, caller, 'options.');
		reception = await receive(context);
	} catch (error) {
		reception = unreadable(error);
	}
	log(context, reception, 'Wait for Payment');
	if (reception.kind !== 'resume') return decline(context, reception, caller);
	const { body } = accept(context, reception, caller, reception.claim);
	const items = reception.output.map((json, item) => ({ json, pairedItem: { item } }));
	return { workflowData: [items], webhookResponse: body };
}

async function receive(context: IWebhookFunctions): Promise<Reception> {
	const waiting = readWaiting(storedWith(context));
	if (!waiting) return NOTHING_AWAITED;
	const seconds = context.getNodeParameter('options.timeout', DEFAULT_TIMEOUT);
	const timeout = toTimeout(seconds, DEFAULT_TIMEOUT);
	return await resume(context.getQueryData(), waiting, {
		credential: credentialFor(context),
		memory: memoryFor(context),
		read: readWithin(context, timeout),
		timeout,
	});
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
