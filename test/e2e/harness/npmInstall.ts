import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { npm } from '../../../scripts/n8n/npm';
import { packPackage } from '../../../scripts/n8n/pack';
import { temporaryFolder } from '../../../scripts/n8n/temporary';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** npm in the folder where n8n's documentation has people install community nodes by hand. */
async function npmInNodes(userFolder: string, args: string[]): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	await mkdir(nodes, { recursive: true });
	const { node } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	await npm([...args, ...QUIET], { cwd: nodes, node });
}

/** `npm install`, as n8n's documentation says it. npm then adds n8n-workflow, which n8n has already. */
export async function npmInstall(userFolder: string, tarball: string): Promise<void> {
	await npmInNodes(userFolder, ['install', tarball]);
}

export async function npmUninstall(userFolder: string, name: string): Promise<void> {
	await npmInNodes(userFolder, ['uninstall', name]);
}

/** The package as `npm pack` makes it, under another version. */
export async function packAs(version: string): Promise<string> {
	const folder = temporaryFolder('konnect-repack-');
	await promisify(execFile)('tar', ['-xzf', await packPackage(), '-C', folder]);
	const unpacked = join(folder, 'package');
	const manifest = join(unpacked, 'package.json');
	const fields = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
	await writeFile(manifest, JSON.stringify({ ...fields, version }));
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
	const [entry] = JSON.parse(await npm(args, { cwd: unpacked })) as Array<{ filename: string }>;
	return join(folder, entry?.filename ?? '');
}
