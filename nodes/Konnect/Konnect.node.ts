import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { NOTHING_TO_REGISTER, OFFERED } from './descriptions';

// Code instead of n8n's declarative style, for exact money, our own rules on repetition, and Konnect's texts in every error.
export class Konnect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Konnect',
		name: 'konnect',
		icon: { light: 'file:../../icons/konnect.svg', dark: 'file:../../icons/konnect.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { initPayment: "Init Payment", getPayment: "Get Payment", waitForPayment: "Wait for Payment" }[$parameter["operation"]] }}',
		description: 'Take payments through Konnect Network, the payment gateway of Tunisia',
		defaults: { name: 'Konnect' },
		builderHint: {
			searchHint:
				"One workflow: Init Payment with notify 'execution', send payUrl, Wait for Payment. Two workflows: Init Payment with notify 'url', and a Konnect Trigger. Deliver only on state 'paid'. No refunds, no recurring payments.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-konnect.konnectTrigger',
					relationHint: 'Starts another workflow when a payment is paid',
				},
			],
		},
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'konnectApi', required: true }],
		waitingNodeTooltip:
			'={{ "Resumes when the payment is " + ($parameter["resumeOn"] ?? []).join(" or ") + ", at the latest " + ($parameter["timeoutMinutes"] ? $parameter["timeoutMinutes"] + ($parameter["timeoutMinutes"] == 1 ? " minute" : " minutes") + " after it began to wait" : "two minutes after its link ran out, or after 24 hours if Init Payment has no Lifespan") }}',
		webhooks: [
			{
				name: 'default',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				// Without this, n8n answers with "firstEntryJson", the name of its default, instead of our answer.
				responseData: '',
				// Also in `resumeAddress`.
				path: 'konnect',
				isFullPath: true,
				// The webhook of a waiting execution, for Wait for Payment.
				restartWebhook: true,
			},
		],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: OFFERED.map(({ option }) => option),
				default: 'initPayment',
			},
			...OFFERED.flatMap(({ fields }) => fields),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// Loaded when it is first needed: n8n loads every node at every start, and most starts run no payment.
		const { runOperation } = await import('./runtime');
		return [await runOperation(this)];
	}

	webhookMethods = NOTHING_TO_REGISTER;

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		try {
			const { handleResume } = await import('./runtime');
			return await handleResume(this);
		} catch {
			// For instance if the package was removed while n8n ran. A thrown error would let the execution go on as if it were paid.
			this.getResponseObject().status(503).json({ result: 'failed' });
			return { noWebhookResponse: true };
		}
	}
}
