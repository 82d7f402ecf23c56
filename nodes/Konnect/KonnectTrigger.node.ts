import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { NOTHING_TO_REGISTER, triggerFields } from './descriptions';

export class KonnectTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Konnect Trigger',
		name: 'konnectTrigger',
		icon: { light: 'file:../../icons/konnect.svg', dark: 'file:../../icons/konnect.dark.svg' },
		group: ['trigger'],
		// Not 1: for each call of a version 1 node, n8n evaluates an extra expression, which costs an isolate.
		version: 2,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		// n8n's node panel lists both nodes as one entry, with this description.
		description:
			'Takes payments through Konnect Network, the payment gateway of Tunisia, and starts workflows when they are paid',
		eventTriggerDescription: 'Waiting for Konnect to call the test URL',
		activationMessage:
			'Konnect can now start this workflow. Give its production URL to Init Payment as the webhook.',
		defaults: { name: 'Konnect Trigger' },
		builderHint: {
			searchHint:
				"Starts for payments that Init Payment made with notify 'url' and this trigger's production URL. Compare orderId and amount with the order before delivering.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-konnect.konnect',
					relationHint: 'Makes the payments that start this trigger, with Init Payment',
				},
			],
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'konnectApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				// Without this, n8n answers with "firstEntryJson", the name of its default, instead of our answer.
				responseData: '',
				path: 'konnect',
			},
		],
		triggerPanel: {
			header: 'Start this workflow when a payment is paid',
			executionsHelp: {
				inactive:
					"Konnect is told for each payment whom to call, so there is nothing to set up in its dashboard.<br><br><b>While you build</b>, click 'Execute step', copy the <b>test URL</b> above into 'Webhook URL' of a Konnect node with Init Payment, and pay in the sandbox. The test URL answers once, for two minutes.<br><br><b>For real payments</b>, publish this workflow and use the <b>production URL</b> instead.",
				active:
					"This workflow is published. Copy the <b>production URL</b> above into 'Webhook URL' of the Konnect node with Init Payment: its payments then start this workflow. You can see that in the <a data-key=\"executions\">executions list</a>.<br><br>To try changes, click 'Execute step' and use the <b>test URL</b>, which answers once, for two minutes.",
			},
			activationHint: {
				active: 'Payments whose webhook is the production URL start this workflow.',
				inactive: 'Publish the workflow, so that the production URL answers.',
			},
		},
		properties: triggerFields,
	};

	webhookMethods = NOTHING_TO_REGISTER;

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		// Loaded when it is first needed: n8n loads every node at every start.
		const { handleCall } = await import('./runtime');
		return await handleCall(this);
	}
}
