import type express from 'express';
import type {
	INodeParameters,
	INodeType,
	IRunExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { contextOf, serveCalls } from './callServer';
import { credentialFor, loader, nodeOf, runNode, runOn, workflowAround } from './harness';
import type { RunOptions, RunResult, StoredCredential } from './harness';

/** An execution in which the action node waits. */
export type WaitingExecution = Awaited<ReturnType<typeof startWaiting>>;

export interface WaitingOptions extends RunOptions {
	/** The credential when the execution is called; default: that of the run. */
	later?: StoredCredential;
	/** Stands for the step in which n8n claims the execution. It rejects while n8n's database is away. */
	store?: () => Promise<void>;
	/** Changes the stored data of the execution. */
	tamper?: (data: IRunExecutionData) => void;
}

/** Runs the node until it waits, then serves its address over HTTP and lets it go on as n8n 2.41 does. */
export async function startWaiting(parameters: INodeParameters, options: WaitingOptions = {}) {
	const node = nodeOf('konnect', parameters, options.settings);
	const { webhook } = loader.getNode('konnect').type as INodeType;
	const parked = await runNode(parameters, options);
	const stored = (): IRunExecutionData => {
		const data = structuredClone(parked.run.data);
		options.tamper?.(data);
		return data;
	};
	const { credential = credentialFor() } = options;
	const resumed: RunResult[] = [];
	const log: string[] = [];
	let wake = () => {};
	const changed = new Promise<void>((resolve) => (wake = resolve));

	/** Does what `WaitingWebhooks` and `executeWebhook` of n8n do. */
	const handle = async (request: express.Request, response: express.Response) => {
		const data = stored();
		const [entry] = data.executionData!.nodeExecutionStack;
		entry!.node.disabled = true;
		data.waitTill = undefined;
		data.resultData.runData[node.name]?.pop();
		const context = contextOf(node, request, response, {
			workflow: workflowAround(node).workflow,
			credential: () => options.later ?? credential,
			data,
			log,
		});
		const call = webhook!.call(context as unknown as IWebhookFunctions);
		// Where it throws, n8n lets the execution go on with one empty item.
		const result = await call.catch((): IWebhookResponseData => ({
			workflowData: [[{ json: {} }]],
		}));
		if (!result.workflowData) return;
		entry!.data.main = result.workflowData;
		entry!.metadata = { ...entry!.metadata, forwardAllOutputs: true } as never;
		await options.store?.();
		resumed.push(await runOn(node, data, { credential }));
		wake();
		response.status(200).send(result.webhookResponse as unknown);
	};

	const { url, close } = await serveCalls('/webhook-waiting/1/konnect', handle);
	return {
		/** The result of the run that ended in the wait. */
		parked,
		/** The address that resumes it. */
		url,
		/** The results of the runs that calls have resumed, in order. */
		resumed,
		/** Resolves when a call has resumed it. */
		changed: async () => await changed,
		/** The node's debug lines and warnings in n8n's log. */
		log,
		/** Lets the execution go on as n8n does when its time is up. */
		timeOut: async () => await runOn(node, stored(), { credential }),
		close,
	};
}
