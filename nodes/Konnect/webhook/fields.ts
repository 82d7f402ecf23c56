import type { INodeProperties } from 'n8n-workflow';

import { currencyOptions, simplifyField } from '../operations/fields';

export const DEFAULT_TIMEOUT = 20;

/** The fields of the trigger node. */
export const fields: INodeProperties[] = [
	{
		displayName:
			"Copy the production URL from above into 'Webhook URL' of Init Payment. The test URL is for trying out only.",
		name: 'webhookNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{ name: 'Any State', value: 'any', description: 'All of them but Unverified' },
			{
				name: 'Attempt Failed',
				value: 'attemptFailed',
				description: 'A card was refused. The payer can still pay.',
			},
			{
				name: 'Expired',
				value: 'expired',
				description: 'The link ran out before it was paid',
			},
			{ name: 'Paid', value: 'paid', description: 'The whole amount is paid' },
			{
				name: 'Partially Paid',
				value: 'partiallyPaid',
				description: 'A part is paid, of a payment that allows parts',
			},
			{ name: 'Pending', value: 'pending', description: 'Nobody has tried to pay yet' },
			{
				name: 'Unknown',
				value: 'unknown',
				description: 'Konnect gave a status that this node does not know',
			},
			{
				name: 'Unverified',
				value: 'unverified',
				description:
					'Konnect could not be asked, so anyone may have sent the call. Never treat it as paid: read the payment later.',
			},
		],
		default: ['paid'],
		description: 'The states of a payment that start this workflow',
	},
	simplifyField,
	{
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{
				name: 'Automatically',
				value: 'auto',
				description: "A page for the payer's browser, JSON for servers",
			},
			{ name: 'With a Page', value: 'page', description: 'In Arabic, English or French' },
			{
				name: 'With a Redirect',
				value: 'redirect',
				description: "Sends the payer's browser on to pages of your own",
			},
			{ name: 'With JSON', value: 'json' },
		],
		default: 'auto',
		description:
			"What the caller gets. Unless 'Silent Webhook' is on in Init Payment, that is the payer's browser.",
	},
	{
		displayName: 'Success URL',
		name: 'successUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://shop.example.com/thank-you',
		description: 'Where the payer goes when the payment is paid',
		displayOptions: { show: { respond: ['redirect'] } },
	},
	{
		displayName: 'Fail URL',
		name: 'failUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://shop.example.com/not-paid',
		description: 'Where the payer goes when it is not',
		displayOptions: { show: { respond: ['redirect'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Accept Unsigned',
				name: 'acceptUnsigned',
				type: 'boolean',
				default: false,
				description:
					'Whether to take calls whose address is not signed, although the credential has a webhook secret. For payments made before it had one. A wrong signature is refused all the same.',
			},
			{
				displayName: 'Deduplicate',
				name: 'deduplicate',
				type: 'boolean',
				default: true,
				description:
					'Whether to start the workflow only once for each event, however often it is called',
			},
			{
				displayName: 'Expected Currency',
				name: 'expectedToken',
				type: 'options',
				options: currencyOptions,
				default: 'TND',
				description: 'Payments in another currency are ignored',
			},
			{
				displayName: 'Timeout',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: DEFAULT_TIMEOUT,
				description: 'How many seconds a call may take in all, waiting for Konnect included',
			},
		],
	},
];
