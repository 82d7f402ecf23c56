import type { INodeProperties } from 'n8n-workflow';

import {
	failUrlOption,
	optionsField,
	simplifyField,
	stateOptions,
	successUrlOption,
	timeoutOption,
} from './fields';

/** Seconds that a call of the webhook may take, including everything that it waits for. */
export const DEFAULT_CALL_TIMEOUT = 10;

const { unknown, ...knownStates } = stateOptions;

/** The fields of the trigger node. */
export const fields: INodeProperties[] = [
	{
		displayName:
			"Copy the production URL into 'Webhook URL' of Init Payment. You find it above, under 'Webhook URLs': choose 'Production URL' there, because the panel opens on the test URL.",
		name: 'webhookNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		// n8n's node panel lists them in this order, as "On paid" and so on. What ends well comes first, what can mislead comes last.
		options: [
			...Object.values(knownStates),
			{ name: 'Any State', value: 'any', description: 'All of them' },
			{ ...unknown, action: 'On a status that this node does not know' },
		],
		default: ['paid'],
		description:
			"The states of a payment that start this workflow. Only Paid and Expired are final. The others start it when a call stops looking ('Keep Looking (Minutes)') or another one takes over; in a test, at once.",
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
				'Whether to accept addresses made before the credential had a webhook secret: unsigned ones, or signed without it. Any other signature is still refused.',
		},
		failUrlOption,
		{
			displayName: 'Keep Looking (Minutes)',
			name: 'keepLooking',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 60 },
			default: 10,
			description:
				'How long to keep checking a payment that can still change, after the call was answered, so that the payer may close the page while the bank is slow. From 0 (not at all) to 60.',
		},
		successUrlOption,
		{
			...timeoutOption,
			default: DEFAULT_CALL_TIMEOUT,
			description:
				'How many seconds a calling server may wait for the answer, and this node for each answer from Konnect. Browsers get theirs within four seconds.',
		},
	]),
];
