import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { DATA_DIR } from './paths';

const FILE = join(DATA_DIR, 'running.json');

/** How long one that was killed keeps its place. */
const STALE_MS = 5000;

/** Who uses the data folder, and where it can be reached. */
interface Holder {
	pid: number;
	editor: string;
	sandbox: string;
}

/**
 * Makes sure that no other `npm start` uses the data folder: two n8n on one database damage it.
 *
 * @throws when another one is running, saying where
 */
export async function claimDataDir(
	addresses: Omit<Holder, 'pid'>,
): Promise<{ close(): Promise<void> }> {
	const release = await lock(DATA_DIR, {
		lockfilePath: join(DATA_DIR, 'lock'),
		stale: STALE_MS,
	}).catch(refuse);
	await writeFile(FILE, JSON.stringify({ pid: process.pid, ...addresses } satisfies Holder));
	return { close: release };
}

async function refuse(error: NodeJS.ErrnoException): Promise<never> {
	if (error.code !== 'ELOCKED') throw error;
	const holder = await readHolder();
	const where =
		holder &&
		` (process ${holder.pid}). Use it, or end it first:\n` +
			`  n8n editor      ${holder.editor}\n  Konnect sandbox ${holder.sandbox}/admin`;
	throw new Error(`npm start is running here already${where ?? '.'}`);
}

/** None where the other one is about to write it. */
async function readHolder(): Promise<Holder | undefined> {
	try {
		return JSON.parse(await readFile(FILE, 'utf8')) as Holder;
	} catch {
		return undefined;
	}
}
