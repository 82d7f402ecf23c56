import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, fillOnce, isComplete } from './cache';
import { headersOf, installNode24 } from './node24';
import { npm } from './npm';

interface Recipe {
	/** Versions to hold packages of n8n's own tree at. */
	overrides: Record<string, string>;
	/** How many requests npm makes, roughly: the measure of progress. */
	requests: number;
}

// A newer linkedom depends on a package that not every registry carries; n8n 1 names a version of
// xlsx that is published elsewhere.
const RECIPES = {
	'2.41.1': { overrides: { linkedom: '0.18.12' }, requests: 4100 },
	'2.20.12': { overrides: { linkedom: '0.18.12', xlsx: '0.18.5' }, requests: 4000 },
	'1.123.81': { overrides: { linkedom: '0.18.12', xlsx: '0.18.5' }, requests: 4000 },
} satisfies Record<string, Recipe>;

/** A version of n8n that this project knows how to install. */
export type N8nVersion = keyof typeof RECIPES;

/** All of them, the newest first. Each is tested. */
export const VERSIONS = Object.keys(RECIPES) as N8nVersion[];

/** The version that `npm start` and the tests use when nothing else is asked for. */
export const DEFAULT_VERSION: N8nVersion = '2.41.1';

export interface N8nInstall {
	version: N8nVersion;
	dir: string;
	/** The Node binary to run it with. */
	node: string;
	/** n8n's command, to be given to `node`. */
	cli: string;
}

export interface InstallOptions {
	/** Told what is going on, in a short line, whenever that changes. */
	progress: (line: string) => void;
	/** Interrupts the installation; what was begun is removed. */
	signal?: AbortSignal;
}

/** Whether `installN8n` would return at once. */
export function isInstalled(version: N8nVersion = DEFAULT_VERSION): boolean {
	return isComplete(n8nDir(version));
}

/**
 * Installs a version of n8n, and the Node it needs, into the cache folder, or finds it there.
 * Takes about five minutes and 3 GB the first time.
 *
 * @throws with advice when the network, the disk or a compiler is missing
 */
export async function installN8n(
	version: N8nVersion,
	options: InstallOptions,
): Promise<N8nInstall> {
	const node = await installNode24(options);
	const dir = n8nDir(version);
	await fillOnce(
		dir,
		async (workDir) => await download(workDir, version, node, options),
		(pid) => options.progress(`n8n ${version}: waiting for process ${pid}, which is installing it`),
	);
	return { version, dir, node, cli: join(dir, 'node_modules', 'n8n', 'bin', 'n8n') };
}

function n8nDir(version: N8nVersion): string {
	return join(cacheDir(), `n8n-${version}`);
}

async function download(
	workDir: string,
	version: N8nVersion,
	node: string,
	{ progress, signal }: InstallOptions,
): Promise<void> {
	const { overrides, requests } = RECIPES[version];
	await writeFile(
		join(workDir, 'package.json'),
		JSON.stringify({ private: true, dependencies: { n8n: version }, overrides }),
	);
	let done = 0;
	const count = (line: string) => {
		if (!line.startsWith('npm http fetch')) return;
		done += 1;
		progress(`n8n ${version}: downloading, ${Math.min(99, Math.floor((done * 100) / requests))} %`);
	};
	progress(`n8n ${version}: downloading (about 3 GB on disk, five minutes)`);
	// Without scripts: some optional native drivers cannot be built everywhere.
	const quiet = ['--no-audit', '--no-fund'];
	const install = ['install', '--ignore-scripts', '--loglevel=http', ...quiet];
	await npm(install, { cwd: workDir, node, onLine: count, signal });

	progress(
		`n8n ${version}: preparing its database driver (compiled here if there is no ready one)`,
	);
	const env: Record<string, string> = { npm_config_ignore_scripts: 'false' };
	const headers = headersOf(node);
	if (existsSync(join(headers, 'include', 'node', 'node.h'))) env.npm_config_nodedir = headers;
	await npm(['rebuild', 'sqlite3', '--foreground-scripts'], { cwd: workDir, node, env, signal });
}
