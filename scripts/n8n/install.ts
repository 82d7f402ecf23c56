import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, isComplete } from './cache';
import { headersOf, installNode24 } from './node24';
import { npm } from './npm';
import { installPackages, type InstallOptions, type Packages } from './packages';

// A newer linkedom depends on a package that not every registry carries; n8n 2.0 names a version of
// xlsx that is published elsewhere.
const RECIPES = {
	'2.41.1': {
		overrides: { linkedom: '0.18.12' },
		effort: { requests: 2050, megabytes: 2900 },
	},
	'2.0.3': {
		overrides: { linkedom: '0.18.12', xlsx: '0.18.5' },
		effort: { requests: 2000, megabytes: 2400 },
	},
} satisfies Record<string, Pick<Packages, 'overrides' | 'effort'>>;

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
	const title = `n8n ${version}`;
	// Without install scripts, since some optional native drivers cannot be built everywhere; but for this one.
	const finish = async (cwd: string) => {
		options.progress(
			`${title}: preparing its database driver (compiled here if there is no ready one)`,
		);
		const env: Record<string, string> = { npm_config_ignore_scripts: 'false' };
		const headers = headersOf(node);
		if (existsSync(join(headers, 'include', 'node', 'node.h'))) env.npm_config_nodedir = headers;
		const { signal } = options;
		await npm(['rebuild', 'sqlite3', '--foreground-scripts'], { cwd, node, env, signal });
	};
	const dependencies = { n8n: version };
	await installPackages({ title, dir, dependencies, ...RECIPES[version], node, finish }, options);
	return { version, dir, node, cli: join(dir, 'node_modules', 'n8n', 'bin', 'n8n') };
}

function n8nDir(version: N8nVersion): string {
	return join(cacheDir(), `n8n-${version}`);
}
