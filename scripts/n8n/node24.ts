import { dirname, join } from 'node:path';
import { cacheDir } from './cache';
import { installPackages, type InstallOptions } from './packages';

/** n8n 2.36 and later run on this or newer. */
const MAJOR = 24;

/**
 * The Node binary that runs n8n: this one when it is new enough, else one from the npm package
 * `node-<platform>-<arch>`. (The package `node` would fetch it in an install script, which .npmrc
 * and many machines switch off.)
 */
export async function installNode24(options: InstallOptions): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;

	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const dir = join(cacheDir(), `node-${MAJOR}`);
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	const dependencies = { [name]: String(MAJOR) };
	await installPackages({ title: `Node ${MAJOR}`, dir, dependencies }, options);
	return join(dir, 'node_modules', name, 'bin', binary);
}

/** Where the header files that native modules compile against lie beside `node`, so that none are downloaded. */
export function headersOf(node: string): string {
	return dirname(dirname(node));
}
