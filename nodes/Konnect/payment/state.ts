/** What a payment's status means for a workflow. */
export type PaymentState =
	'pending' | 'attemptFailed' | 'partiallyPaid' | 'expired' | 'paid' | 'unknown';

/**
 * The state of a payment. Only Konnect's `completed` is ever `paid`. A failed card leaves a payment `pending` at Konnect,
 * because the payer can try again: that is `attemptFailed`, unless another attempt is still open. A status that nobody has
 * documented is `unknown`, never dropped.
 */
export function stateOf(payment: {
	status: string;
	amount: number | null;
	amountPaid: number | null;
	failedAttempts: number;
	openAttempts: number;
}): PaymentState {
	const { amount, amountPaid, failedAttempts, openAttempts } = payment;
	switch (wordOf(payment.status)) {
		case 'completed':
			return 'paid';
		case 'expired':
			return 'expired';
		case 'pending':
			// Something was paid, but it is not known how much.
			if (amountPaid === null) return 'pending';
			// The whole amount may have come before Konnect says `completed`. Until then the payment is neither paid nor partially paid.
			if (amountPaid) return amountPaid < (amount ?? Infinity) ? 'partiallyPaid' : 'pending';
			return failedAttempts > 0 && openAttempts === 0 ? 'attemptFailed' : 'pending';
		default:
			return 'unknown';
	}
}

/** Whether a payment has ended. Every other state can still change. */
export const hasEnded = (state: PaymentState | undefined): state is 'paid' | 'expired' =>
	state === 'paid' || state === 'expired';

/** A status in the form in which it is compared: its case and the spaces around it do not matter. */
export const wordOf = (status: unknown) =>
	typeof status === 'string' ? status.trim().toLowerCase() : '';
