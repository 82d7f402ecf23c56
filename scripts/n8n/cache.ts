import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Written last, so that a folder that has it is whole. */
const MARKER = '.complete';
const LOCK_POLL_MS = 500;

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
 * @param onWait called when another process is at work, with its process id
 */
export async function fillOnce(
	dir: string,
	fill: (workDir: string) => Promise<void>,
	onWait: (pid: number) => void,
): Promise<void> {
	if (isComplete(dir)) return;
	await mkdir(dirname(dir), { recursive: true });
	const release = await acquireLock(`${dir}.lock`, onWait);
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

/**
 * A lock is a folder with its holder's process id in it. It is put in place by a rename, which
 * fails when a lock is there already, so no lock is ever seen without its process id.
 */
async function acquireLock(lock: string, onWait: (pid: number) => void) {
	const candidate = await mkdtemp(`${lock}-`);
	await writeFile(join(candidate, 'pid'), String(process.pid));
	let told = false;
	while (!(await tryRename(candidate, lock))) {
		const holder = await holderOf(lock);
		if (holder !== undefined && !isAlive(holder)) {
			await dropStale(lock, holder);
			continue;
		}
		if (holder !== undefined && !told) onWait(holder);
		told ||= holder !== undefined;
		await sleep(LOCK_POLL_MS);
	}
	return async () => await rm(lock, { recursive: true, force: true });
}

async function tryRename(from: string, to: string): Promise<boolean> {
	// Windows refuses to rename onto any folder, others onto one that is not empty.
	const taken = ['ENOTEMPTY', 'EEXIST', 'EPERM'];
	try {
		await rename(from, to);
		return true;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (taken.includes(code ?? '') && (await exists(to))) return false;
		if (taken.includes(code ?? '')) return await tryRename(from, to);
		throw error;
	}
}

/** Moves a dead process's lock aside, and puts it back if a living one took it over meanwhile. */
async function dropStale(lock: string, holder: number): Promise<void> {
	const aside = `${lock}-stale-${process.pid}`;
	if (!(await tryRename(lock, aside).catch(() => false))) return;
	if ((await holderOf(aside)) !== holder) await tryRename(aside, lock);
	await rm(aside, { recursive: true, force: true });
}

async function holderOf(lock: string): Promise<number | undefined> {
	const text = await readFile(join(lock, 'pid'), 'utf8').catch(() => '');
	return Number(text) || undefined;
}

async function exists(path: string): Promise<boolean> {
	return await stat(path).then(
		() => true,
		() => false,
	);
}

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
