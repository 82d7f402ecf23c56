import type { Payment } from '../payment/payment';
import type { PaymentState } from '../payment/state';

/** What a workflow can be started for: the states of a payment, and a call that could not be verified. */
export type EventState = PaymentState | 'unverified';

/** Something that happened to a payment, once. */
export interface PaymentEvent {
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	state: EventState;
	/**
	 * What tells two events of one state apart: failed attempts, the amount paid so far (minor units), or Konnect's word for a
	 * status that is `unknown`. Empty for the others, which come once.
	 */
	detail: string;
}

export function eventOf(payment: Payment): PaymentEvent {
	const { paymentId: paymentRef, state } = payment;
	const details: Partial<Record<PaymentState, string>> = {
		attemptFailed: String(payment.failedAttempts),
		partiallyPaid: String(payment.amountPaid ?? 0),
		unknown: payment.status.slice(0, 100),
	};
	return { paymentRef, state, detail: details[state] ?? '' };
}

/** Stable name of an event: `<ref>:<state>`, with the detail behind it for the states that come again with news. */
export const eventIdOf = ({ paymentRef, state, detail }: PaymentEvent) =>
	[paymentRef, state, ...(detail === '' ? [] : [detail])].join(':');

/** The order in which a payment goes through its states. `unknown` can stand anywhere before `paid`, so it has no place. */
const RANKS = { pending: 1, attemptFailed: 2, partiallyPaid: 3, expired: 4, paid: 5 } as const;

type RankedState = keyof typeof RANKS;

/** How far a payment has come: the last event of its order, and the unknown statuses that came before. */
export interface Progress {
	last: { state: RankedState; news: number } | undefined;
	/** As `fingerprint` makes them of Konnect's words, the oldest first. */
	unknown: readonly string[];
}

export const NO_PROGRESS: Progress = { last: undefined, unknown: [] };

/** So many unknown statuses of one payment are told apart. */
const MOST_UNKNOWN = 5;

/**
 * Whether an event is neither a repeat nor a step back. Nothing follows `paid`.
 *
 * @param fingerprint makes a short text of a status
 */
export function isNews(
	{ last, unknown }: Progress,
	{ state, detail }: PaymentEvent,
	fingerprint: (status: string) => string,
): boolean {
	if (last?.state === 'paid') return false;
	if (!isRanked(state)) return !unknown.includes(fingerprint(detail));
	return isFurther(last, { state, news: Number(detail) });
}

export function advance(
	{ last, unknown }: Progress,
	{ state, detail }: PaymentEvent,
	fingerprint: (status: string) => string,
): Progress {
	if (isRanked(state)) return { last: { state, news: Number(detail) }, unknown };
	return { last, unknown: [...unknown, fingerprint(detail)].slice(-MOST_UNKNOWN) };
}

/** What two records of one payment come to, which two processes may have kept apart. */
export function furtherOf(one: Progress, other: Progress): Progress {
	const last = other.last && isFurther(one.last, other.last) ? other.last : one.last;
	return { last, unknown: [...new Set([...one.unknown, ...other.unknown])].slice(-MOST_UNKNOWN) };
}

function isFurther(last: Progress['last'], next: NonNullable<Progress['last']>): boolean {
	if (!last) return true;
	const step = RANKS[next.state] - RANKS[last.state];
	return step > 0 || (step === 0 && next.news > last.news);
}

const isRanked = (state: string): state is RankedState => Object.hasOwn(RANKS, state);
