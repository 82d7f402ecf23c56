import { randomBytes, randomUUID } from 'node:crypto';
import { TEST_CARDS } from './cards';
import { chargeFor } from './money';
import type { Attempt, InitRequest, SandboxPayment, SandboxTransaction } from './types';

const MINUTE = 60_000;

/** Konnect's own default is not documented. A day is longer than a session of development. */
const DEFAULT_LIFESPAN_MINUTES = 24 * 60;

/** Konnect marks a payment expired about two minutes after its lifespan has ended. */
export const EXPIRY_GRACE = 2 * MINUTE;

/** A new 24-hex id, made as Konnect's are: seconds since 1970, then random digits. */
const newId = (now: number) =>
	Math.floor(now / 1000)
		.toString(16)
		.padStart(8, '0')
		.slice(-8) + randomBytes(8).toString('hex');

/** A pending payment as init-payment makes it. @param now epoch in ms */
export function newPayment(request: InitRequest, account: string, now: number): SandboxPayment {
	const name = [request.firstName, request.lastName].filter(Boolean).join(' ');
	return {
		ref: newId(now),
		account,
		request,
		token: request.token ?? 'TND',
		type: request.type ?? 'immediate',
		status: 'pending',
		payer: {
			name: name || undefined,
			email: request.email || undefined,
			phoneNumber: request.phoneNumber || undefined,
		},
		transactions: [],
		createdAt: now,
		updatedAt: now,
		expiresAt: now + (request.lifespan ?? DEFAULT_LIFESPAN_MINUTES) * MINUTE,
		patch: {},
	};
}

/** Minor units paid so far, without fees that the payer bore. */
export const reachedAmount = ({ transactions }: SandboxPayment) =>
	transactions
		.filter(({ status }) => status === 'success')
		.reduce((sum, { credited }) => sum + credited, 0);

/** Minor units still to pay. */
export const amountDue = (payment: SandboxPayment) =>
	payment.request.amount - reachedAmount(payment);

const attemptsThat = (wanted: SandboxTransaction['status']) => (payment: SandboxPayment) =>
	payment.transactions.filter(({ status }) => status === wanted).length;

export const failedAttempts = attemptsThat('failed_payment');
export const successfulAttempts = attemptsThat('success');

/** Why an amount in minor units cannot be paid now, or undefined when it can. */
export function refusedAmount(payment: SandboxPayment, amount: number): string | undefined {
	const due = amountDue(payment);
	if (!Number.isInteger(amount) || amount < 1) return 'The amount must be more than zero.';
	if (amount > due) return 'The amount is more than what is due.';
	if (payment.type === 'immediate' && amount !== due) return 'This payment is paid at once.';
	return undefined;
}

/** Adds an attempt, and changes the payment's status where that completes it. @param now epoch in ms */
export function recordAttempt(
	payment: SandboxPayment,
	{ card = 'visa', method = 'bank_card', amount = amountDue(payment), payer, open }: Attempt,
	now: number,
): SandboxTransaction {
	const answered = TEST_CARDS[card].succeeds ? 'success' : 'failed_payment';
	const status = open ? 'pending_payment' : answered;
	const transaction: SandboxTransaction = {
		id: newId(now),
		method,
		card: method === 'bank_card' ? card : undefined,
		status,
		credited: status === 'success' ? amount : 0,
		externalRef: randomUUID(),
		...chargeFor(amount, payment.request.addPaymentFeesToAmount === true),
	};
	payment.transactions.push(transaction);
	payment.payer = { ...payment.payer, ...payer };
	payment.updatedAt = now;
	if (amountDue(payment) <= 0) payment.status = 'completed';
	return transaction;
}
