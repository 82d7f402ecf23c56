import { EventEmitter, once } from 'node:events';

import type express from 'express';
import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeType,
	IWebhookFunctions,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { contextOf, serveCalls } from './callServer';
import { credentialFor, loader, nodeOf, workflowOf } from './harness';
import type { StoredCredential } from './harness';

export interface WebhookServerOptions {
	/** As it is when the node is called. Default: the merchant's in the sandbox. */
	credential?: () => StoredCredential;
	/** `webhook` is a published workflow, `manual` is "Listen for test event". */
	mode?: WorkflowExecuteMode;
	/** Stands for the step in which n8n stores an execution. It rejects while n8n's database is away. */
	store?: () => Promise<void>;
	/** What the workflow's static data hold at the start, as after a restart. */
	staticData?: IDataObject;
	/** The node's settings, such as `onError`. */
	settings?: Partial<INode>;
}

export type WebhookServer = Awaited<ReturnType<typeof startWebhookServer>>;

let nodes = 0;

/** Turns watches off, which would ask the sandbox during the next test. A test of watches sets `keepLooking` itself. */
const withoutWatches = (parameters: INodeParameters): INodeParameters => ({
	...parameters,
	options: { keepLooking: 0, ...(parameters.options as INodeParameters | undefined) },
});

/**
 * Serves the built trigger's webhook over HTTP as n8n 2.41 does: express with its extended query parser, n8n-core's real webhook
 * context, static data loaded anew for each call and saved whole, execution stored before the answer.
 */
export async function startWebhookServer(
	parameters: INodeParameters = {},
	{ credential = credentialFor, mode, store, ...options }: WebhookServerOptions = {},
) {
	const { type } = loader.getNode('konnectTrigger');
	// A new node each time, so that no two share anything.
	const node = {
		...nodeOf('konnectTrigger', withoutWatches(parameters), options.settings),
		id: `trigger-${++nodes}`,
	};
	const executions: IDataObject[] = [];
	const log: string[] = [];
	const failures: Array<Error & { description?: string | null }> = [];
	let saved = JSON.stringify(options.staticData ?? {});
	let saves = 0;
	const news = new EventEmitter();
	const change = () => void news.emit('change');

	const handle = async (request: express.Request, response: express.Response) => {
		const staticData = JSON.parse(saved) as IDataObject;
		const workflow = workflowOf([node], {}, staticData);
		const context = contextOf(node, request, response, { workflow, credential, mode, log });
		const save = () => {
			const { __dataChanged: changed } = workflow.staticData as { __dataChanged?: boolean };
			if (!changed || mode === 'manual') return;
			saved = JSON.stringify(workflow.staticData);
			saves++;
		};
		const call = (type as INodeType).webhook!.call(context as unknown as IWebhookFunctions);
		const result = await call.catch((error: Error) => {
			failures.push(error);
			response
				.status(500)
				.json({ message: 'Workflow Webhook Error: Workflow could not be started!' });
		});
		if (!result) return;
		if (!result.workflowData) {
			if (!result.noWebhookResponse) failures.push(new Error('n8n would answer once more'));
			save();
			return;
		}
		const [[item]] = result.workflowData as [[{ json: IDataObject }]];
		// To start the execution, n8n builds the workflow again from the same static data. From then on they count as unchanged.
		workflowOf([node], {}, staticData);
		await store?.();
		executions.push(item.json);
		change();
		const body: unknown = result.webhookResponse;
		save();
		response.status(200).send(body);
	};

	const served = await serveCalls('/webhook/id/konnect', handle, change);
	return {
		...served,
		/** The items with which the workflow was started, in order. */
		executions,
		/** The node's debug lines and warnings in n8n's log. */
		log,
		/** The errors with which n8n recorded a failed execution. */
		failures,
		/** Resolves when the next execution has started, or a call has ended. */
		changed: async () => await once(news, 'change'),
		savedStaticData: () => JSON.parse(saved) as IDataObject,
		/** Saves static data as another execution of the workflow does. */
		saveStaticData: (data: IDataObject) => {
			saved = JSON.stringify(data);
		},
		/** How often static data were saved. */
		saves: () => saves,
	};
}
