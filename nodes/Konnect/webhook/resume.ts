import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import { readCall } from './call';
import type { UsedCredential } from './credential';
import { withCredential } from './credential';
import type { NodeMemory } from './memory';
import type { Reception } from './reception';
import { BUSY, OVERLOAD, receptionOf } from './reception';
import type { AwaitedPayment, Waiting } from '../payment/waiting';
import { isAwaited } from '../payment/waiting';

/**
 * A call that names none of the awaited payments is content with what was read within so many milliseconds: before n8n 2.14
 * anyone can find the address, and a flood of calls must not use up Konnect's limit.
 */
const STRANGER_MAX_AGE = 10_000;

/** What a call of a waiting execution needs of the world around it. */
export interface WaitingSurroundings {
	memory: NodeMemory;
	credential: UsedCredential;
	read(connection: Connection, paymentRef: string): Promise<Outcome<Payment>>;
	/** For all that a call has to wait for, in milliseconds. */
	timeout: number;
}

type Read = (paymentRef: string) => Promise<Outcome<Payment> | 'overload'>;

/**
 * Decides what a call of a waiting execution comes to. Whatever it says, the payments are asked for at Konnect, and the execution
 * goes on only when each is in a state that its item waits for.
 */
export async function resume(
	query: unknown,
	waiting: Waiting,
	{ memory, credential, read, timeout }: WaitingSurroundings,
): Promise<Reception> {
	const deadline = Date.now() + timeout;
	const left = () => deadline - Date.now();
	const call = readCall(query);
	const awaited = waiting.items.filter(isAwaited);
	const named = awaited.find(({ paymentId }) => call.ok && call.call.paymentRef === paymentId);
	const first = named ?? awaited[0];
	if (!first) return NOTHING_AWAITED;

	return await withCredential(memory, credential, async (connection) => {
		const maxAge = named ? 0 : STRANGER_MAX_AGE;
		const readWith: Read = (ref) => memory.reread(ref, () => read(connection, ref), left(), maxAge);
		const payments = await readUntilOpen(first, awaited, readWith);
		if (!(payments instanceof Map)) return payments;
		const payment = payments.get(first.paymentId) as Payment;
		const claim = await memory.resumed.claim(waiting.key, left());
		if (claim === 'busy') return BUSY;
		if (claim === 'repeat') return { kind: 'resumed', payment };
		const output = waiting.items.map((item) =>
			isAwaited(item) ? outputOf(item, connection, payments) : item.output,
		);
		return { kind: 'resume', payment, output, claim };
	});
}

/**
 * The payments by their ids, where all are in states that are waited for; else why the execution goes on waiting. The first is
 * asked for alone, because most calls come for one that is not settled.
 */
async function readUntilOpen(
	first: AwaitedPayment,
	awaited: AwaitedPayment[],
	read: Read,
): Promise<Map<string, Payment> | Reception> {
	const payments = new Map<string, Payment>();
	const isFirst = ({ paymentId }: AwaitedPayment) => paymentId === first.paymentId;
	for (const items of [awaited.filter(isFirst), awaited.filter((item) => !isFirst(item))]) {
		const ids = [...new Set(items.map(({ paymentId }) => paymentId))];
		for (const outcome of await Promise.all(ids.map(read))) {
			if (outcome === 'overload') return OVERLOAD;
			if (!outcome.ok) return receptionOf(outcome.failure);
			payments.set(outcome.value.paymentId, outcome.value);
		}
		const open = items.find((item) => !isSettled(item, payments));
		if (open) return stillWaiting(payments, first, open);
	}
	return payments;
}

function isSettled(
	{ paymentId, resumeOn }: AwaitedPayment,
	payments: ReadonlyMap<string, Payment>,
): boolean {
	const state = payments.get(paymentId)?.state;
	return state !== undefined && resumeOn.includes(state);
}

function stillWaiting(
	payments: ReadonlyMap<string, Payment>,
	first: AwaitedPayment,
	open: AwaitedPayment,
): Reception {
	const payment = payments.get(first.paymentId) as Payment;
	const reason =
		open.paymentId === first.paymentId
			? `the payment's state is "${payment.state}", which is not in 'Resume On'`
			: 'another payment that this execution waits for is still open';
	return { kind: 'ignored', reason, payment };
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

export const NOTHING_AWAITED: Reception = {
	kind: 'misconfigured',
	problem: {
		message: 'The execution waits for no payment',
		description: 'What Wait for Payment has stored with it cannot be read.',
	},
};
