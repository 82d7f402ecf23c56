import type { IDataObject } from 'n8n-workflow';

import type { Payment } from './payment';
import { paymentOutput } from './payment';

/** What a payment is supposed to be. Only what is present is compared. */
export interface Expectations {
	/** Minor units. */
	amount?: number;
	token?: string;
	orderId?: string;
	/** The wallet that the money should reach: compared only where Konnect's body names one. */
	walletId?: string;
}

export interface Mismatch {
	field: 'amount' | 'amountPaid' | 'token' | 'orderId' | 'receiverWalletId';
	expected: string | number;
	actual: string | number | null;
}

/** The differences between a payment and what was expected. A field that the payment lacks never counts as a match. */
export function mismatchesOf(payment: Payment, expected: Expectations): Mismatch[] {
	const mismatches: Mismatch[] = [];
	for (const field of ['amount', 'token', 'orderId'] as const) {
		const value = expected[field];
		if (value !== undefined && payment[field] !== value) {
			mismatches.push({ field, expected: value, actual: payment[field] });
		}
	}
	const { walletId } = expected;
	const { receiverWalletId } = payment;
	if (
		walletId !== undefined &&
		receiverWalletId !== null &&
		receiverWalletId.toLowerCase() !== walletId.toLowerCase()
	) {
		mismatches.push({ field: 'receiverWalletId', expected: walletId, actual: receiverWalletId });
	}
	return mismatches;
}

/** How a payment that was read is to be put out. */
export interface OutputForm {
	simplify: boolean;
	expected?: Expectations | undefined;
}

/** The payment as the nodes put it out, and where something was expected of it, whether it `matches`, with the `mismatches`. */
export function checkedOutput(
	payment: Payment,
	{ environment, walletId }: { environment: string; walletId: string | undefined },
	{ simplify, expected }: OutputForm,
): IDataObject {
	const output = paymentOutput(payment, environment, simplify);
	if (!expected) return output;
	const mismatches = [...mismatchesOf(payment, { ...expected, walletId }), ...shortfallOf(payment)];
	return { ...output, matches: mismatches.length === 0, mismatches: mismatches as object[] };
}

/** Where Konnect says that a payment is complete, and that less than its amount was paid. No body was seen to say so. */
function shortfallOf({ status, amount, amountPaid }: Payment): Mismatch[] {
	if (status !== 'completed' || amount === null || amountPaid === null || amountPaid >= amount) {
		return [];
	}
	return [{ field: 'amountPaid', expected: amount, actual: amountPaid }];
}
