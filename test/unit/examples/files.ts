import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IConnections, INode } from 'n8n-workflow';

interface Workflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: object;
}

export const FOLDER = resolve(__dirname, '../../../examples');
const NOTE = 'n8n-nodes-base.stickyNote';

export const examples = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => {
		const text = readFileSync(resolve(FOLDER, file), 'utf8');
		const json = JSON.parse(text) as Workflow;
		const isNote = ({ type }: INode) => type === NOTE;
		return {
			file,
			text,
			json,
			/** All nodes but notes. */
			nodes: json.nodes.filter((node) => !isNote(node)),
			notes: json.nodes.filter(isNote),
		};
	});

/** Each example for `it.each` and `describe.each`, by its file's name. */
export const byFile = examples.map((example) => [example.file, example] as const);
