import type { IDataObject } from 'n8n-workflow';

import { setBounded } from '../api/bounded';
import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import { FINAL_STATES } from '../payment/state';
import type { AwaitedPayment, Waiting } from '../payment/waiting';
import { isAwaited } from '../payment/waiting';
import { readCall } from './call';
import type { Decision } from './decision';
import { BUSY, decisionOn, LATE } from './decision';
import { keyOf, readPayment, withCredential, type Deps } from './deps';
import { isOutdated, isReached, isUnsettled, readOnce, waitUntilSettled } from './settle';

/**
 * A call that names none of the awaited payments is content with what was read within so many milliseconds: before n8n 2.14
 * anyone can find the address, and a flood of calls must not use up Konnect's limit.
 */
const STRANGER_MAX_AGE = 10_000;

/**
 * Another payment than the one that is called for, which has expired, stays so for so many milliseconds as far as we care: else many
 * would have to be read anew with each call, and the last call's time would never do.
 */
const EXPIRED_MAX_AGE = 60_000;

/** So many of the other payments are read at once, until one is found that is still open; then more. */
const OTHERS_AT_ONCE = { first: 5, then: 25 };

const MOST_LAST_OPEN = 1_000;

/** What a wait is about, as far as one call is concerned. */
interface Wait {
	/** The query of the address that was called. */
	search: URLSearchParams;
	waiting: Waiting;
	awaited: AwaitedPayment[];
	/** The payment that the call names, else the first. */
	first: AwaitedPayment;
	isNamed: boolean;
}

/**
 * Decides what a call of a waiting execution comes to. Whatever it says, the payments are asked for at Konnect, and the execution
 * goes on only when each is in a state that its item waits for.
 *
 * @param search the query of the address that was called
 */
export async function decideResume(
	search: URLSearchParams,
	waiting: Waiting,
	deps: Deps,
): Promise<Decision> {
	const call = readCall(search);
	const awaited = waiting.items.filter(isAwaited);
	const named = awaited.find(({ paymentId }) => call.ok && call.call.paymentRef === paymentId);
	const first = named ?? awaited[0];
	if (!first) return NOTHING_AWAITED;
	const wait = { search, waiting, awaited, first, isNamed: named !== undefined };
	return await withCredential(deps, (connection) => decideWith(connection, wait, deps));
}

async function decideWith(connection: Connection, wait: Wait, deps: Deps): Promise<Decision> {
	const { awaited, waiting } = wait;
	const outcome = await readFirst(connection, wait, deps);
	if (outcome === 'late') return LATE;
	if (!outcome.ok) return decisionOn(outcome.failure);
	const { state, paymentId: paymentRef } = outcome.value;
	const those = awaited.filter(({ paymentId }) => paymentId === paymentRef);
	const isChosen = those.every(({ resumeOn }) => resumeOn.includes(state));
	if (isUnderWay(deps, connection, wait, outcome.value, isChosen)) {
		return { kind: 'unsettled', state, paymentRef };
	}
	if (!isChosen) {
		const reason = `the payment's state is "${state}", which is not in 'Resume On'`;
		return { kind: 'ignored', reason, state, paymentRef };
	}
	const payments = await readOthers(connection, wait, deps, outcome.value);
	if (payments === 'open') {
		const reason = 'another payment that this execution waits for is still open';
		return { kind: 'ignored', reason, state, paymentRef };
	}
	if (!(payments instanceof Map)) return payments;

	const claim = await deps.state.resumed.claim(waiting.key, deps.deadline);
	if (claim === 'busy') return { ...BUSY, state };
	if (claim === 'repeat') {
		return { kind: 'duplicate', reason: 'the execution goes on already', state, paymentRef };
	}
	const items = waiting.items.map((item) =>
		isAwaited(item) ? outputOf(item, connection, payments) : item.output,
	);
	return { kind: 'run', items, state, isSettled: true, paymentRef, claim };
}

/** Whether Konnect has yet to say what a call is about. A payment may be as it was chosen for now only. */
function isUnderWay(
	deps: Deps,
	connection: Connection,
	{ isNamed }: Wait,
	payment: Payment,
	isChosen: boolean,
): boolean {
	// A call that names no payment tells nobody of an event.
	if (!isNamed) return isReached(payment);
	return (isChosen ? isOutdated : isUnsettled)(deps, connection, payment);
}

async function readFirst(
	connection: Connection,
	{ search, first, isNamed }: Wait,
	deps: Deps,
): Promise<Outcome<Payment> | 'late'> {
	const { paymentId: paymentRef } = first;
	if (isNamed) {
		const outcome = await readOnce(deps, connection, { paymentRef, search });
		return await waitUntilSettled(deps, connection, paymentRef, outcome);
	}
	const key = keyOf(connection, paymentRef);
	const known = deps.state.reads.recent(key, STRANGER_MAX_AGE);
	return known ?? (await readPayment(deps, connection, paymentRef));
}

/**
 * The payments by their ids, where all are in states that are waited for. The one that was found open last is read first: while it
 * is open a call costs no more than that, however many are awaited.
 */
async function readOthers(
	connection: Connection,
	{ waiting, awaited, first, isNamed }: Wait,
	deps: Deps,
	payment: Payment,
): Promise<Map<string, Payment> | Decision | 'open'> {
	const { lastOpen, reads } = deps.state;
	const payments = new Map([[payment.paymentId, payment]]);
	const others = new Set(awaited.map(({ paymentId }) => paymentId));
	others.delete(first.paymentId);
	const last = lastOpen.get(waiting.key);
	const rest = [...others].filter((id) => id !== last);
	for (const ids of [last && others.has(last) ? [last] : [], ...chunksOf(rest)]) {
		const outcomes = await Promise.all(ids.map(readOther));
		for (const outcome of outcomes) {
			if (outcome === 'late') return { ...LATE, state: payment.state };
			// The payer of this one has nothing to do with it.
			if (!outcome.ok) {
				return { kind: 'unavailable', problem: outcome.failure.problem, state: payment.state };
			}
			payments.set(outcome.value.paymentId, outcome.value);
		}
		const found = awaited.find(({ paymentId }) => ids.includes(paymentId) && isOpen(paymentId));
		if (found) {
			setBounded(lastOpen, waiting.key, found.paymentId, MOST_LAST_OPEN);
			return 'open';
		}
	}
	return payments;

	async function readOther(id: string): Promise<Outcome<Payment> | 'late'> {
		const key = keyOf(connection, id);
		const known = reads.recent(key, isNamed ? EXPIRED_MAX_AGE : STRANGER_MAX_AGE);
		const isEnough =
			!isNamed ||
			(known?.ok && FINAL_STATES.includes(known.value.state) && !isOpen(id, known.value));
		return known && isEnough ? known : await readPayment(deps, connection, id);
	}

	function isOpen(id: string, read = payments.get(id)): boolean {
		const those = awaited.filter(({ paymentId }) => paymentId === id);
		return (
			!read || isReached(read) || !those.every(({ resumeOn }) => resumeOn.includes(read.state))
		);
	}
}

function chunksOf(ids: string[]): string[][] {
	const { first, then } = OTHERS_AT_ONCE;
	const chunks = [ids.slice(0, first)];
	for (let at = first; at < ids.length; at += then) chunks.push(ids.slice(at, at + then));
	return chunks;
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

export const NOTHING_AWAITED: Decision = {
	kind: 'misconfigured',
	problem: {
		message: 'The execution waits for no payment',
		description: 'What Wait for Payment has stored with it cannot be read.',
	},
};
