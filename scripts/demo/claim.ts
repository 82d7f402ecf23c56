import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../n8n/cache';
import { DATA_DIR } from './paths';

const FILE = join(DATA_DIR, 'running.json');

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
	const text = JSON.stringify({ pid: process.pid, ...addresses } satisfies Holder);
	// Only one of several that start at once can make the file.
	const isFirst = await writeFile(FILE, text, { flag: 'wx' }).then(
		() => true,
		() => false,
	);
	if (!isFirst) {
		const holder = await readHolder();
		if (holder && isAlive(holder.pid)) {
			throw new Error(
				`npm start is running here already (process ${holder.pid}). Use it, or end it first:\n` +
					`  n8n editor      ${holder.editor}\n  Konnect sandbox ${holder.sandbox}/admin`,
			);
		}
		await writeFile(FILE, text);
	}
	return { close: async () => await rm(FILE, { force: true }) };
}

/** None where the file was left half written by a machine that stopped. */
async function readHolder(): Promise<Holder | undefined> {
	try {
		return JSON.parse(await readFile(FILE, 'utf8')) as Holder;
	} catch {
		return undefined;
	}
}
