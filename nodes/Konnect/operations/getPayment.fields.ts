import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	amountUnitField,
	concurrencyOption,
	currencyOptions,
	paymentIdField,
	showFor,
	simplifyField,
	timeoutOption,
} from './fields';

export const option: INodePropertyOptions = {
	name: 'Get Payment',
	value: 'getPayment',
	action: 'Get payment',
	description: 'Read what Konnect knows of a payment: whether it is paid, by whom, and how much',
};

export const CONCURRENCY = 5;

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

export const fields: INodeProperties[] = [
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
