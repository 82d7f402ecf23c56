import { existsSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { npm } from './npm';
import { withProgress } from './progress';

/** The folder that holds every n8n. It lies outside the checkout, so that it outlives it. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-konnect');

/** Written last, so that a folder with this file is complete. */
const MARKER = '.complete';
/** How long the lock of a process that was killed holds. */
const LOCK_STALE_MS = 10_000;
const LOOK_MS = 2000;

export interface Packages {
	dependencies: Record<string, string>;
	/** Pinned versions of packages in their dependency trees. */
	overrides?: Record<string, string>;
	/** Roughly what they take on the disk. */
	megabytes: number;
	/** The Node binary that runs npm. */
	node?: string;
	/** Interrupts the installation; what was begun is removed. */
	signal?: AbortSignal;
	/** Runs in the folder once the packages are installed. */
	finish?: (dir: string) => Promise<void>;
}

/**
 * Installs packages into a folder of the cache, without their install scripts, unless they are there already.
 *
 * @returns the folder
 * @throws with npm's own words
 */
export async function installOnce(name: string, packages: Packages): Promise<string> {
	const dir = join(CACHE, name);
	if (isComplete(dir)) return dir;
	await mkdir(CACHE, { recursive: true });
	await withProgress(`Installing ${name}, once: ${packages.megabytes} MB`, async (report) => {
		report('waiting for the lock of its folder');
		await fillOnce(dir, async () => await install(dir, packages, report));
	});
	return dir;
}

async function install(
	cwd: string,
	{ dependencies, overrides, megabytes, node, signal, finish }: Packages,
	report: (line: string) => void,
): Promise<void> {
	await writeFile(
		join(cwd, 'package.json'),
		JSON.stringify({ private: true, dependencies, overrides }),
	);
	const before = await freeBytes();
	let requests = 0;
	const look = async () => {
		const written = Math.max(0, Math.round((before - (await freeBytes())) / 1e6));
		report(`${requests} requests, ${written} of about ${megabytes} MB on disk`);
	};
	const timer = setInterval(() => void look(), LOOK_MS);
	const onLine = (line: string) => {
		if (line.startsWith('npm http fetch')) requests += 1;
	};
	const args = ['install', '--ignore-scripts', '--loglevel=http', '--no-audit', '--no-fund'];
	try {
		await npm(args, { cwd, node, signal, onLine });
	} finally {
		clearInterval(timer);
	}
	report('preparing its native modules');
	await finish?.(cwd);
}

/** Free space on the cache's disk. */
async function freeBytes(): Promise<number> {
	const { bfree, bsize } = await statfs(CACHE);
	return bfree * bsize;
}

/** Whether `dir` was filled by an installation that ran to its end. */
const isComplete = (dir: string) => existsSync(join(dir, MARKER));

/** Fills `dir` once, however many processes ask for it at once: the others wait. It is removed when `fill` fails. */
export async function fillOnce(dir: string, fill: () => Promise<void>): Promise<void> {
	const retries = { forever: true, minTimeout: 500, maxTimeout: 500 };
	const release = await lock(dir, { realpath: false, stale: LOCK_STALE_MS, retries });
	try {
		if (isComplete(dir)) return;
		await rm(dir, { recursive: true, force: true });
		await mkdir(dir);
		await fill();
		await writeFile(join(dir, MARKER), '');
	} finally {
		if (!isComplete(dir)) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
		await release();
	}
}
