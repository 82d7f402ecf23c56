import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { TABLES } from '../descriptions';
import { checkedOutput } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { AwaitedPayment, Waiting, WaitingItem } from '../payment/waiting';
import { isAwaited, readWaiting, withFiles } from '../payment/waiting';
import type { Check, Subject } from './decide';
import { Final, isRun, OTHERS_OPEN, Settled } from './decision';
import type { Plan } from './n8n';
import { Call } from './n8n';
import type { NodeState } from './state/nodeState';
import { sharedState } from './state/nodeState';

const MINUTE = 60_000;

/** Milliseconds for which a call keeps looking, if the execution waits that long. */
const KEEPS_LOOKING = 10 * MINUTE;

/** n8n may let the execution go on by itself this many milliseconds before its time. */
const MARGIN = 10_000;

/** Milliseconds that a call has at least: n8n may let the execution go on up to a minute late. */
const SHORTEST = 2_000;

/**
 * Handles a call of an execution that waits for payments. Never throws: n8n would let the execution go on with an empty item as if
 * all were well.
 */
export async function handleResume(
	context: IWebhookFunctions,
	process = sharedState,
): Promise<IWebhookResponseData> {
	const call = new Call(context, 'Wait for Payment', TABLES.waitForPayment, process);
	const { named: paymentRef } = call;
	if (typeof paymentRef !== 'string') return call.decline(paymentRef);
	const date = process.clock.date();
	let carriers: WaitingItem[] = [];
	const plan = (): Plan | Final => {
		const waiting = readWaiting(storedWith(context));
		if (!waiting) throw nothingAwaited(context);
		carriers = waiting.items;
		const named = waiting.items.filter(isAwaited).find((item) => item.paymentId === paymentRef);
		if (!named) return notAwaited(paymentRef, waiting);
		const left = waiting.until - date;
		const keepLooking = Math.min(KEEPS_LOOKING, Math.max(left - MARGIN, 0));
		// Once the execution has gone on by itself, it may be waiting for other payments.
		const atMost = Math.max(left, SHORTEST);
		const subject = subjectOf(named, waiting, call.state);
		return { subject, settings: named.calls, keepLooking, atMost };
	};
	// A wait goes on, so it cannot tell the owner by a failed execution.
	const decision = await call.look(plan, () => false);
	if (!isRun(decision)) return call.decline(decision);
	return call.start(decision, withFiles(decision.items, carriers), () => {});
}

/** Before n8n 2.14 anyone can find the address, so nothing is asked for. */
function notAwaited(paymentRef: string, { items }: Waiting): Final {
	const outputs = items.flatMap((item) =>
		isAwaited(item) ? [] : [item.output as Partial<Payment>],
	);
	const ended = outputs.find(({ paymentId }) => paymentId === paymentRef);
	const settled = ended && Settled.of({ paymentId: paymentRef, state: ended.state ?? 'unknown' });
	return settled
		? Final.notChosen(settled, OTHERS_OPEN)
		: Final.malformed('payment_ref is not awaited here');
}

/** What the node stored in its context before it waited. Webhooks have no `getContext`, so an expression reads it. */
function storedWith(context: IWebhookFunctions): unknown {
	// A brace in the node's name would end the expression.
	const name = JSON.stringify(context.getNode().name).replace(
		/[{}]/g,
		(brace) => `\\u00${brace.charCodeAt(0).toString(16)}`,
	);
	const stored = context.evaluateExpression(`{{ $node[${name}].context.waiting }}`) as unknown;
	// n8n wraps it in a proxy; the copy is plain.
	return stored === undefined ? undefined : JSON.parse(JSON.stringify(stored));
}

export function subjectOf(named: AwaitedPayment, waiting: Waiting, node: NodeState): Subject {
	const { key, items } = waiting;
	const refs = new Set(items.filter(isAwaited).map(({ paymentId }) => paymentId));
	refs.delete(named.paymentId);
	return {
		key,
		address: key,
		refs: [named.paymentId, ...refs],
		choice: 'Resume On',
		doneReason: 'the execution goes on already',
		check: (connection) => checkOf(waiting, connection, node),
	};
}

function checkOf(waiting: Waiting, connection: Connection, node: NodeState): Check {
	const { key, items } = waiting;
	const awaited = items.filter(isAwaited);
	const isChosen = ({ paymentId, state }: Payment) =>
		awaited.every((item) => item.paymentId !== paymentId || item.resumeOn.includes(state));
	return {
		// n8n has checked the address.
		isOurs: true,
		mismatches: () => [],
		isRecordedPaid: () => false,
		isChosen,
		// A wait goes on once, as a payment is paid once.
		claim: async (_payment, deadline) =>
			await node.events.claim({ paymentRef: key, state: 'paid', eventId: key }, deadline),
		items: (payments) =>
			items.map((item) => (isAwaited(item) ? outputOf(item, connection, payments) : item.output)),
	};
}

function outputOf(
	item: AwaitedPayment,
	connection: Connection,
	payments: ReadonlyMap<string, Payment>,
): IDataObject {
	const payment = payments.get(item.paymentId) as Payment;
	return {
		...checkedOutput(payment, connection, item),
		timedOut: false,
		...(item.input && { input: item.input }),
	};
}

const nothingAwaited = (context: IWebhookFunctions) =>
	new NodeOperationError(context.getNode(), 'The execution waits for no payment', {
		description: 'What Wait for Payment has stored with it cannot be read.',
	});
