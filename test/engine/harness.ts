import 'reflect-metadata';

import { join } from 'node:path';

import {
	ExecutionLifecycleHooks,
	PackageDirectoryLoader,
	SupplyDataContext,
	WorkflowExecute,
} from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRunExecutionData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createRunExecutionData, NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';

import { SANDBOX_ACCOUNTS, startSandbox, type Sandbox } from '../../sandbox';

export const ROOT = join(__dirname, '../..');

/** The built package, loaded as n8n loads it. */
export const loader = new PackageDirectoryLoader(ROOT);

/** Resolves when the package is loaded. */
export const packageLoaded = loader.loadAll();

/** A node that only passes its items on. Every workflow starts with it. */
const passOn: INodeType = {
	description: {
		displayName: 'Pass On',
		name: 'passOn',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

const nodeTypes = {
	getByName: (type: string) => nodeTypeOf(type),
	getByNameAndVersion: (type: string) => nodeTypeOf(type),
	getKnownTypes: () => ({}),
};

const nodeTypeOf = (type: string) =>
	type === 'test.passOn'
		? passOn
		: (loader.getNode(/(\w+?)(Tool)?$/.exec(type)?.[1] ?? type).type as INodeType);

/** The sandbox of a file's tests. */
export let sandbox: Sandbox;

/** Opens `sandbox` when the package is loaded. */
export async function openSandbox(): Promise<void> {
	await packageLoaded;
	sandbox = await startSandbox();
}

/** One sandbox for all tests of a file, emptied before each. */
export function useSandbox(): void {
	beforeAll(openSandbox);
	beforeEach(() => sandbox.reset());
	afterAll(async () => await sandbox.close());
}

/** Null if it has been deleted. An error is what n8n's database throws instead of giving it. */
export type StoredCredential = ICredentialDataDecryptedObject | Error | null;

/** A `konnectApi` credential for the sandbox. */
export const credentialFor = (
	changes: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject => ({
	environment: 'custom',
	baseUrl: sandbox.apiBaseUrl,
	apiKey: SANDBOX_ACCOUNTS.merchant.apiKey,
	walletId: SANDBOX_ACCOUNTS.merchant.walletId,
	webhookSecret: '',
	...changes,
});

/** A credential that n8n's database gives once for each item. */
export function onceForEach(): (item: number) => StoredCredential {
	const read = new Set<number>();
	return (item) => {
		const isRead = read.has(item);
		read.add(item);
		return isRead ? new Error('the database is away') : credentialFor();
	};
}

/** What else n8n gives a node: the credential as its database has it at that time, for an item, and n8n's own addresses. */
export const additionalDataFor = (
	credential: (item: number) => StoredCredential,
	changes: object = {},
) =>
	({
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getCredentialsProperties: () => [],
			async getDecrypted(...given: Parameters<ICredentialsHelper['getDecrypted']>) {
				const data = credential(given[6]?.itemIndex ?? 0);
				if (!data) throw new Error('Credential with ID "1" does not exist for type "konnectApi".');
				if (data instanceof Error) throw data;
				return data;
			},
		},
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables: {},
		webhookWaitingBaseUrl: 'http://127.0.0.1:5678/webhook-waiting',
		formWaitingBaseUrl: 'http://127.0.0.1:5678/form-waiting',
		...changes,
	}) as unknown as IWorkflowExecuteAdditionalData;

/** A node of the package with its parameters, and the defaults of those that are not given. */
export function nodeOf(
	type: 'konnect' | 'konnectTrigger',
	parameters: INodeParameters,
	settings: Partial<INode> = {},
): INode {
	const node: INode = {
		id: `${type}-id`,
		name: 'Under Test',
		type: `n8n-nodes-konnect.${type}`,
		typeVersion: type === 'konnectTrigger' ? 2 : 1,
		position: [0, 0],
		credentials: { konnectApi: { id: '1', name: 'Konnect' } },
		parameters,
		...settings,
	};
	const { properties } = nodeTypeOf(node.type).description;
	const complete = NodeHelpers.getNodeParameters(
		properties,
		parameters,
		true,
		false,
		node,
		nodeTypeOf(node.type).description,
	);
	return { ...node, parameters: complete ?? {} };
}

export const workflowOf = (nodes: INode[], connections = {}, staticData = {}) =>
	new Workflow({
		id: 'workflow-1',
		name: 'Test',
		nodes,
		connections,
		active: false,
		nodeTypes,
		staticData,
		settings: { executionOrder: 'v1' },
	});

export interface RunOptions {
	/** Default: the merchant's in the sandbox. */
	credential?: StoredCredential;
	/** What each item gets, where the credential has expressions. */
	credentialOf?: (item: number) => StoredCredential;
	items?: INodeExecutionData[];
	/** Node settings: `onError`, `retryOnFail` and the like. */
	settings?: Partial<INode>;
	/** What earlier nodes have left in the execution's context. */
	flow?: IDataObject;
	/** The execution is stopped, as with the editor's button, when this resolves. */
	stop?: Promise<unknown>;
	/** How the execution was started; default: by a webhook. */
	mode?: WorkflowExecuteMode;
	/** Undefined for a tool that a webhook runs. */
	executionId?: string | undefined;
}

export type RunResult = Awaited<ReturnType<typeof runOn>>;

/** Runs the action node in n8n's real engine, behind a start node that puts out the items. */
export async function runNode(
	parameters: INodeParameters,
	options: RunOptions = {},
): Promise<RunResult> {
	const { items = [{ json: {} }], settings, flow = {} } = options;
	const node = nodeOf('konnect', parameters, settings);
	const start = plain('Start');
	const data = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }],
			contextData: { flow },
		},
	});
	return await runOn(node, data, options);
}

/** Makes a payment with the action node, for 12.500 TND by default, and returns its reference. */
export async function makePayment(
	parameters: INodeParameters = {},
	options: RunOptions = {},
): Promise<string> {
	const base = { operation: 'initPayment', amount: 12.5, notify: 'none' };
	const { output, error } = await runNode({ ...base, ...parameters }, options);
	if (error) throw error as Error;
	return String(output[0]?.json.paymentRef);
}

/** Makes payments for the orders O-0, O-1 and so on, at these prices. */
export async function makeOrders(
	prices: unknown[],
	concurrency = 1,
	options: RunOptions = {},
): Promise<RunResult> {
	return await runNode(
		{
			operation: 'initPayment',
			amount: '={{ $json.price }}',
			notify: 'none',
			additionalFields: { orderId: '={{ $json.order }}' },
			options: { concurrency },
		},
		{
			items: prices.map((price, index) => ({ json: { price, order: `O-${index}` } as never })),
			...options,
		},
	);
}

/** The orders whose payments were made, in order. */
export const madeOrders = () => sandbox.payments().map(({ request }) => request.orderId);

/** The workflow that a node is tested in. */
export function workflowAround(node: INode) {
	const start = plain('Start');
	const connections = {
		Start: { main: [[{ node: node.name, type: NodeConnectionTypes.Main, index: 0 }]] },
	};
	return { nodes: [start, node], connections, workflow: workflowOf([start, node], connections) };
}

/** Runs the workflow around a node from where `data` says: its start, or where it waited. */
export async function runOn(
	node: INode,
	data: IRunExecutionData,
	{
		credential = credentialFor(),
		credentialOf = () => credential,
		stop,
		mode = 'webhook',
		...others
	}: RunOptions = {},
) {
	const { nodes, connections, workflow } = workflowAround(node);
	const base = { id: 'workflow-1', nodes, connections } as unknown as IWorkflowBase;
	const hooks = new ExecutionLifecycleHooks(mode, '1', base);
	const { executionId } = { executionId: '1', ...others };
	const additionalData = additionalDataFor(credentialOf, { hooks, executionId });
	const execute = new WorkflowExecute(additionalData, mode, data);
	const running = execute.processRunExecutionData(workflow);
	void stop?.then(() => running.cancel());
	const run = await running;
	const task = run.data.resultData.runData[node.name]?.at(-1);
	return {
		run,
		/** What the node put out: its regular output, and its error output where it has one. */
		output: task?.data?.main?.[0] ?? [],
		errorOutput: task?.data?.main?.[1] ?? [],
		/** The error with which the execution ended, if it failed. */
		error: run.data.resultData.error,
		hints: task?.hints ?? [],
	};
}

/** Calls the node as an agent's tool, as n8n does: with one item, and for a run of the node by its number. */
export async function callTool(node: INode, data: IRunExecutionData, run: number): Promise<void> {
	const additionalData = additionalDataFor(() => credentialFor());
	const { workflow } = workflowAround(node);
	const tool = NodeConnectionTypes.AiTool;
	const context = new SupplyDataContext(
		workflow,
		node,
		additionalData,
		'webhook',
		data,
		run,
		[],
		{},
		tool,
		{ data: {}, node, source: null },
		[],
	);
	context.addInputData(tool, [[{ json: {} }]]);
	await nodeTypeOf(node.type).execute?.call(context as unknown as IExecuteFunctions);
}

const plain = (name: string): INode => ({
	id: name,
	name,
	type: 'test.passOn',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
});
