import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, fillOnce } from '../../../scripts/n8n/cache';
import { npm } from '../../../scripts/n8n/npm';
import { packPackage } from '../../../scripts/n8n/pack';
import { temporaryFolder } from '../../../scripts/n8n/temporary';

/** Community packages for n8n: one for payments, one for shops, and others that talk to one service's API. */
const OTHERS: Record<string, string> = {
	'n8n-nodes-lemonsqueezy': '2.0.0',
	'n8n-nodes-tiendanube-integration': '1.6.7',
	'n8n-nodes-bling-erp': '0.1.5',
	'n8n-nodes-autentique': '2.1.3',
	'n8n-nodes-canva': '2.2.1',
	'@formbricks/n8n-nodes-formbricks': '1.0.2',
	'@mendable/n8n-nodes-firecrawl': '2.1.2',
};

export interface Package {
	name: string;
	version: string;
	dir: string;
	/** Kilobytes. */
	size: number;
	/** With all that is installed with it. */
	installed: number;
}

/** This package as it would be published, unpacked. */
export async function ourPackage(): Promise<Package> {
	const dir = join(temporaryFolder('konnect-load-'), 'package');
	await mkdir(dir);
	await promisify(execFile)('tar', [
		'-xzf',
		await packPackage(),
		'--strip-components=1',
		'-C',
		dir,
	]);
	const size = await kilobytesOf(dir);
	return { ...identityOf(dir), dir, size, installed: size };
}

/** The others, each in a folder of its own in the cache, installed without running any of their scripts. */
export async function installOthers(): Promise<Package[]> {
	const packages: Package[] = [];
	for (const [name, version] of Object.entries(OTHERS)) {
		const folder = join(cacheDir(), 'bench', `${name.replace('/', '+')}-${version}`);
		await fillOnce(
			folder,
			async (workDir) => {
				const manifest = JSON.stringify({ private: true, dependencies: { [name]: version } });
				await writeFile(join(workDir, 'package.json'), manifest);
				// n8n brings n8n-workflow and the like itself.
				const flags = ['--ignore-scripts', '--legacy-peer-deps', '--omit=dev', '--omit=optional'];
				await npm(['install', ...flags, '--no-audit', '--no-fund'], { cwd: workDir });
			},
			() => console.log(`${name}: waiting for another process, which is installing it`),
		);
		const modules = join(folder, 'node_modules');
		const dir = join(modules, name);
		const [size, installed] = [await kilobytesOf(dir), await kilobytesOf(modules)];
		packages.push({ ...identityOf(dir), dir, size, installed });
	}
	return packages;
}

function identityOf(dir: string): Pick<Package, 'name' | 'version'> {
	const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Package;
	return { name, version };
}

async function kilobytesOf(dir: string): Promise<number> {
	const files = await readdir(dir, { recursive: true, withFileTypes: true });
	const sizes = await Promise.all(
		files
			.filter((entry) => entry.isFile())
			.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
	);
	return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
