import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The fields that several operations, or both nodes, offer alike. */

export const currencyOptions: INodePropertyOptions[] = [
	{ name: 'EUR', value: 'EUR', description: 'Euro, 2 decimals; Konnect pays out in dinars' },
	{ name: 'TND', value: 'TND', description: 'Tunisian dinar, 3 decimals' },
	{ name: 'USD', value: 'USD', description: 'US dollar, 2 decimals; Konnect pays out in dinars' },
];

export const amountUnitField: INodeProperties = {
	displayName: 'Amount Unit',
	name: 'amountUnit',
	type: 'options',
	options: [
		{
			name: 'Dinars, Euros or Dollars',
			value: 'currency',
			description: '12.5 means 12.500 TND',
		},
		{
			name: 'Millimes or Cents',
			value: 'minor',
			description: '12500 means 12.500 TND',
		},
	],
	default: 'currency',
};

export const paymentIdField: INodeProperties = {
	displayName: 'Payment ID',
	name: 'paymentId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 6911c8a763c10de262b88c7c',
	description: 'The paymentRef that Init Payment put out, or a pay link pasted whole',
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Seconds. */
export const DEFAULT_TIMEOUT = 30;

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT,
	description: 'How many seconds to wait for an answer of Konnect, each time it is asked',
};

/** @param byDefault items at once */
export const concurrencyOption = (byDefault: number): INodeProperties => ({
	displayName: 'Items at Once',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: byDefault,
	description:
		'How many items are worked on at the same time, from 1 to 20. Konnect allows about 100 requests a minute.',
});

/** Shows a field for one operation only. */
export const showFor = (operation: string): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { operation: [operation] } },
});
