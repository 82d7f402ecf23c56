import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { table } from '../../../scripts/docs/table';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { packPackage, unpack } from '../../../scripts/n8n/pack';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { atMost, median } from '../shared/figures';
import type { Part } from '../shared/part';
import { spread } from '../shared/report';

const exec = promisify(execFile);

/** The most milliseconds that n8n may spend on loading the package when it starts. */
const LIMIT = 5;

interface Loaded {
	milliseconds: number;
	/** Kilobytes of heap that stay in use. */
	heap: number;
}

/** Loads the package as it would be published, in fresh processes, on the Node that n8n runs on. */
async function measure(processes: number): Promise<Loaded[]> {
	const dir = join(temporaryFolder('konnect-load-'), 'package');
	await mkdir(dir);
	await unpack(await packPackage(), dir);
	const { node, dir: n8n } = await installN8n(DEFAULT_VERSION);
	const args = ['--expose-gc', join(__dirname, 'loadOne.cjs'), dir, join(n8n, 'node_modules')];
	const loaded: Loaded[] = [];
	for (let n = 0; n < processes; n++) {
		const { stdout } = await exec(node, args);
		loaded.push(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Loaded);
	}
	return loaded;
}

export const loading: Part = {
	name: 'loading',
	page: 'benchmarks.md',
	async run(size) {
		const loaded = await measure(size === 'full' ? 31 : 3);
		const times = loaded.map(({ milliseconds }) => milliseconds);
		const heaps = loaded.map(({ heap }) => heap);
		return {
			text: [
				`In fresh processes that have already loaded n8n-workflow: the files of both nodes and the credential are required, and one of each is made, as n8n does when it starts. The median of ${loaded.length}, with the lowest and the highest.`,
				table(['Load, ms', 'Heap, kB'], [[spread(times, 2), spread(heaps, 0)]]),
			],
			targets: [atMost('Milliseconds to load the package', LIMIT, median(times))],
		};
	},
};
