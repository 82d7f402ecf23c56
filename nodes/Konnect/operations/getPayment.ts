import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { getPayment as readFromKonnect } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { AmountUnit } from '../payment/money';
import { isToken, toMinorUnits } from '../payment/money';
import { paymentOutput } from '../payment/payment';
import { toPaymentId } from '../payment/paymentId';
import type { Result } from '../payment/result';
import { ok, refuse } from '../payment/result';
import { amountUnitField, currencyOptions, paymentIdField, simplifyField } from './fields';
import type { Operation } from './operation';
import {
	answerOf,
	concurrencyOption,
	patienceOf,
	showFor,
	timeoutOption,
	valueOf,
} from './operation';

const CONCURRENCY = 5;

// The unit stands beside the amount that it is for: n8n cannot show a field outside a collection by what is in it when it runs.
const expectationOptions: INodeProperties[] = [
	{ ...amountUnitField, description: "How 'Expected Amount' is given" },
	{
		displayName: 'Expected Amount',
		name: 'expectedAmount',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 3 },
		default: 0,
		description:
			"What the payment should be for. The output then says whether it 'matches' and lists the 'mismatches'.",
	},
	{
		displayName: 'Expected Currency',
		name: 'expectedToken',
		type: 'options',
		options: currencyOptions,
		default: 'TND',
		description: 'With an expected amount and no expected currency, TND is expected',
	},
	{
		displayName: 'Expected Order ID',
		name: 'expectedOrderId',
		type: 'string',
		default: '',
		description: 'Your own ID of the order, as it was given to Init Payment',
	},
];

const fields: INodeProperties[] = [
	{ ...paymentIdField, ...showFor('getPayment') },
	{ ...simplifyField, ...showFor('getPayment') },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		...showFor('getPayment'),
		options: [...expectationOptions, concurrencyOption(CONCURRENCY), timeoutOption],
	},
];

async function execute(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
): Promise<IDataObject> {
	const id = toPaymentId(context.getNodeParameter('paymentId', item, ''), 'Payment ID');
	const paymentId = valueOf(context, item, id);
	const options = context.getNodeParameter('options', item, {});
	const expected = valueOf(context, item, readExpectations(options));

	const patience = patienceOf(context, item);
	const outcome = await readFromKonnect(context, connection, paymentId, patience);
	const payment = answerOf(context, item, outcome);

	const simplify = context.getNodeParameter('simplify', item, true) as boolean;
	const output = paymentOutput(payment, connection.environment, simplify);
	if (!expected) return output;
	const mismatches = mismatchesOf(payment, { ...expected, walletId: connection.walletId });
	return { ...output, matches: mismatches.length === 0, mismatches: mismatches as object[] };
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

export const getPayment: Operation = {
	option: {
		name: 'Get Payment',
		value: 'getPayment',
		action: 'Get payment',
		description: 'Read what Konnect knows of a payment: whether it is paid, by whom, and how much',
	},
	fields,
	concurrency: CONCURRENCY,
	execute,
};
