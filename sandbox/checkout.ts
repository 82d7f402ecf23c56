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
	{ now, log, webhooks, faults }: Context,
	payment: SandboxPayment,
	{ settlesAfter = faults.current().settlesAfter ?? 0, ...attempt }: PayInput,
): Promise<PayOutcome> {
	if (payment.status !== 'pending') return { state: CLOSED[payment.status] };
	if (payment.settling) return { state: 'alreadySettling' };
	const refusal = refusedAmount(payment, attempt.amount ?? amountDue(payment));
	if (refusal) throw new RangeError(refusal);

	if (settlesAfter > 0) payment.settling = { attempt, at: now() + settlesAfter };
	else recordAttempt(payment, attempt, now());
	const state = stateAfter(payment);
	log(`pay     ${payment.ref} → ${state}`);
	// The payer is still with the bank, so there is nothing to tell.
	if (state === 'attemptOpen') return { state };
	return { state, redirectTo: await webhooks.notify(payment, state === 'attemptFailed') };
}

function stateAfter(payment: SandboxPayment): PayOutcome['state'] {
	if (payment.settling) return 'settling';
	const last = payment.transactions.at(-1)?.status;
	if (last === 'pending_payment') return 'attemptOpen';
	if (last === 'failed_payment') return 'attemptFailed';
	return amountDue(payment) > 0 ? 'partiallyPaid' : 'paid';
}
