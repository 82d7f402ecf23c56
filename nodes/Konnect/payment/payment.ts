import type { IDataObject } from 'n8n-workflow';

import { toCurrencyText } from './money';
import { isObjectId } from './paymentId';
import { isRecord } from './result';
import type { PaymentState } from './state';
import { stateOf, wordOf } from './state';
import { withoutSignature, withoutTerms } from './terms';
import type { Attempts } from './transactions';
import { asAmount, asText, attemptsOf } from './transactions';

/** A payment read from Konnect's body, in one form for documented and observed bodies. Amounts in minor units. */
export interface Payment extends Omit<Attempts, 'sum' | 'failed' | 'open'> {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
	state: PaymentState;
	/** Konnect's own word, as it came. */
	status: string;
	amount: number | null;
	amountInCurrency: string | null;
	amountPaid: number | null;
	token: string | null;
	orderId: string | null;
	payerName: string | null;
	payerEmail: string | null;
	payerPhone: string | null;
	createdAt: string | null;
	updatedAt: string | null;
	failedAttempts: number;
	/** The receiver's wallet, which only the documented body names. */
	receiverWalletId: string | null;
	/** The payment object of the body, untouched. */
	raw: Record<string, unknown>;
}

/**
 * Reads the body of Konnect's GET /payments/:id. It accepts harmless variations: an amount as text of digits, an order id as a
 * number, a status or a currency in another case. Undefined if the body is not that payment: it has another shape, no status,
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
	const token = asText(raw.token)?.trim().toUpperCase() ?? null;
	const { sum, failed, open, method, ...told } = attemptsOf(raw.transactions, amount, token);
	const isComplete = wordOf(status) === 'completed';
	const amountPaid = asAmount(raw.reachedAmount) ?? (isComplete ? amount : sum);
	const failedAttempts = asAmount(raw.failedTransactions) ?? failed;
	const details = isRecord(raw.paymentDetails) ? raw.paymentDetails : {};
	return {
		paymentId: id.toLowerCase(),
		state: stateOf({ status, amount, amountPaid, failedAttempts, openAttempts: open }),
		status,
		amount,
		amountInCurrency: toCurrencyText(amount, token),
		amountPaid,
		...told,
		token,
		orderId: asText(Number.isSafeInteger(raw.orderId) ? String(raw.orderId) : raw.orderId),
		method,
		payerName: asText(details.name),
		payerEmail: asText(details.email),
		payerPhone: asText(details.phoneNumber),
		createdAt: asText(raw.createdAt),
		updatedAt: asText(raw.updatedAt),
		failedAttempts,
		receiverWalletId: walletIdOf(raw.receiverWallet),
		raw,
	};
}

/** The payment as the nodes output it: flat and small, or Konnect's own object with our reading of it added. */
export function paymentOutput(
	payment: Payment,
	environment: string,
	simplify: boolean,
): IDataObject {
	if (simplify) {
		const told = Object.entries(payment).filter(([name]) => !NOT_PUT_OUT.includes(name));
		return { ...Object.fromEntries(told), environment };
	}
	const { paymentId, state, raw } = payment;
	const shown = { ...raw } as IDataObject;
	for (const name of ['webhook', 'successUrl', 'failUrl']) {
		const address = raw[name];
		const clean = name === 'webhook' ? withoutSignature : withoutTerms;
		if (typeof address === 'string') shown[name] = clean(address);
	}
	return { ...shown, paymentId, state, environment };
}

const NOT_PUT_OUT: readonly string[] = [
	'failedAttempts',
	'receiverWalletId',
	'raw',
] satisfies Array<keyof Payment>;

/** Null if the body names no wallet. A wallet that cannot be read becomes the empty text, which no wallet id equals. */
function walletIdOf(wallet: unknown): string | null {
	if (!isGiven(wallet)) return null;
	return asText(isRecord(wallet) ? (wallet.id ?? wallet._id) : wallet) ?? '';
}

const isGiven = (value: unknown) => value !== undefined && value !== null;
