import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';

export interface Loaded {
	milliseconds: number;
	/** Kilobytes of heap that stay in use. */
	heap: number;
	nodes: number;
	triggers: number;
	operations: number;
	credentials: number;
}

/** Loads a package in a fresh process, on the Node that n8n runs on. */
export async function load(dir: string): Promise<Loaded> {
	const { node, dir: n8n } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	const args = ['--expose-gc', join(__dirname, 'loadOne.cjs'), dir, join(n8n, 'node_modules')];
	const { stdout } = await promisify(execFile)(node, args);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Loaded;
}
