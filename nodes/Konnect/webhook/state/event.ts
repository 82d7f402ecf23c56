import type { Payment } from '../../payment/payment';
import type { PaymentState } from '../../payment/state';

/** Something that happened to a payment, once. */
export interface PaymentEvent {
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	state: PaymentState;
	/** Stable name: `<ref>:<state>`, with the failed attempts or the amount paid so far (minor units) behind it where that is news. */
	eventId: string;
}

export function eventOf({ paymentId, state, failedAttempts, amountPaid }: Payment): PaymentEvent {
	const news = { attemptFailed: failedAttempts, partiallyPaid: amountPaid ?? 0 };
	const name = [paymentId, state, ...(state in news ? [news[state as keyof typeof news]] : [])];
	return { paymentRef: paymentId, state, eventId: name.join(':') };
}

/** The order in which a payment goes through its states. `unknown` can stand anywhere before `paid`, so it has no place. */
const ORDER: readonly PaymentState[] = ['pending', 'attemptFailed', 'partiallyPaid', 'expired'];

/** The states of which nothing is news any more, once a payment was in a later one; not `paid`, which is remembered apart. */
export const statesAfter = (state: PaymentState): readonly PaymentState[] =>
	ORDER.includes(state) ? ORDER.slice(ORDER.indexOf(state) + 1) : [];
