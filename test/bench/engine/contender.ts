import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import type {
	INode,
	INodeType,
	IWorkflowExecuteAdditionalData,
	VersionedNodeType,
} from 'n8n-workflow';
import { createRunExecutionData, NodeConnectionTypes, Workflow } from 'n8n-workflow';
import { SANDBOX_ACCOUNTS } from '../../../sandbox/index';
import { nodeOf, nodeTypes } from '../../engine/harness';

/** One way to make payments. */
export type Contender =
	| { node: 'konnect'; inFlight: number }
	/** n8n's HTTP Request node with a header credential: all items at once, or a batch at a time. */
	| { node: 'http'; batch: { size: number; interval: number } | undefined };

const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

/** The parameters with which each makes the same payments. */
export function parametersOf(contender: Contender, apiBaseUrl: string) {
	if (contender.node === 'konnect') {
		return {
			operation: 'initPayment',
			amount: '={{ $json.amount }}',
			notify: 'none',
			additionalFields: { orderId: '={{ $json.order }}' },
			options: { concurrency: contender.inFlight },
		};
	}
	const { walletId } = SANDBOX_ACCOUNTS.merchant;
	const { size, interval } = contender.batch ?? {};
	return {
		method: 'POST',
		url: `${apiBaseUrl}/payments/init-payment`,
		authentication: 'genericCredentialType',
		genericAuthType: 'httpHeaderAuth',
		sendBody: true,
		// As the node's form offers it: a value for each field of the body.
		specifyBody: 'keypair',
		bodyParameters: {
			parameters: [
				{ name: 'receiverWalletId', value: walletId },
				{ name: 'token', value: 'TND' },
				{ name: 'type', value: 'immediate' },
				{ name: 'amount', value: '={{ Math.round($json.amount * 1000) }}' },
				{ name: 'orderId', value: '={{ $json.order }}' },
			],
		},
		options: contender.batch
			? { batching: { batch: { batchSize: size, batchInterval: interval } } }
			: {},
	};
}

/** What the items of a run carry. */
export const orders = (items: number) =>
	Array.from({ length: items }, (_, index) => ({ amount: 12.5, order: `O-${index}` }));

const { N8N_NODES_BASE = '' } = process.env;

/** n8n's own node, from the copy of n8n in the cache. */
function httpRequest() {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { HttpRequest } = require(`${N8N_NODES_BASE}/dist/nodes/HttpRequest/HttpRequest.node.js`);
	const versions = new HttpRequest() as VersionedNodeType;
	const version = Math.max(...Object.keys(versions.nodeVersions).map(Number));
	return { type: versions.getNodeType(version) as INodeType, version };
}

const builtIn = N8N_NODES_BASE ? httpRequest() : undefined;

const types = {
	...nodeTypes,
	getByName: (type: string) => typeOf(type),
	getByNameAndVersion: (type: string) => typeOf(type),
};

const typeOf = (type: string): INodeType =>
	type === HTTP_REQUEST && builtIn ? builtIn.type : nodeTypes.getByName(type);

export function contenderNode(contender: Contender, apiBaseUrl: string): INode {
	const parameters = parametersOf(contender, apiBaseUrl);
	if (contender.node === 'konnect') return nodeOf('konnect', parameters);
	return {
		id: 'http',
		name: 'Under Test',
		type: HTTP_REQUEST,
		typeVersion: builtIn?.version ?? NaN,
		position: [0, 0],
		credentials: { httpHeaderAuth: { id: '2', name: 'Header Auth' } },
		parameters,
	};
}

/** The engine with a workflow of one node behind a start, ready to run once. */
export function engineOf(
	node: INode,
	items: number,
	additionalData: IWorkflowExecuteAdditionalData,
) {
	const start = {
		...node,
		id: 'start',
		name: 'Start',
		type: 'test.passOn',
		typeVersion: 1,
		parameters: {},
	};
	const main = [[{ node: node.name, type: NodeConnectionTypes.Main, index: 0 }]];
	const connections = { Start: { main } };
	const nodes = [start, node];
	const settings = { executionOrder: 'v1' as const };
	const basics = { id: 'w', name: 'Bench', active: false, nodes, connections };
	const workflow = new Workflow({ ...basics, nodeTypes: types, settings });
	const input = orders(items).map((json) => ({ json }));
	const data = createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node: start, data: { main: [input] }, source: null }] },
	});
	const now = new Date();
	const hooks = new ExecutionLifecycleHooks('webhook', '1', {
		...basics,
		isArchived: false,
		activeVersionId: null,
		createdAt: now,
		updatedAt: now,
	});
	return async () => {
		const execute = new WorkflowExecute({ ...additionalData, hooks }, 'webhook', data);
		const run = await execute.processRunExecutionData(workflow);
		const { runData, error } = run.data.resultData;
		return { output: runData[node.name]?.at(-1)?.data?.main?.[0] ?? [], error: error?.message };
	};
}
