import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { setBounded } from '../api/bounded';
import type { Connection } from '../api/connection';
import { TABLES } from '../descriptions';
import { checkedOutput } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { AwaitedPayment, Waiting, WaitingItem } from '../payment/waiting';
import { isAwaited, readWaiting, withFiles } from '../payment/waiting';
import type { Check, Subject } from './decide';
import { Final, isRun } from './decision';
import { Call } from './n8n';
import type { NodeState } from './state/nodeState';
import { sharedState } from './state/nodeState';
import type { Origin } from './state/watches';

const MINUTE = 60_000;

/** A call looks on for so long, in milliseconds, and no longer than the execution waits. */
const KEEPS_LOOKING = 10 * MINUTE;

/** n8n may let the execution go on by itself so many milliseconds before its time. */
const MARGIN = 10_000;

const MOST_RESUMED = 1_000;

/**
 * Handles a call of an execution that waits for payments. Never throws: n8n would let the execution go on with an empty item, as
 * if all were well.
 */
export async function handleResume(
	context: IWebhookFunctions,
	process = sharedState,
): Promise<IWebhookResponseData> {
	const call = new Call(context, 'Wait for Payment', TABLES.waitForPayment, process);
	const { paymentRef, reason } = call.named;
	if (paymentRef === undefined) return call.decline(Final.malformed(reason), false);
	const date = process.clock.date();
	let carriers: WaitingItem[] = [];
	const read = (): [Subject, number] | Final => {
		const waiting = readWaiting(storedWith(context));
		if (!waiting) throw nothingAwaited(context);
		carriers = waiting.items;
		const subject = subjectOf(paymentRef, waiting, call.state);
		const left = Math.max(waiting.until - MARGIN - date, 0);
		return subject instanceof Final ? subject : [subject, Math.min(KEEPS_LOOKING, left)];
	};
	// A wait has no failed execution to tell the owner by: it goes on waiting.
	const { decision, isWatched } = await call.look(read, () => false);
	if (!isRun(decision)) return call.decline(decision, isWatched);
	return call.start(decision, withFiles(decision.items, carriers), isWatched, () => {});
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

/** What a call of a waiting execution is about: the awaited payments, and no others. */
export function subjectOf(paymentRef: string, waiting: Waiting, node: NodeState) {
	const refs = new Set(waiting.items.filter(isAwaited).map(({ paymentId }) => paymentId));
	// Konnect always names the payment. Before n8n 2.14 anyone can find the address, and is not to have anything asked.
	if (!refs.delete(paymentRef)) return Final.malformed('payment_ref is not awaited here');
	return {
		key: waiting.key,
		origin: originOf(waiting),
		refs: [paymentRef, ...refs],
		choice: 'Resume On',
		doneReason: 'the execution goes on already',
		check: (connection) => checkOf(waiting, connection, node),
	} satisfies Subject as Subject;
}

/** n8n has checked the address. */
const originOf = ({ key }: Waiting): Origin => ({ address: key, signed: key, isOurs: true });

function checkOf(waiting: Waiting, connection: Connection, node: NodeState): Check {
	const { resumed, once } = node;
	const awaited = waiting.items.filter(isAwaited);
	const isChosen = ({ paymentId, state }: Payment) =>
		awaited.every((item) => item.paymentId !== paymentId || item.resumeOn.includes(state));
	const ledger = {
		isDone: () => resumed.has(waiting.key),
		note: () => setBounded(resumed, waiting.key, true, MOST_RESUMED),
		erase: () => void resumed.delete(waiting.key),
	};
	return {
		origin: originOf(waiting),
		mismatches: () => [],
		isRecordedPaid: () => false,
		isChosen,
		claim: async (_payment, deadline) => await once.claim(waiting.key, deadline, ledger),
		items: (payments) =>
			waiting.items.map((item) =>
				isAwaited(item) ? outputOf(item, connection, payments) : item.output,
			),
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
