import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../n8n/cache';
import { DATA_DIR } from './paths';

const FILE = join(DATA_DIR, 'pid');

/**
 * Makes sure that no other `npm start` uses the data folder: two n8n on one database damage it.
 *
 * @throws when another one is running
 */
export async function claimDataDir(): Promise<{ close(): Promise<void> }> {
	const holder = Number(await readFile(FILE, 'utf8').catch(() => '')) || undefined;
	if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
		throw new Error(
			`npm start is running here already (process ${holder}). Use that one, or end it first.`,
		);
	}
	await writeFile(FILE, String(process.pid));
	return { close: async () => await rm(FILE, { force: true }) };
}
