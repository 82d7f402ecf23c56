/** What a payment's status means for a workflow, in the order in which a payment can go through them. */
export type PaymentState =
	'pending' | 'attemptFailed' | 'partiallyPaid' | 'expired' | 'paid' | 'unknown';

/** A payment can still be paid in all other states. */
export const FINAL_STATES: readonly string[] = ['paid', 'expired'] satisfies PaymentState[];

/**
 * The state of a payment. Only Konnect's `completed` is ever `paid`. A failed card leaves a payment `pending` at Konnect,
 * because the payer can try again: that is `attemptFailed`. A status that nobody has documented is `unknown`, never dropped.
 */
export function stateOf(payment: {
	status: string;
	amount: number | null;
	amountPaid: number | null;
	failedAttempts: number;
}): PaymentState {
	switch (payment.status) {
		case 'completed':
			return 'paid';
		case 'expired':
			return 'expired';
		case 'pending':
			if (hasAll(payment)) return 'pending';
			if ((payment.amountPaid ?? 0) > 0) return 'partiallyPaid';
			return payment.failedAttempts > 0 ? 'attemptFailed' : 'pending';
		default:
			return 'unknown';
	}
}

/** Whether the whole amount has come, of a payment that Konnect has yet to write as completed. */
const hasAll = ({ amount, amountPaid }: { amount: number | null; amountPaid: number | null }) =>
	amount !== null && amount > 0 && (amountPaid ?? 0) >= amount;
