import type { INodeProperties } from 'n8n-workflow';

import {
	failUrlOption,
	optionsField,
	simplifyField,
	stateOptions,
	successUrlOption,
	timeoutOption,
} from './fields';

/** Seconds for a call of the webhook, all that it waits for included. */
export const DEFAULT_CALL_TIMEOUT = 10;

const { unknown, ...knownStates } = stateOptions;

/** The fields of the trigger node. */
export const fields: INodeProperties[] = [
	{
		displayName:
			"Copy the production URL into 'Webhook URL' of Init Payment. It stands above, under 'Webhook URLs': choose 'Production URL' there, because the panel opens on the test URL.",
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
			...Object.values(knownStates),
			{ name: 'Any State', value: 'any', description: 'All of them' },
			{ ...unknown, action: 'On a status that this node does not know' },
		],
		default: ['paid'],
		description:
			"The states of a payment that start this workflow. Only Paid and Expired are for good. The others start it when the looking ends, see 'Keep Looking' among the options.",
		builderHint: {
			propertyHint: "Only 'paid' is paid",
		},
	},
	simplifyField,
	optionsField([
		{
			displayName: 'Accept Unsigned',
			name: 'acceptUnsigned',
			type: 'boolean',
			default: false,
			description:
				'Whether to take calls whose address is not signed, although the credential has a webhook secret. For payments made before it had one. A wrong signature is refused all the same.',
		},
		failUrlOption,
		{
			displayName: 'Keep Looking (Minutes)',
			name: 'keepLooking',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 60 },
			default: 10,
			description:
				'How long a call goes on looking after its answer, where the payment can still change: so a payer may close the page while the bank is slow. From 0 (not at all) to 60.',
		},
		successUrlOption,
		{
			...timeoutOption,
			default: DEFAULT_CALL_TIMEOUT,
			description:
				'How many seconds a server waits for its answer, and we for each of Konnect. Browsers have theirs within four.',
		},
	]),
];
