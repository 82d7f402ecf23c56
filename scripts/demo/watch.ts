import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'gulp';
import { packageFolder } from '../n8n/pack';
import { npm } from '../n8n/npm';
import { ROOT, SOURCES } from './paths';

/** Milliseconds after a change: editors write several files, or one file several times. */
const DELAY_MS = 100;

/** n8n reads nodes and credentials anew when their files change, if this is in its environment. */
export const RELOADS = { N8N_DEV_RELOAD: 'true' };

/**
 * Builds the package whenever a source changes, and puts it where the n8n of this user folder has it and watches it. What does
 * not build leaves n8n with what it had.
 */
export function rebuildOnChange(userFolder: string): { close(): Promise<void> } {
	const target = join(packageFolder(userFolder), 'dist');
	const rebuild = async () => {
		try {
			await npm(['run', 'build'], { cwd: ROOT });
			await cp(join(ROOT, 'dist'), target, { recursive: true });
			console.log(`${new Date().toLocaleTimeString('en-GB')} Built; n8n loads it now.`);
		} catch (error) {
			console.error(error instanceof Error ? error.message : String(error));
		}
	};
	const watcher = watch(SOURCES, { cwd: ROOT, delay: DELAY_MS }, rebuild);
	return { close: async () => await watcher.close() };
}
