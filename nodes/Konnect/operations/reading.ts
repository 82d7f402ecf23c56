import type { IExecuteFunctions } from 'n8n-workflow';

import type { FieldTable } from '../descriptions';
import type { Expectations, OutputForm } from '../payment/expectations';
import type { AmountUnit, Token } from '../payment/money';
import { toMinorUnits } from '../payment/money';
import type { Reader } from '../payment/parameters';
import { readBoolean, readOption, readText } from '../payment/parameters';
import { toPaymentId } from '../payment/paymentId';
import { isRecord } from '../payment/result';
import { readFrom, valueOf } from './operation';

/** Which payment an item is about, and how it is to be put out. */
export interface Reading extends OutputForm {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
}

/** @throws NodeOperationError for what the user gave */
export function readingOf(context: IExecuteFunctions, item: number, table: FieldTable): Reading {
	return {
		paymentId: readFrom(context, item, table, 'paymentId', toPaymentId, ''),
		expected: readExpectations(context, item, table),
		simplify: readFrom(context, item, table, 'simplify', readBoolean, true),
	};
}

/**
 * The expectations that stand in the node, amounts in minor units; undefined where there are none. One that comes out as nothing is
 * refused: a check that is silently off is worse than none.
 */
function readExpectations(
	context: IExecuteFunctions,
	item: number,
	table: FieldTable,
): Expectations | undefined {
	const { options = {} } = context.getNode().parameters;
	const isThere = (name: string) => !isRecord(options) || Object.hasOwn(options, name);
	const read = <T>(name: string, reader: Reader<T>, byDefault: unknown) =>
		readFrom(context, item, table, `options.${name}`, reader, byDefault);

	const unit = read('amountUnit', readOption, 'currency') as AmountUnit;
	const [amount, token, orderId] = ['expectedAmount', 'expectedToken', 'expectedOrderId'].map(
		isThere,
	);
	if (!amount && !token && !orderId) return undefined;
	const expectations: Expectations = {};
	if (orderId) expectations.orderId = read('expectedOrderId', readText, '');
	if (!amount && !token) return expectations;
	const currency = read('expectedToken', readOption, 'TND') as Token;
	expectations.token = currency;
	if (!amount) return expectations;
	const given: unknown = context.getNodeParameter('options.expectedAmount', item, '');
	const label = table.labels.expectedAmount ?? '';
	expectations.amount = valueOf(context, item, toMinorUnits(given, currency, unit, label));
	return expectations;
}
