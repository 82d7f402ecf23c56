import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { npm } from '../../../scripts/n8n/npm';
import { packFolder, packPackage, unpack } from '../../../scripts/n8n/pack';
import { temporaryFolder } from '../../../scripts/n8n/temporary';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

/**
 * Runs npm in the folder where people install community nodes by hand, as n8n's documentation says. With a package, npm also
 * installs n8n-workflow, although n8n has it already.
 */
export async function npmInNodes(userFolder: string, ...args: string[]): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	await mkdir(nodes, { recursive: true });
	const { node } = await installN8n(DEFAULT_VERSION);
	await npm([...args, ...QUIET], { cwd: nodes, node });
}

/** The package as `npm pack` makes it, under another version. */
export async function packAs(version: string): Promise<string> {
	const folder = temporaryFolder('konnect-repack-');
	await unpack(await packPackage(), folder);
	const manifest = join(folder, 'package.json');
	const fields = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
	await writeFile(manifest, JSON.stringify({ ...fields, version }));
	return await packFolder(folder, temporaryFolder('konnect-pack-'));
}
