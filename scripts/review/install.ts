import { join } from 'node:path';
import { cacheDir, isComplete } from '../n8n/cache';
import { installPackages, type InstallOptions } from '../n8n/packages';

/**
 * The scanner that n8n runs on a published package and on its sources. It brings 0.2 GB, so it is no development dependency but
 * lives in the cache folder, as n8n does.
 */
const SCANNER = { name: '@n8n/scan-community-package', version: '0.32.0' };

export interface Scanner {
	/** The folder with the scanner's `node_modules`. */
	dir: string;
	/** The scanner's own folder. */
	packageDir: string;
}

/** Whether `installScanner` would return at once. */
export const hasScanner = () => isComplete(scannerDir());

/** Installs the scanner into the cache folder, or finds it there. */
export async function installScanner(options: InstallOptions): Promise<Scanner> {
	const { name, version } = SCANNER;
	const dir = scannerDir();
	const dependencies = { [name]: version };
	await installPackages({ title: `${name} ${version}`, dir, dependencies }, options);
	return { dir, packageDir: join(dir, 'node_modules', ...name.split('/')) };
}

const scannerDir = () => join(cacheDir(), `review-scan-${SCANNER.version}`);
