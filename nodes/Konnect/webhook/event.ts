import type { Payment } from '../payment/payment';
import type { PaymentState } from '../payment/state';

/** What a workflow can be started for: the states of a payment, and a call that could not be verified. */
export type EventState = PaymentState | 'unverified';

/** Something that happened to a payment, once. */
export interface PaymentEvent {
	paymentRef: string;
	state: EventState;
	/** What tells two events of one state apart: failed attempts, or the amount paid so far (minor units). 0 for the others. */
	news: number;
}

/** The order in which a payment goes through its states. `unknown` can stand anywhere before `paid`, so it has no place. */
const RANKS: Readonly<Record<Exclude<EventState, 'unknown'>, number>> = {
	unverified: 0,
	pending: 1,
	attemptFailed: 2,
	partiallyPaid: 3,
	expired: 4,
	paid: 5,
};

export function eventOf(payment: Payment): PaymentEvent {
	const { paymentId: paymentRef, state } = payment;
	if (state === 'attemptFailed') return { paymentRef, state, news: payment.failedAttempts };
	if (state === 'partiallyPaid') return { paymentRef, state, news: payment.amountPaid ?? 0 };
	return { paymentRef, state, news: 0 };
}

/** Stable name of an event: `<ref>:<state>`, with the number behind it for the states that come again with news. */
export const eventIdOf = (event: PaymentEvent) => `${event.paymentRef}:${wordOf(event)}`;

/** How far a payment has come: the last event of its order, and whether `unknown` was among those before. */
export interface Progress {
	last: { state: Exclude<EventState, 'unknown'>; news: number } | undefined;
	unknown: boolean;
}

/** Whether an event is neither a repeat nor a step back. Nothing follows `paid`. */
export function isNews(progress: Progress | undefined, event: PaymentEvent): boolean {
	const last = progress?.last;
	if (event.state === 'unknown') return last?.state !== 'paid' && !progress?.unknown;
	if (!last) return true;
	const step = RANKS[event.state] - RANKS[last.state];
	return step > 0 || (step === 0 && event.news > last.news);
}

export function advance(progress: Progress | undefined, event: PaymentEvent): Progress {
	const { state, news } = event;
	if (state === 'unknown') return { last: progress?.last, unknown: true };
	return { last: { state, news }, unknown: progress?.unknown ?? false };
}

/** The further of two records of one payment, which two processes may have kept apart. */
export function furtherOf(one: Progress, other: Progress): Progress {
	const unknown = one.unknown || other.unknown;
	const isBehind = !one.last || (other.last && isNews(one, { paymentRef: '', ...other.last }));
	return { last: isBehind ? other.last : one.last, unknown };
}

/** Text for a record that is kept: `paid`, `attemptFailed:2`, with `+unknown` behind it where that was seen as well. */
export function formatProgress({ last, unknown }: Progress): string {
	return [last && wordOf(last), unknown && 'unknown'].filter(Boolean).join('+');
}

/** Reads a text of `formatProgress`; undefined where it is none, for records outlive versions of this package. */
export function parseProgress(text: unknown): Progress | undefined {
	if (typeof text !== 'string') return undefined;
	const progress: Progress = { last: undefined, unknown: false };
	for (const word of text.split('+')) {
		const [state = '', news = '0'] = word.split(':');
		if (state === 'unknown') progress.unknown = true;
		else if (isRanked(state) && /^\d{1,12}$/.test(news)) {
			progress.last = { state, news: Number(news) };
		} else return undefined;
	}
	return formatProgress(progress) === text ? progress : undefined;
}

const isRanked = (state: string): state is keyof typeof RANKS => Object.hasOwn(RANKS, state);

const wordOf = ({ state, news }: { state: EventState; news: number }) =>
	state === 'attemptFailed' || state === 'partiallyPaid' ? `${state}:${news}` : state;
