import type { INode, INodeParameters } from 'n8n-workflow';
import { readExample } from '../../../scripts/n8n/examples';
import type { StoredWorkflow, WorkflowJson } from '../../../scripts/n8n/workflows';
import type { Stage } from './stage';

/** What is changed in a node, by its name, as the example's note asks. */
export type Changes = Record<string, Partial<INode>>;

/** A workflow of the folder `examples`, with the stage's Konnect credential and the changes. */
export async function exampleWith(
	{ credential }: Pick<Stage, 'credential'>,
	name: string,
	changes: Changes = {},
): Promise<WorkflowJson> {
	const example = await readExample(name, credential);
	for (const changed of Object.keys(changes)) {
		const isThere = example.nodes.some((node) => node.name === changed);
		if (!isThere) throw new Error(`${name} has no node '${changed}'`);
	}
	return { ...example, nodes: example.nodes.map((node) => merge(node, changes[node.name])) };
}

/** Imports the workflow that `exampleWith` gives, and publishes it. */
export async function publishExample(
	stage: Pick<Stage, 'client' | 'credential'>,
	name: string,
	changes?: Changes,
): Promise<StoredWorkflow> {
	const { id } = await stage.client.createWorkflow(await exampleWith(stage, name, changes));
	await stage.client.publish(id);
	return await stage.client.getWorkflow(id);
}

function merge(node: INode, change: Partial<INode> = {}): INode {
	const parameters: INodeParameters = { ...node.parameters, ...change.parameters };
	return { ...node, ...change, parameters };
}
