import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installOnce, type Packages } from './cache';
import { npm } from './npm';

// A newer linkedom depends on a package that not every registry carries; n8n 2.0 names a version of
// xlsx that is published elsewhere.
const RECIPES = {
	'2.41.1': { overrides: { linkedom: '0.18.12' }, megabytes: 2900 },
	'2.0.3': { overrides: { linkedom: '0.18.12', xlsx: '0.18.5' }, megabytes: 2400 },
} satisfies Record<string, Pick<Packages, 'overrides' | 'megabytes'>>;

/** A version of n8n that this project knows how to install. */
export type N8nVersion = keyof typeof RECIPES;

/** All of them, the newest first. Each is tested. */
export const VERSIONS = Object.keys(RECIPES) as N8nVersion[];

/** The version that `npm start` and the tests use when nothing else is asked for. */
export const DEFAULT_VERSION: N8nVersion = '2.41.1';

/** n8n 2.36 and later run on this Node or a newer one. */
const NODE = 24;

/** n8n's scanner of published packages and their sources. At 0.2 GB it is too large for a development dependency. */
const SCANNER = { name: '@n8n/scan-community-package', version: '0.32.0' };

export interface N8nInstall {
	version: N8nVersion;
	dir: string;
	/** The Node binary to run it with. */
	node: string;
	/** n8n's command, to be given to `node`. */
	cli: string;
}

/**
 * Installs a version of n8n, and the Node it needs, into the cache folder, or finds it there.
 * Takes about five minutes and 3 GB the first time.
 */
export async function installN8n(version: N8nVersion, signal?: AbortSignal): Promise<N8nInstall> {
	const node = await installNode(signal);
	// Install scripts are off because some optional native drivers cannot be built everywhere. n8n needs this one.
	const finish = async (cwd: string) => {
		const env: Record<string, string> = { npm_config_ignore_scripts: 'false' };
		// Uses the headers beside `node` to compile it. Otherwise they would be downloaded.
		const headers = dirname(dirname(node));
		if (existsSync(join(headers, 'include', 'node', 'node.h'))) env.npm_config_nodedir = headers;
		await npm(['rebuild', 'sqlite3', '--foreground-scripts'], { cwd, node, env, signal });
	};
	const packages = { ...RECIPES[version], dependencies: { n8n: version }, node, signal, finish };
	const dir = await installOnce(`n8n-${version}`, packages);
	return { version, dir, node, cli: join(dir, 'node_modules', 'n8n', 'bin', 'n8n') };
}

/**
 * The Node binary that runs n8n: this one when it is new enough, else one from the npm package `node-<platform>-<arch>`.
 * (The package `node` would fetch it in an install script.)
 */
async function installNode(signal?: AbortSignal): Promise<string> {
	if (Number.parseInt(process.versions.node) >= NODE) return process.execPath;
	const name = `node-${process.platform.replace('win32', 'win')}-${process.arch}`;
	const packages = { dependencies: { [name]: String(NODE) }, megabytes: 200, signal };
	const dir = await installOnce(`node-${NODE}`, packages);
	return join(dir, 'node_modules', name, 'bin', 'node');
}

/** Installs the scanner into the cache folder, or finds it there. @returns the scanner's own folder */
export async function installScanner(signal?: AbortSignal): Promise<string> {
	const { name, version } = SCANNER;
	const packages = { dependencies: { [name]: version }, megabytes: 200, signal };
	const dir = await installOnce(`review-scan-${version}`, packages);
	return join(dir, 'node_modules', name);
}
