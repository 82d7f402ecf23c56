import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../n8n/npm';
import { ROOT, SOURCES } from './paths';

/** Builds the package, unless what was built last is newer than every source. */
export async function buildIfStale(signal: AbortSignal): Promise<void> {
	const built = await newest(join(ROOT, 'dist'));
	const sources = await Promise.all(SOURCES.map(async (name) => await newest(join(ROOT, name))));
	if (built >= Math.max(...sources)) return;
	console.log('Building the package …');
	await npm(['run', 'build'], { cwd: ROOT, signal });
}

/**
 * When a file, or the latest of a folder's files and folders, was changed, in milliseconds; 0 if
 * there is none. Folders count because a file that was removed leaves its trace only there.
 */
async function newest(path: string): Promise<number> {
	const stats = await stat(path).catch(() => undefined);
	if (!stats) return 0;
	if (!stats.isDirectory()) return stats.mtimeMs;
	const names = await readdir(path);
	const times = await Promise.all(names.map(async (name) => await newest(join(path, name))));
	return Math.max(stats.mtimeMs, ...times);
}
