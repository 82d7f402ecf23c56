import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Payment } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import type { Call } from './call';
import { oldestAnswer } from './confirming';
import { keyOf, readPayment, type Deps } from './deps';
import { eventIdOf, eventOf } from './event';

/** Milliseconds before each further look at a payment that has not settled; the last holds for all that follow. */
const PAUSES = [500, 1_000, 2_000, 3_000, 4_000] as const;

/** Reads the payment of a call. A page that asks again is content with what was asked for it before. */
export async function readOnce(
	deps: Deps,
	connection: Connection,
	{ paymentRef, search }: Call,
): Promise<Outcome<Payment> | 'late'> {
	const { clock } = deps.deadline;
	const goodSince = clock.now() - oldestAnswer(search, clock.date() / 1000);
	return await readPayment(deps, connection, paymentRef, { goodSince });
}

/**
 * Reads a payment again until it has settled, or the call's time is up. Konnect calls when the payer is done, which may be before it
 * has the bank's word: the payment is still as it was then.
 *
 * @param first what it is now
 */
export async function waitUntilSettled(
	deps: Deps,
	connection: Connection,
	paymentRef: string,
	first: Outcome<Payment> | 'late',
): Promise<Outcome<Payment> | 'late'> {
	const { deadline } = deps;
	const { clock } = deadline;
	if (first === 'late') return first;
	let outcome = first;
	for (let looks = 0; outcome.ok && isUnsettled(deps, connection, outcome.value); looks++) {
		const pause = PAUSES[Math.min(looks, PAUSES.length - 1)] ?? 0;
		if (clock.now() + pause >= deadline.at) break;
		await clock.sleep(pause);
		const again = await readPayment(deps, connection, paymentRef, { isReread: true });
		if (again === 'late' || !again.ok) break;
		outcome = again;
	}
	return outcome;
}

/** Nobody has tried yet, as far as Konnect says; and a word that nobody has documented may stand before `completed`. */
const OPEN_STATES: readonly PaymentState[] = ['pending', 'unknown'];

/**
 * Whether a call must be about something that Konnect does not say yet: a call only comes when somebody has paid or tried to. So
 * must be one for a failed attempt, or a part, that callers were told of some time ago: the next may be under way.
 */
export function isUnsettled(deps: Deps, connection: Connection, payment: Payment): boolean {
	return OPEN_STATES.includes(payment.state) || isOutdated(deps, connection, payment);
}

/** Whether Konnect has yet to say what it should by now: that all is paid, or what came of a further attempt or part. */
export function isOutdated({ state }: Deps, connection: Connection, payment: Payment): boolean {
	if (!isBetweenAttempts(payment)) return false;
	if (isReached(payment)) return true;
	const event = eventOf(payment);
	const key = keyOf(connection, payment.paymentId);
	return state.reads.isOldNews(key, eventIdOf(event), state.events.has(event));
}

const isBetweenAttempts = ({ state }: Payment) =>
	state === 'attemptFailed' || state === 'partiallyPaid';

/** Whether all the money has come, and Konnect has yet to write that the payment is complete. */
export const isReached = (payment: Payment) =>
	isBetweenAttempts(payment) &&
	payment.amount !== null &&
	payment.amountPaid !== null &&
	payment.amountPaid >= payment.amount;
