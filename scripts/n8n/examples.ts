import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { INode } from 'n8n-workflow';
import type { WorkflowJson } from './workflows';

const FOLDER = resolve(__dirname, '..', '..', 'examples');

/** Reads an example, and chooses the Konnect credential in every node of this package, as a person does after importing it. */
export async function readExample(
	name: string,
	konnectApi: { id: string; name: string },
): Promise<WorkflowJson> {
	const text = await readFile(join(FOLDER, `${name}.json`), 'utf8');
	const example = JSON.parse(text) as WorkflowJson;
	const nodes = example.nodes.map((node) =>
		isOurs(node) ? { ...node, credentials: { konnectApi } } : node,
	);
	return { ...example, nodes };
}

/** Whether a node is one of this package's. */
export function isOurs({ type }: Pick<INode, 'type'>): boolean {
	return type.startsWith('n8n-nodes-konnect.');
}
