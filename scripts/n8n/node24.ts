import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir, fillOnce } from './cache';
import { npm } from './npm';
import type { InstallOptions } from './install';

/** n8n 2.36 and later run on this or newer. */
const MAJOR = 24;

/**
 * The Node binary that runs n8n: this one when it is new enough, else one from the npm package
 * `node-<platform>-<arch>`. (The package `node` would fetch it in an install script, which .npmrc
 * and many machines switch off.)
 */
export async function installNode24({ progress, signal }: InstallOptions): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;

	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const dir = join(cacheDir(), `node-${MAJOR}`);
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	await fillOnce(
		dir,
		async (workDir) => {
			progress(`Node ${MAJOR}: downloading (50 MB)`);
			await writeFile(
				join(workDir, 'package.json'),
				JSON.stringify({ private: true, dependencies: { [name]: String(MAJOR) } }),
			);
			await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
				cwd: workDir,
				signal,
			});
		},
		(pid) => progress(`Node ${MAJOR}: waiting for process ${pid}, which is installing it`),
	);
	return join(dir, 'node_modules', name, 'bin', binary);
}

/** Where the header files that native modules compile against lie beside `node`, so that none are downloaded. */
export function headersOf(node: string): string {
	return dirname(dirname(node));
}
