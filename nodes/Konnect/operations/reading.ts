import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Expectations, OutputForm } from '../payment/expectations';
import type { AmountUnit } from '../payment/money';
import { isToken, toMinorUnits } from '../payment/money';
import { toPaymentId } from '../payment/paymentId';
import type { Result } from '../payment/result';
import { ok, refuse } from '../payment/result';
import { valueOf } from './operation';

/** Which payment an item is about, and how it is to be put out. */
export interface Reading extends OutputForm {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
}

/** @throws NodeOperationError for what the user gave */
export function readingOf(context: IExecuteFunctions, item: number): Reading {
	const id = toPaymentId(context.getNodeParameter('paymentId', item, ''), 'Payment ID');
	const options = context.getNodeParameter('options', item, {});
	return {
		paymentId: valueOf(context, item, id),
		expected: valueOf(context, item, readExpectations(options)),
		simplify: context.getNodeParameter('simplify', item, true) as boolean,
	};
}

/** The expectations that were filled in, amounts in minor units; undefined where there are none. */
function readExpectations(options: IDataObject): Result<Expectations | undefined> {
	const { expectedAmount, expectedToken, expectedOrderId } = options;
	const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';
	if (![expectedAmount, expectedToken, expectedOrderId].some(isGiven)) return ok(undefined);

	const expectations: Expectations = {};
	if (isGiven(expectedOrderId)) expectations.orderId = String(expectedOrderId);
	if (isGiven(expectedToken) || isGiven(expectedAmount)) {
		const token = isGiven(expectedToken) ? expectedToken : 'TND';
		if (!isToken(token)) {
			return refuse("'Expected Currency' is not a currency of Konnect", 'Use TND, EUR or USD.');
		}
		expectations.token = token;
		if (isGiven(expectedAmount)) {
			const unit = (options.amountUnit ?? 'currency') as AmountUnit;
			const amount = toMinorUnits(expectedAmount, token, unit, 'Expected Amount');
			if (!amount.ok) return amount;
			expectations.amount = amount.value;
		}
	}
	return ok(expectations);
}
