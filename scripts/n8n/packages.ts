import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, fillOnce } from './cache';
import { npm } from './npm';

export interface InstallOptions {
	/** Told what is going on, in a short line, whenever that changes. */
	progress: (line: string) => void;
	/** Interrupts the installation; what was begun is removed. */
	signal?: AbortSignal;
}

export interface Packages {
	/** What is installed, in words. */
	title: string;
	/** A folder of the cache. */
	dir: string;
	dependencies: Record<string, string>;
	/** Versions to hold packages of their trees at. */
	overrides?: Record<string, string>;
	/** How many requests npm makes, roughly: the measure of progress. */
	requests?: number;
	/** The Node binary that runs npm. */
	node?: string;
	/** What is left to do in the folder when the packages are there. */
	finish?: (workDir: string) => Promise<void>;
}

const LOOK_MS = 2000;

/**
 * Installs packages into a folder of the cache, without their install scripts, unless they are there.
 *
 * @throws with advice when the network, the disk or a compiler is missing
 */
export async function installPackages(
	{ title, dir, dependencies, overrides, requests, node, finish }: Packages,
	{ progress, signal }: InstallOptions,
): Promise<void> {
	const fill = async (cwd: string) => {
		const wanted = { private: true, dependencies, overrides };
		await writeFile(join(cwd, 'package.json'), JSON.stringify(wanted));
		const meter = await downloadMeter(requests, (how) => progress(`${title}: downloading, ${how}`));
		const args = ['install', '--ignore-scripts', '--loglevel=http', '--no-audit', '--no-fund'];
		try {
			await npm(args, { cwd, node, signal, onLine: meter.onLine });
		} finally {
			meter.stop();
		}
		await finish?.(cwd);
	};
	await fillOnce(dir, fill, () =>
		progress(`${title}: waiting for another process, which is installing it`),
	);
}

/**
 * Tells how far npm is: by its requests, and by what has been written to the disk, since it unpacks for a minute or two
 * between its first half of requests, which ask what there is, and the end of the second, which bring it.
 */
async function downloadMeter(requests: number | undefined, tell: (how: string) => void) {
	const before = await freeBytes();
	let done = 0;
	const look = async () => {
		const written = Math.max(0, before - (await freeBytes()));
		const percent = requests ? `${Math.min(99, Math.floor((done * 100) / requests))} %, ` : '';
		tell(`${percent}${Math.round(written / 1e6)} MB on disk`);
	};
	await look();
	const timer = setInterval(() => void look(), LOOK_MS);
	return {
		onLine: (line: string) => {
			if (line.startsWith('npm http fetch')) done += 1;
		},
		stop: () => clearInterval(timer),
	};
}

/** Of the cache folder's disk; the folder that is filled may go at any time. */
async function freeBytes(): Promise<number> {
	const { bfree, bsize } = await statfs(cacheDir());
	return bfree * bsize;
}
