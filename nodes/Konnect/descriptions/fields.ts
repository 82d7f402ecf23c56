import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { FieldTable } from '../payment/parameters';
import type { PaymentState } from '../payment/state';

/** The fields that several operations, or both nodes, share. */

export const currencyOptions: INodePropertyOptions[] = [
	{ name: 'EUR', value: 'EUR', description: 'Euro, 2 decimals; Konnect pays out in dinars' },
	{
		name: 'GBP',
		value: 'GBP',
		description: "Pound sterling, 2 decimals: not in Konnect's docs, but its shop plugin sends it",
	},
	{ name: 'TND', value: 'TND', description: 'Tunisian dinar, 3 decimals' },
	{ name: 'USD', value: 'USD', description: 'US dollar, 2 decimals; Konnect pays out in dinars' },
];

export const amountUnitField: INodeProperties = {
	displayName: 'Amount Unit',
	name: 'amountUnit',
	type: 'options',
	options: [
		{
			name: 'Dinars, Euros, Dollars or Pounds',
			value: 'currency',
			description: '12.5 means 12.500 TND',
		},
		{
			name: 'Millimes, Cents or Pence',
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
	default: '={{ $json.paymentRef }}',
	required: true,
	placeholder: 'e.g. 6911c8a763c10de262b88c7c',
	description: 'The paymentRef returned by Init Payment, or the complete pay link',
	builderHint: {
		propertyHint:
			'The paymentRef of Init Payment; refer to that node by name if other nodes are in between',
	},
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The choices where a user picks payment states. Those that people ask for come first. */
export const stateOptions = {
	paid: { name: 'Paid', value: 'paid', description: 'The whole amount is paid' },
	partiallyPaid: {
		name: 'Partially Paid',
		value: 'partiallyPaid',
		description: 'Part of the amount is paid, on a payment that may be paid in parts',
	},
	attemptFailed: {
		name: 'Attempt Failed',
		value: 'attemptFailed',
		description: 'A card was refused. The payer can still pay.',
	},
	expired: {
		name: 'Expired',
		value: 'expired',
		description: 'The link ran out before it was paid',
	},
	pending: {
		name: 'Pending',
		value: 'pending',
		description: 'Not paid yet: nobody has tried, or the bank has not answered',
	},
	unknown: {
		name: 'Unknown',
		value: 'unknown',
		description: 'Konnect gave a status that this node does not know',
	},
} satisfies Record<PaymentState, INodePropertyOptions>;

/** Where the payer's browser goes. Without these options, it gets a page of the node's own. */
export const failUrlOption: INodeProperties = {
	displayName: 'Fail URL',
	name: 'failUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example.com/not-paid',
	description:
		"Where the payer's browser is sent when the payment failed or expired. Without it, the payer sees a page that says so.",
};

export const successUrlOption: INodeProperties = {
	displayName: 'Success URL',
	name: 'successUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example.com/thank-you',
	description:
		"Where the payer's browser is sent when the payment is paid. Without it, the payer sees a page that says so.",
};

/** What the payment is expected to be. The output then says whether it is. */
// The unit is in the collection too, because n8n cannot show or hide an outside field by what a collection contains.
export const expectationOptions: INodeProperties[] = [
	{ ...amountUnitField, description: "How 'Expected Amount' is given" },
	{
		displayName: 'Expected Amount',
		name: 'expectedAmount',
		// Text, because n8n's number field changes what is typed: 12,5 becomes 125.
		type: 'string',
		default: '',
		placeholder: 'e.g. 12.500',
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

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 30,
	description: 'How many seconds to wait for each answer from Konnect',
};

/** @param byDefault items at once */
export const concurrencyOption = (byDefault: number): INodeProperties => ({
	displayName: 'Items at Once',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: byDefault,
	description:
		'How many items are processed at the same time, from 1 to 20. Konnect allows about 100 requests a minute.',
});

/** The collection of optional settings. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options,
});

/** An operation's fields, shown for it only. */
export const shownFor = ({ value }: INodePropertyOptions, fields: readonly INodeProperties[]) =>
	fields.map((field): INodeProperties => {
		const show = { operation: [value], ...field.displayOptions?.show };
		return { ...field, displayOptions: { show } };
	});

/** A table of fields by name. Fields in a collection are listed beside the collection itself. */
export function tableOf(fields: readonly INodeProperties[]): FieldTable {
	const all = fields.flatMap((field) =>
		field.type === 'collection' ? [field, ...(field.options as INodeProperties[])] : [field],
	);
	return Object.fromEntries(all.map((field) => [field.name, field]));
}
