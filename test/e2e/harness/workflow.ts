import { randomUUID } from 'node:crypto';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { hasEnded, type Execution } from '../../../scripts/n8n/executions';
import type { StoredWorkflow, WorkflowJson } from '../../../scripts/n8n/workflows';
import type { Stage } from './stage';

const TRIGGER = 'n8n-nodes-konnect.konnectTrigger';
const COLUMN_WIDTH = 220;

export type NodeDraft = Pick<INode, 'name' | 'type' | 'parameters'> & Partial<INode>;

/** A Konnect node; its parameters as the editor would save them. */
export function konnectNode(
	{ credential }: Pick<Stage, 'credential'>,
	name: string,
	parameters: INodeParameters,
): NodeDraft {
	const type = 'n8n-nodes-konnect.konnect';
	return { name, type, parameters, credentials: { konnectApi: credential } };
}

/** A Konnect Trigger node. */
export function triggerNode(
	{ credential }: Pick<Stage, 'credential'>,
	parameters: INodeParameters = {},
): NodeDraft {
	return {
		name: 'Konnect Trigger',
		type: TRIGGER,
		typeVersion: 2,
		parameters,
		credentials: { konnectApi: credential },
		webhookId: randomUUID(),
	};
}

/** n8n's own node that starts a workflow when its path is called. */
export function webhookNode(name: string, path: string, parameters = {}): NodeDraft {
	const type = 'n8n-nodes-base.webhook';
	return { name, type, typeVersion: 2.1, parameters: { path, ...parameters, options: {} } };
}

/** The node that a test starts a workflow with through `client.runManually(id, 'Start')`. */
export function manualTrigger(): NodeDraft {
	return { name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} };
}

export function codeNode(name: string, jsCode: string): NodeDraft {
	return { name, type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } };
}

/** A node that puts out the given objects as its items. */
export const itemsNode = (name: string, items: IDataObject[]) =>
	codeNode(name, `return ${JSON.stringify(items)}.map((json) => ({ json }));`);

/** Runs a workflow from one of its triggers, as the editor's button does, and resolves when this execution has ended. */
export async function runFrom(
	{ client }: Pick<Stage, 'client'>,
	workflowId: string,
	trigger: string,
): Promise<Execution> {
	const id = await client.runManually(workflowId, trigger);
	const until = (execution: Execution) => execution.id === id && hasEnded(execution);
	return await client.waitForExecution({ workflowId, until });
}

/** A workflow in which each node leads to the next. */
export function chain(name: string, drafts: NodeDraft[]): WorkflowJson {
	const nodes = drafts.map((draft, index): INode => ({
		id: randomUUID(),
		typeVersion: 1,
		position: [index * COLUMN_WIDTH, 0],
		...draft,
	}));
	const links = nodes.slice(1).map((node, index) => {
		const main = [[{ node: node.name, type: 'main' as const, index: 0 }]];
		return [nodes[index]?.name ?? '', { main }] as const;
	});
	return {
		name,
		nodes,
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1' },
	};
}

/** The production URL of a workflow's Konnect Trigger: what a payment's webhook is set to. */
export function triggerUrl(
	{ n8n }: Pick<Stage, 'n8n'>,
	{ nodes }: Pick<StoredWorkflow, 'nodes'>,
): string {
	const trigger = nodes.find(({ type }) => type === TRIGGER);
	if (!trigger?.webhookId) throw new Error('The workflow has no Konnect Trigger');
	return `${n8n.webhookUrl}/${trigger.webhookId}/konnect`;
}
