import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_CALL_TIMEOUT } from './defaults';
import { currencyOptions, respondFields, simplifyField, stateOptions } from './fields';

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
		// In the order in which n8n's node panel lists them as "On paid" and so on: what ends well first, what can be mistaken last.
		options: [
			stateOptions.paid,
			stateOptions.partiallyPaid,
			stateOptions.attemptFailed,
			stateOptions.expired,
			stateOptions.pending,
			{ name: 'Any State', value: 'any', description: 'All of them but Unverified' },
			{ ...stateOptions.unknown, action: 'On a status that this node does not know' },
			{
				name: 'Unverified',
				value: 'unverified',
				action: 'On a call that Konnect could not confirm',
				description:
					'Konnect could not be asked, so anyone may have sent the call. Never treat it as paid: read the payment later.',
			},
		],
		default: ['paid'],
		description: 'The states of a payment that start this workflow',
		builderHint: {
			propertyHint: "Only 'paid' is paid; never deliver on 'unverified'",
		},
	},
	simplifyField,
	...respondFields,
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
				default: DEFAULT_CALL_TIMEOUT,
				description: 'How many seconds a call may take in all, waiting for Konnect included',
			},
		],
	},
];
