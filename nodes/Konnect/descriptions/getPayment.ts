import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	concurrencyOption,
	expectationOptions,
	paymentIdField,
	optionsField,
	simplifyField,
	timeoutOption,
} from './fields';

export const option: INodePropertyOptions = {
	name: 'Get Payment',
	value: 'getPayment',
	action: 'Get payment',
	description: 'Read what Konnect knows about a payment: whether it is paid, by whom, and how much',
	builderHint: {
		propertyHint:
			"Only state 'paid' is paid. Set what is expected in the options, and deliver only if 'matches'.",
	},
};

export const fields: INodeProperties[] = [
	paymentIdField,
	simplifyField,
	optionsField([...expectationOptions, concurrencyOption(5), timeoutOption]),
];
