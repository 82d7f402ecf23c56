import type { IDataObject } from 'n8n-workflow';

import { LARGEST_AMOUNT, toCurrencyText } from './money';
import { isObjectId } from './paymentId';
import { isRecord } from './result';
import type { PaymentState } from './state';
import { stateOf } from './state';
import { withoutSignature } from './terms';

/** A payment as Konnect's body tells it, in one form for the documented and the observed bodies. Amounts in minor units. */
export interface Payment {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
	state: PaymentState;
	/** Konnect's own word, as it came. */
	status: string;
	amount: number | null;
	amountPaid: number | null;
	/** What Konnect has kept of it; null where the body does not say. */
	fees: number | null;
	failedAttempts: number;
	token: string | null;
	orderId: string | null;
	method: string | null;
	payer: { name: string | null; email: string | null; phone: string | null };
	createdAt: string | null;
	updatedAt: string | null;
	/** The receiver's wallet, which only the documented body names. */
	receiverWalletId: string | null;
	/** The payment object of the body, untouched. */
	raw: Record<string, unknown>;
}

/**
 * Reads the body of Konnect's GET /payments/:id. Undefined where the body is not that payment: another shape,
 * no status, another id than the one that was asked for, or money that cannot be understood.
 */
export function readPayment(body: unknown, paymentId: string): Payment | undefined {
	const raw = isRecord(body) ? body.payment : undefined;
	if (!isRecord(raw)) return undefined;
	const id = raw.id ?? raw._id;
	const { status } = raw;
	if (!isObjectId(id) || id.toLowerCase() !== paymentId.toLowerCase()) return undefined;
	if (typeof status !== 'string') return undefined;
	if (isGiven(raw.amount) && asAmount(raw.amount) === null) return undefined;
	if (isGiven(raw.token) && asText(raw.token) === null) return undefined;

	const transactions = Array.isArray(raw.transactions) ? raw.transactions.filter(isRecord) : [];
	const successes = transactions.filter((transaction) => transaction.status === 'success');
	const amount = asAmount(raw.amount);
	const amountPaid =
		asAmount(raw.reachedAmount) ?? (status === 'completed' ? amount : sumOf(successes, amount));
	// Konnect's own count where there is one: a transaction that the bank still works on is no success, and no failure either.
	const failedAttempts = asAmount(raw.failedTransactions) ?? transactions.length - successes.length;
	const details = isRecord(raw.paymentDetails) ? raw.paymentDetails : {};
	return {
		paymentId: id.toLowerCase(),
		state: stateOf({ status, amount, amountPaid, failedAttempts }),
		status,
		amount,
		amountPaid,
		fees: feesOf(successes),
		failedAttempts,
		token: asText(raw.token),
		orderId: asText(raw.orderId),
		method: asText((successes.at(-1) ?? transactions.at(-1))?.method),
		payer: {
			name: asText(details.name),
			email: asText(details.email),
			phone: asText(details.phoneNumber),
		},
		createdAt: asText(raw.createdAt),
		updatedAt: asText(raw.updatedAt),
		receiverWalletId: walletIdOf(raw.receiverWallet),
		raw,
	};
}

/** The payment as the nodes put it out: flat and small, or Konnect's own object with our reading of it beside. */
export function paymentOutput(
	payment: Payment,
	environment: string,
	simplify: boolean,
): IDataObject {
	const { paymentId, state, status, amount, amountPaid, fees, token, payer } = payment;
	if (!simplify) {
		const { webhook } = payment.raw;
		return {
			...payment.raw,
			...(typeof webhook === 'string' && { webhook: withoutSignature(webhook) }),
			paymentId,
			state,
			environment,
		} as IDataObject;
	}
	return {
		paymentId,
		state,
		status,
		amount,
		amountInCurrency: toCurrencyText(amount, token),
		amountPaid,
		fees,
		token,
		orderId: payment.orderId,
		method: payment.method,
		payerName: payer.name,
		payerEmail: payer.email,
		payerPhone: payer.phone,
		createdAt: payment.createdAt,
		updatedAt: payment.updatedAt,
		environment,
	};
}

/**
 * What the payer's parts came to, where Konnect does not say it itself. Fees that the payer bears are in the parts, and no body
 * says whether they are; but no more than the price can be paid.
 */
function sumOf(transactions: ReadonlyArray<Record<string, unknown>>, price: number | null): number {
	const sum = transactions.reduce((total, { amount }) => total + (asAmount(amount) ?? 0), 0);
	return Math.min(sum, price ?? LARGEST_AMOUNT);
}

function feesOf(successes: ReadonlyArray<Record<string, unknown>>): number | null {
	const fees = successes.map(({ totalFee }) => asAmount(totalFee));
	return fees.length > 0 && fees.every((fee) => fee !== null)
		? fees.reduce((total, fee) => total + fee, 0)
		: null;
}

/** Null where the body names no wallet. One that is named but cannot be read is the empty text, which no wallet equals. */
function walletIdOf(wallet: unknown): string | null {
	if (!isGiven(wallet)) return null;
	return asText(isRecord(wallet) ? (wallet.id ?? wallet._id) : wallet) ?? '';
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

const asAmount = (value: unknown) =>
	Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_AMOUNT
		? (value as number)
		: null;

const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
