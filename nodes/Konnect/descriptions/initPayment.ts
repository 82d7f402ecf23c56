import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	amountUnitField,
	concurrencyOption,
	currencyOptions,
	failUrlOption,
	optionsField,
	successUrlOption,
	timeoutOption,
} from './fields';

export const option: INodePropertyOptions = {
	name: 'Init Payment',
	value: 'initPayment',
	action: 'Init payment',
	description: 'Create a payment and get its pay link',
	builderHint: {
		propertyHint:
			'Returns payUrl, to send to the payer, and paymentRef. Each run makes another payment: never loop on errors.',
	},
};

const additionalFields: INodeProperties[] = [
	{
		displayName: 'Accepted Payment Methods',
		name: 'acceptedPaymentMethods',
		type: 'multiOptions',
		options: [
			{ name: 'Bank Card', value: 'bank_card' },
			{ name: 'E-DINAR', value: 'e-DINAR', description: "Card of Tunisia's post office" },
			{ name: 'Flouci', value: 'flouci', description: 'Only if your account supports it' },
			{ name: 'Konnect Wallet', value: 'wallet' },
			{ name: 'MCOIN', value: 'MCOIN', description: 'Only if your account supports it' },
			{
				name: 'Wire Transfer',
				value: 'wire_transfer',
				description: 'Only if your account supports it',
			},
		],
		default: ['wallet', 'bank_card', 'e-DINAR'],
		description: 'What the payer may choose from',
	},
	{
		displayName: 'Add Payment Fees to Amount',
		name: 'addPaymentFeesToAmount',
		type: 'boolean',
		default: false,
		description: "Whether the payer pays Konnect's fees on top of the amount",
	},
	{
		displayName: 'Checkout Form',
		name: 'checkoutForm',
		type: 'boolean',
		default: true,
		description: 'Whether the payer fills in a form with name, email and phone before paying',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		placeholder: 'e.g. Two tickets for Saturday',
		description: 'What the payer reads on the pay page. Some accounts want 3 to 280 characters.',
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. name@email.com',
		description: "The payer's email, to prefill the form",
	},
	{
		...failUrlOption,
		description:
			"Where the payer goes after a failed payment. With a webhook, turn on 'Silent Webhook' too, or Konnect ignores it. No longer in Konnect's docs.",
	},
	{
		displayName: 'First Name',
		name: 'firstName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Amine',
		description: "The payer's first name, to prefill the form",
	},
	{
		displayName: 'Last Name',
		name: 'lastName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ben Salah',
		description: "The payer's last name, to prefill the form",
	},
	{
		displayName: 'Lifespan (Minutes)',
		name: 'lifespan',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'For how many minutes the link can be used before the payment expires',
	},
	{
		displayName: 'Link',
		name: 'link',
		type: 'string',
		default: '',
		description: 'Payment link. A field of Gateway API 0.23.0, not in later docs.',
	},
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		default: '',
		placeholder: 'e.g. ORDER-1042',
		description:
			'Your own ID of what is paid for. Konnect gives it back with the payment, so that you can tell which order it was.',
	},
	{
		displayName: 'Other Fields',
		name: 'otherFields',
		type: 'json',
		default: '{}',
		description:
			'Further fields for Konnect as a JSON object, such as "message" and "channel". Also takes a value that a field above does not offer yet, if that field is not set.',
	},
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		default: '',
		placeholder: 'e.g. 22777777',
		description:
			"The payer's phone number, to prefill the form. A Tunisian number is sent as its 8 digits, with or without +216.",
	},
	{
		displayName: 'Receiver Wallet ID',
		name: 'receiverWalletId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5f7a209aeb3f76490ac4a3d1',
		description: "The wallet that receives the money, if it is not the credential's",
	},
	{
		displayName: 'Silent Webhook',
		name: 'silentWebhook',
		type: 'boolean',
		default: true,
		description:
			"Whether Konnect calls the webhook itself, instead of sending the payer's browser there. With 'This Execution' it is on unless you add it and turn it off. No longer in Konnect's docs.",
	},
	{
		...successUrlOption,
		description:
			"Where the payer goes after paying. With a webhook, turn on 'Silent Webhook' too, or Konnect ignores it. No longer in Konnect's docs.",
	},
	{
		displayName: 'Theme',
		name: 'theme',
		type: 'options',
		options: [
			{ name: 'Dark', value: 'dark' },
			{ name: 'Light', value: 'light' },
		],
		default: 'light',
		description: 'How the pay page looks',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'Immediate', value: 'immediate', description: 'Paid at once' },
			{ name: 'Partial', value: 'partial', description: 'May be paid in parts' },
		],
		default: 'immediate',
		description: 'Whether the payer may pay in parts',
	},
];

export const fields: INodeProperties[] = [
	{
		displayName: 'Amount',
		name: 'amount',
		// Text, because n8n's number field changes what is typed: 12,5 becomes 125.
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 12.500',
		description: 'What the payer pays, in the unit below, with a point before the decimals',
		builderHint: {
			propertyHint: "Text such as '12.500', in dinars while amountUnit is 'currency'",
		},
	},
	{
		...amountUnitField,
		description: "How 'Amount' is given",
	},
	{
		displayName: 'Currency',
		name: 'token',
		type: 'options',
		options: currencyOptions,
		default: 'TND',
		description: 'Konnect calls it the token',
	},
	{
		displayName: 'Notify',
		name: 'notify',
		type: 'options',
		options: [
			{
				name: 'A Webhook URL',
				value: 'url',
				description: 'Starts the workflow of a Konnect Trigger, or calls any other address',
			},
			{
				name: 'Nobody',
				value: 'none',
				description: 'Read the payment yourself with Get Payment',
			},
			{
				name: 'This Execution',
				value: 'execution',
				description: 'Resumes a waiting node further down this workflow',
			},
		],
		default: 'url',
		description: 'Whom Konnect tells when something happens to the payment',
		builderHint: {
			propertyHint:
				"'execution' if Wait for Payment follows, 'url' for a Konnect Trigger, 'none' for Get Payment",
		},
	},
	{
		displayName: 'Webhook URL',
		name: 'webhook',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://n8n.example.com/webhook/…/konnect',
		description:
			'The production URL of a Konnect Trigger: open that node and copy it from Webhook URLs',
		builderHint: {
			propertyHint: 'The user copies it from a Konnect Trigger: never invent it',
			placeholderSupported: true,
		},
		displayOptions: { show: { notify: ['url'] } },
	},
	{
		displayName:
			"Add a Konnect node with the operation 'Wait for Payment' further down this workflow: Konnect wakes it when the payment is settled.",
		name: 'executionNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { notify: ['execution'] } },
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		options: additionalFields,
	},
	optionsField([
		concurrencyOption(3),
		{
			displayName: 'Sign Webhook',
			name: 'signWebhook',
			type: 'boolean',
			default: true,
			description:
				"Whether to add the payment's signed terms to the webhook's address, so that Konnect Trigger can recognise forged ones. Turn it off if the address belongs to another system that rejects unknown parameters.",
		},
		timeoutOption,
	]),
];
