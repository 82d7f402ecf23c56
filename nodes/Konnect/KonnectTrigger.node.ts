import type {
	IDataObject,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { toConnection } from './api/connection';
import { getPayment } from './api/payments';
import { currencyOptions, simplifyField } from './operations/fields';
import { paymentOutput } from './payment/payment';
import { refuse } from './payment/result';
import { answerTo, logLineFor } from './webhook/answer';
import { eventIdOf } from './webhook/event';
import { memoryOf } from './webhook/memory';
import type { Reception, Settings, Surroundings } from './webhook/receive';
import { receive } from './webhook/receive';

const DEFAULT_TIMEOUT = 20;

export class KonnectTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Konnect Trigger',
		name: 'konnectTrigger',
		icon: { light: 'file:../../icons/konnect.svg', dark: 'file:../../icons/konnect.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when something happens to a payment, after asking Konnect',
		eventTriggerDescription: 'Waiting for Konnect to call the test URL',
		activationMessage:
			'Konnect can now start this workflow. Give its production URL to Init Payment as the webhook.',
		defaults: { name: 'Konnect Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'konnectApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				// Without it n8n answers with the name of its default instead of our answer.
				responseData: '',
				path: 'konnect',
			},
		],
		triggerPanel: {
			header: 'Start this workflow when a payment is made',
			executionsHelp: {
				inactive:
					"Konnect is told for each payment whom to call, so there is nothing to set up in its dashboard.<br><br><b>While you build</b>, click 'Listen for test event', copy the <b>test URL</b> above into 'Webhook URL' of a Konnect node with Init Payment, and pay in the sandbox. The test URL answers once, for two minutes.<br><br><b>For real payments</b>, publish this workflow and use the <b>production URL</b> instead.",
				active:
					"This workflow is published. Copy the <b>production URL</b> above into 'Webhook URL' of the Konnect node with Init Payment: its payments then start this workflow. You can see that in the <a data-key=\"executions\">executions list</a>.<br><br>To try changes, click 'Listen for test event' and use the <b>test URL</b>, which answers once, for two minutes.",
			},
			activationHint: {
				active: 'Payments whose webhook is the production URL start this workflow.',
				inactive: 'Publish the workflow, so that the production URL answers.',
			},
		},
		properties: [
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
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
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
		],
	};

	// Konnect is told with each payment whom to call: there is nothing to register, to look for or to remove.
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	/** Never throws: n8n would answer 500 and record a failed execution for what any stranger can send. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const reception = await receiveSafely(this);
		this.logger.debug(logLineFor(reception));
		const { status, headers, body } = answerTo(reception);
		const response = this.getResponseObject();
		response.set(headers);
		if (reception.kind !== 'run') {
			response.status(status).json(body);
			return { noWebhookResponse: true };
		}
		if (reception.claim) {
			const { claim } = reception;
			this.getWorkflowStaticData('node').events = claim.record;
			whenAnswered(response, (code) => (code < 500 ? claim.keep() : claim.giveBack()));
		}
		const json = outputOf(reception, this.getNodeParameter('simplify', true) as boolean);
		return { workflowData: [[{ json }]], webhookResponse: body };
	}
}

async function receiveSafely(context: IWebhookFunctions): Promise<Reception> {
	try {
		return await receive(context.getQueryData(), surroundingsOf(context));
	} catch (error) {
		const problem = {
			message: 'The call could not be handled',
			description: error instanceof Error ? error.message : String(error),
		};
		return { kind: 'unavailable', problem };
	}
}

function surroundingsOf(context: IWebhookFunctions): Surroundings {
	const settings = settingsOf(context);
	return {
		settings,
		memory: memoryOf(context.getWorkflow().id ?? '', context.getNode().id),
		connect: async () => {
			try {
				return toConnection(await context.getCredentials('konnectApi'));
			} catch (error) {
				return refuse('The credential cannot be read', (error as Error).message);
			}
		},
		read: async (connection, paymentRef) =>
			await getPayment(context, connection, paymentRef, {
				timeout: settings.timeout,
				budget: settings.timeout,
			}),
		record: recordOf(context),
	};
}

/** The record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
function recordOf(context: IWebhookFunctions): object | undefined {
	const deduplicate = context.getNodeParameter('options.deduplicate', true) as boolean;
	if (!deduplicate || context.getMode() === 'manual') return undefined;
	return (context.getWorkflowStaticData('node').events as IDataObject | undefined) ?? {};
}

function settingsOf(context: IWebhookFunctions): Settings {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const token = options.expectedToken as string | undefined;
	return {
		events: context.getNodeParameter('events', []) as Settings['events'],
		expected: token ? { token } : {},
		timeout: (Number(options.timeout) > 0 ? Number(options.timeout) : DEFAULT_TIMEOUT) * 1000,
	};
}

function outputOf(run: Extract<Reception, { kind: 'run' }>, simplify: boolean): IDataObject {
	const { payment, event, call, connection } = run;
	const output = payment
		? paymentOutput(payment, connection.environment, simplify)
		: { paymentId: call.paymentRef, state: event.state, environment: connection.environment };
	return { ...output, query: call.query as IDataObject, eventId: eventIdOf(event) };
}

/**
 * Calls back with the status when n8n gives its answer, which is after the execution is stored. Not the `finish` event:
 * that never comes where the caller has gone away in the meantime, and n8n has stored the execution all the same.
 */
function whenAnswered(
	response: ReturnType<IWebhookFunctions['getResponseObject']>,
	then: (status: number) => void,
): void {
	const { end } = response;
	response.end = ((...args: Parameters<typeof end>) => {
		then(response.statusCode);
		return end.apply(response, args);
	}) as typeof end;
}
