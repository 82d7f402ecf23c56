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
	/** What it takes, roughly: the measure of progress. */
	effort?: Effort;
	/** The Node binary that runs npm. */
	node?: string;
	/** What is left to do in the folder when the packages are there. */
	finish?: (workDir: string) => Promise<void>;
}

/** What npm has done, or has to do. */
export interface Effort {
	/** Requests that ask what packages there are, before any of them is brought. */
	requests: number;
	/** Megabytes on the disk in the end. */
	megabytes: number;
}

const LOOK_MS = 2000;
/** The part of the time in which npm asks, in percent: a third, and the rest goes by what it has written. */
const ASKING = 33;

/**
 * Installs packages into a folder of the cache, without their install scripts, unless they are there.
 *
 * @throws with advice when the network, the disk or a compiler is missing
 */
export async function installPackages(
	{ title, dir, dependencies, overrides, effort, node, finish }: Packages,
	{ progress, signal }: InstallOptions,
): Promise<void> {
	const fill = async (cwd: string) => {
		const wanted = { private: true, dependencies, overrides };
		await writeFile(join(cwd, 'package.json'), JSON.stringify(wanted));
		const meter = await downloadMeter(effort, (how) => progress(`${title}: downloading, ${how}`));
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

/** How far npm is: both measures grow one after the other, so that no long while goes by in which nothing moves. */
export function percentOf(done: Effort, all: Effort): number {
	const asked = Math.min(1, done.requests / all.requests);
	const written = Math.min(1, done.megabytes / all.megabytes);
	return Math.min(99, Math.floor(ASKING * asked + (100 - ASKING) * written));
}

async function downloadMeter(all: Effort | undefined, tell: (how: string) => void) {
	const before = await freeBytes();
	const done: Effort = { requests: 0, megabytes: 0 };
	const look = async () => {
		// Others may free some of the disk meanwhile.
		done.megabytes = Math.max(done.megabytes, Math.round((before - (await freeBytes())) / 1e6));
		const percent = all ? `${percentOf(done, all)} %, ` : '';
		tell(`${percent}${done.megabytes} MB on disk`);
	};
	await look();
	const timer = setInterval(() => void look(), LOOK_MS);
	return {
		onLine: (line: string) => {
			if (line.startsWith('npm http fetch')) done.requests += 1;
		},
		stop: () => clearInterval(timer),
	};
}

/** Of the cache folder's disk; the folder that is filled may go at any time. */
async function freeBytes(): Promise<number> {
	const { bfree, bsize } = await statfs(cacheDir());
	return bfree * bsize;
}
