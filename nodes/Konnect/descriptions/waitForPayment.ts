import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	concurrencyOption,
	expectationOptions,
	paymentIdField,
	failUrlOption,
	optionsField,
	simplifyField,
	stateOptions,
	successUrlOption,
	timeoutOption,
} from './fields';

export const option: INodePropertyOptions = {
	name: 'Wait for Payment',
	value: 'waitForPayment',
	action: 'Wait for payment',
	description: 'Pause the workflow until the payment is settled, for minutes or days',
	builderHint: {
		propertyHint:
			"Needs an Init Payment with notify 'execution' earlier in this workflow; send its payUrl before. Only state 'paid' is paid; after timedOut read the payment with Get Payment.",
	},
	// An agent cannot wait.
	displayOptions: { hide: { '@tool': [true] } },
};

export const fields: INodeProperties[] = [
	{
		displayName:
			"Set 'Notify' of Init Payment to 'This Execution', earlier in this workflow: Konnect then wakes this node.",
		name: 'waitNotice',
		type: 'notice',
		default: '',
	},
	paymentIdField,
	{
		displayName: 'Resume On',
		name: 'resumeOn',
		type: 'multiOptions',
		required: true,
		options: Object.values(stateOptions),
		default: ['paid', 'expired'],
		description: 'The payment states that resume the workflow',
	},
	{
		displayName: 'Timeout (Minutes)',
		name: 'timeoutMinutes',
		// Text, because n8n's number field changes what is typed.
		type: 'string',
		default: '',
		placeholder: 'e.g. 120',
		description:
			"How long to wait at most. Empty: until two minutes after the link's 'Lifespan' is over, or for 24 hours if Init Payment had none. When the time is up, the output says timedOut: read the payment again with Get Payment before you treat it as unpaid.",
	},
	simplifyField,
	optionsField([
		...expectationOptions,
		{
			displayName: 'Include Input',
			name: 'includeInput',
			type: 'boolean',
			default: false,
			description: "Whether to include the item's original data in the output, as 'input'",
		},
		concurrencyOption(5),
		failUrlOption,
		successUrlOption,
		timeoutOption,
	]),
];
