import type { Context } from './context';
import type { PayInput, PayOutcome } from './contract';
import { amountDue, recordAttempt, refusedAmount } from './payments';
import type { SandboxPayment } from './types';

const CLOSED = { completed: 'alreadyPaid', expired: 'expired' } as const;

/**
 * Processes one attempt to pay: records it, calls the webhook and says where the payer goes.
 * @throws RangeError when the amount (minor units) cannot be paid
 */
export async function processPayment(
	{ now, log, webhooks }: Context,
	payment: SandboxPayment,
	input: PayInput,
): Promise<PayOutcome> {
	if (payment.status !== 'pending') return { state: CLOSED[payment.status] };
	const refusal = refusedAmount(payment, input.amount ?? amountDue(payment));
	if (refusal) throw new RangeError(refusal);

	const failed = recordAttempt(payment, input, now()).status !== 'success';
	const state = failed ? 'attemptFailed' : amountDue(payment) > 0 ? 'partiallyPaid' : 'paid';
	log(`pay     ${payment.ref} → ${state}`);
	return { state, redirectTo: await webhooks.notify(payment, failed) };
}
