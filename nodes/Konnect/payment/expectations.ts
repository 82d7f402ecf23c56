import type { IDataObject } from 'n8n-workflow';

import type { Payment } from './payment';
import { paymentOutput } from './payment';
import type { Terms } from './terms';

/** What a payment is supposed to be. Absent fields are not compared, nor is the wallet where Konnect's body names none. */
export type Expectations = { [field in keyof Terms]?: Terms[field] | undefined };

export interface Mismatch {
	field: 'amount' | 'amountPaid' | 'token' | 'orderId' | 'receiverWalletId';
	expected: string | number;
	actual: string | number | null;
}

/** The differences between a payment and what was expected. A field that the payment lacks is a difference, except the wallet. */
export function mismatchesOf(payment: Payment, expected: Expectations): Mismatch[] {
	const mismatches: Mismatch[] = [];
	for (const field of ['amount', 'token', 'orderId', 'receiverWalletId'] as const) {
		const wanted = expected[field];
		const actual = payment[field];
		// Konnect's real bodies name no wallet, although the documented one does.
		if (wanted === undefined || (field === 'receiverWalletId' && actual === null)) continue;
		if (actual === null || valueIn(field, actual) !== valueIn(field, wanted)) {
			mismatches.push({ field, expected: wanted, actual });
		}
	}
	return mismatches;
}

/** A value in the form in which it is compared: text, so that "1042" equals the number 1042. Only order ids keep their case. */
const valueIn = (field: Mismatch['field'], value: string | number) =>
	field === 'orderId' ? String(value) : String(value).toLowerCase();

/** How to output a payment that was read. */
export interface OutputForm {
	simplify: boolean;
	expected?: Expectations | undefined;
}

/** The payment as the nodes output it. Where there are expectations, `matches` and `mismatches` say whether it meets them. */
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

/** Catches a payment that Konnect calls complete although less than its amount was paid. None has been seen so far. */
function shortfallOf({ state, amount, amountPaid }: Payment): Mismatch[] {
	if (state !== 'paid' || amount === null || amountPaid === null || amountPaid >= amount) {
		return [];
	}
	return [{ field: 'amountPaid', expected: amount, actual: amountPaid }];
}
