import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { packPackage } from '../../../scripts/n8n/pack';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { circumstances } from '../shared/circumstances';
import { atMost, median, type Target } from '../shared/figures';
import { spread, table, targetTable } from '../shared/markdown';
import { writeSection } from '../shared/page';
import type { Part, Size } from './part';

const exec = promisify(execFile);

/** What n8n shall not wait longer for when it starts, in milliseconds. */
const LIMIT = 5;

interface Loaded {
	milliseconds: number;
	/** Kilobytes of heap that stay in use. */
	heap: number;
}

/** This package as it would be published, unpacked. */
async function unpacked(): Promise<string> {
	const dir = join(temporaryFolder('konnect-load-'), 'package');
	await mkdir(dir);
	await exec('tar', ['-xzf', await packPackage(), '--strip-components=1', '-C', dir]);
	return dir;
}

/** Loads the package in fresh processes, on the Node that n8n runs on. */
async function measure(processes: number): Promise<Loaded[]> {
	const dir = await unpacked();
	const { node, dir: n8n } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	const script = join(__dirname, 'loadOne.cjs');
	const loaded: Loaded[] = [];
	for (let n = 0; n < processes; n++) {
		const args = ['--expose-gc', script, dir, join(n8n, 'node_modules')];
		const { stdout } = await exec(node, args);
		loaded.push(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Loaded);
	}
	return loaded;
}

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('loading');
	const loaded = await measure(size === 'full' ? 31 : 3);
	const times = loaded.map(({ milliseconds }) => milliseconds);
	const heaps = loaded.map(({ heap }) => heap);
	const targets = [atMost('Milliseconds to load the package', LIMIT, median(times))];
	await writeSection(
		'loading',
		[
			`${measured} Fresh processes that have n8n-workflow loaded already: requiring the files of both nodes and the credential, and making one of each, as n8n does when it starts. The median of ${loaded.length}, with the lowest and the highest.`,
			table(['Load, ms', 'Heap, kB'], [[spread(times, 2), spread(heaps, 0)]]),
			targetTable(targets),
		].join('\n\n'),
	);
	return targets;
}

export const loading: Part = { name: 'loading', run };
