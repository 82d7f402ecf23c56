import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { npm } from './npm';
import { temporaryFolder } from './temporary';

const ROOT = resolve(__dirname, '..', '..');
const PACKAGE = 'n8n-nodes-konnect';

let packed: Promise<string> | undefined;

/**
 * Packs the built package as `npm publish` would, once per process.
 *
 * @returns the path of the tarball, in a temporary folder that is removed when the process ends
 */
export async function packPackage(): Promise<string> {
	if (!existsSync(join(ROOT, 'dist'))) {
		throw new Error('The package is not built yet: run `npm run build` first.');
	}
	packed ??= packFolder(ROOT, temporaryFolder('konnect-pack-'));
	return await packed;
}

/** `npm pack` in a folder. @returns the path of the tarball */
export async function packFolder(cwd: string, destination: string): Promise<string> {
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
	const [entry] = JSON.parse(await npm(args, { cwd })) as Array<{ filename: string }>;
	if (!entry) throw new Error('npm pack made nothing');
	return join(destination, entry.filename);
}

/** Where n8n looks for this package when it starts. */
export const packageFolder = (userFolder: string) =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE);

/**
 * Puts a package where n8n looks for community packages when it starts.
 *
 * @param source a tarball of `npm pack`, or a folder that was unpacked from one
 * @param userFolder n8n's N8N_USER_FOLDER
 */
export async function installPackage(source: string, userFolder: string): Promise<void> {
	const target = packageFolder(userFolder);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	if (!source.endsWith('.tgz')) return await cp(source, target, { recursive: true });
	await unpack(source, target);
}

/** Unpacks a tarball of `npm pack` into an existing folder. */
export async function unpack(tarball: string, folder: string): Promise<void> {
	await promisify(execFile)('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
}
