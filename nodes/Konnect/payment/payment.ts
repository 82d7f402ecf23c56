import type { IDataObject } from 'n8n-workflow';

import { toCurrencyText } from './money';
import { isObjectId } from './paymentId';
import { isRecord } from './result';
import type { PaymentState } from './state';
import { stateOf, wordOf } from './state';
import { withoutSignature } from './terms';
import type { Attempts } from './transactions';
import { asAmount, asText, attemptsOf } from './transactions';

/** A payment as Konnect's body tells it, in one form for the documented and the observed bodies. Amounts in minor units. */
export interface Payment extends Omit<Attempts, 'sum' | 'failed' | 'open'> {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
	state: PaymentState;
	/** Konnect's own word, as it came. */
	status: string;
	amount: number | null;
	amountPaid: number | null;
	failedAttempts: number;
	token: string | null;
	orderId: string | null;
	payer: { name: string | null; email: string | null; phone: string | null };
	createdAt: string | null;
	updatedAt: string | null;
	/** The receiver's wallet, which only the documented body names. */
	receiverWalletId: string | null;
	/** The payment object of the body, untouched. */
	raw: Record<string, unknown>;
}

/**
 * Reads the body of Konnect's GET /payments/:id. What is certain is read whatever its dress: an amount in digits as text, an order
 * id as a number, a status or a currency in other case. Undefined where the body is not that payment: another shape, no status,
 * another id than the one that was asked for, or money that cannot be understood.
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

	const amount = asAmount(raw.amount);
	const { sum, failed, open, ...told } = attemptsOf(raw.transactions, amount);
	const isComplete = wordOf(status) === 'completed';
	const amountPaid = asAmount(raw.reachedAmount) ?? (isComplete ? amount : sum);
	const failedAttempts = asAmount(raw.failedTransactions) ?? failed;
	const details = isRecord(raw.paymentDetails) ? raw.paymentDetails : {};
	return {
		paymentId: id.toLowerCase(),
		state: stateOf({ status, amount, amountPaid, failedAttempts, openAttempts: open }),
		status,
		amount,
		amountPaid,
		failedAttempts,
		...told,
		token: asToken(raw.token),
		orderId: asText(Number.isSafeInteger(raw.orderId) ? String(raw.orderId) : raw.orderId),
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
	const { paymentId, state, status, amount, amountPaid, token, payer } = payment;
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
		fees: payment.fees,
		net: payment.net,
		refunded: payment.refunded,
		failureReason: payment.failureReason,
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

/** Null where the body names no wallet. One that is named but cannot be read is the empty text, which no wallet equals. */
function walletIdOf(wallet: unknown): string | null {
	if (!isGiven(wallet)) return null;
	return asText(isRecord(wallet) ? (wallet.id ?? wallet._id) : wallet) ?? '';
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** Konnect's currencies are words of capitals. */
const asToken = (value: unknown) => asText(value)?.trim().toUpperCase() ?? null;
