import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';

/** Written last, so that a folder that has it is whole. */
const MARKER = '.complete';
const LOCK_POLL_MS = 500;
const LOCK_STALE_MS = 10_000;

/** The folder that outlives checkouts and holds every n8n, in a place each platform's users expect. */
export function cacheDir(): string {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-konnect');
}

/** Whether `dir` was filled by an installation that ran to its end. */
export function isComplete(dir: string): boolean {
	return existsSync(join(dir, MARKER));
}

/**
 * Fills `dir` once, however many processes ask for it at once: the first one works in a sibling
 * folder that takes its place when `fill` is done, the others wait.
 *
 * @param onWait called when another process is at work
 */
export async function fillOnce(
	dir: string,
	fill: (workDir: string) => Promise<void>,
	onWait: () => void,
): Promise<void> {
	if (isComplete(dir)) return;
	await mkdir(dirname(dir), { recursive: true });
	const release = await acquireLock(dir, onWait);
	try {
		if (isComplete(dir)) return;
		await removeLeftovers(dir);
		const workDir = await mkdtemp(`${dir}.partial-`);
		try {
			await fill(workDir);
			await writeFile(join(workDir, MARKER), `${new Date().toISOString()}\n`);
			await rm(dir, { recursive: true, force: true });
			await rename(workDir, dir);
		} finally {
			await rm(workDir, { recursive: true, force: true, maxRetries: 5 });
		}
	} finally {
		await release();
	}
}

/** Removes what interrupted installations left. Only the holder of the lock may call it. */
async function removeLeftovers(dir: string): Promise<void> {
	const prefix = `${basename(dir)}.partial-`;
	const siblings = await readdir(dirname(dir));
	for (const name of siblings.filter((sibling) => sibling.startsWith(prefix))) {
		await rm(join(dirname(dir), name), { recursive: true, force: true });
	}
}

/** The lock goes with the process that holds it: at once when that ends, or a while after it was killed. */
async function acquireLock(dir: string, onWait: () => void): Promise<() => Promise<void>> {
	const options = { realpath: false, stale: LOCK_STALE_MS };
	try {
		return await lock(dir, options);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
		onWait();
		const retries = { forever: true, minTimeout: LOCK_POLL_MS, maxTimeout: LOCK_POLL_MS };
		return await lock(dir, { ...options, retries });
	}
}
