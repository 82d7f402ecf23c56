import type { Payment } from '../../payment/payment';
import type { PaymentState } from '../../payment/state';

export interface PaymentEvent {
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	state: PaymentState;
	/** `<ref>:<state>`; behind it the failed attempts, or the amount paid so far in minor units, where these are news. */
	eventId: string;
}

export function eventOf({ paymentId, state, failedAttempts, amountPaid }: Payment): PaymentEvent {
	const news = { attemptFailed: failedAttempts, partiallyPaid: amountPaid ?? 0 };
	const name = [paymentId, state, ...(state in news ? [news[state as keyof typeof news]] : [])];
	return { paymentRef: paymentId, state, eventId: name.join(':') };
}

/** The order of a payment's states. `unknown` can come anywhere before `paid`, so it has no place here. */
const ORDER: readonly PaymentState[] = ['pending', 'attemptFailed', 'partiallyPaid', 'expired'];

/** The states that come later. Once a payment was in one of them, this one is no news. `paid` is remembered apart. */
export const statesAfter = (state: PaymentState): readonly PaymentState[] =>
	ORDER.includes(state) ? ORDER.slice(ORDER.indexOf(state) + 1) : [];
