import type { IDataObject } from 'n8n-workflow';

import type { Payment } from './payment';
import { paymentOutput } from './payment';
import type { Terms } from './terms';

/** What a payment is supposed to be. Only what is present is compared; a wallet only where Konnect's body names one, too. */
export type Expectations = { [field in keyof Terms]?: Terms[field] | undefined };

export interface Mismatch {
	field: 'amount' | 'amountPaid' | 'token' | 'orderId' | 'receiverWalletId';
	expected: string | number;
	actual: string | number | null;
}

/** The differences between a payment and what was expected. A field that the payment lacks never counts as a match. */
export function mismatchesOf(payment: Payment, expected: Expectations): Mismatch[] {
	const mismatches: Mismatch[] = [];
	for (const field of ['amount', 'token', 'orderId', 'receiverWalletId'] as const) {
		const wanted = expected[field];
		const actual = payment[field];
		// Real bodies name no wallet.
		if (wanted === undefined || (field === 'receiverWalletId' && actual === null)) continue;
		if (actual === null || valueIn(field, actual) !== valueIn(field, wanted)) {
			mismatches.push({ field, expected: wanted, actual });
		}
	}
	return mismatches;
}

/** As it is compared: by value, so that "1042" is the number 1042. Only in order ids capitals differ from small letters. */
const valueIn = (field: Mismatch['field'], value: string | number) =>
	field === 'orderId' ? String(value) : String(value).toLowerCase();

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
	const wanted = { ...expected, receiverWalletId: walletId };
	const mismatches = [...mismatchesOf(payment, wanted), ...shortfallOf(payment)];
	return { ...output, matches: mismatches.length === 0, mismatches: mismatches as object[] };
}

/** Where Konnect says that a payment is complete, and that less than its amount was paid. No body was seen to say so. */
function shortfallOf({ state, amount, amountPaid }: Payment): Mismatch[] {
	if (state !== 'paid' || amount === null || amountPaid === null || amountPaid >= amount) {
		return [];
	}
	return [{ field: 'amountPaid', expected: amount, actual: amountPaid }];
}
