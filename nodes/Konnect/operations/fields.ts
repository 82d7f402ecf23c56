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
