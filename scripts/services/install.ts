import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from '../n8n/process';
import { findChromium, findNginx, findPostgres, findRedis } from './programs';

const HOW_TO =
	'The end-to-end tests need Chromium or Chrome, those of queue mode PostgreSQL and Redis, and those behind a ' +
	'reverse proxy nginx. Install them (Debian and Ubuntu: apt-get install chromium postgresql redis-server nginx; ' +
	'macOS: brew install postgresql redis nginx, and https://www.google.com/chrome) and run this again. A browser ' +
	'elsewhere can be named in CHROMIUM_PATH. The servers need not be running: the tests start their own.';

/** Debian's packages, and how to tell that what is in them is there. */
const PROGRAMS: Record<string, () => string | undefined> = {
	chromium: findChromium,
	postgresql: findPostgres,
	'redis-server': findRedis,
	nginx: findNginx,
};
/** Those that Debian would have start with the machine. */
const SERVICES = ['postgresql', 'redis-server', 'nginx'];

/** Debian asks this program, where there is one, before it starts a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';
/** Debian reads it when it is about to make a first database cluster. */
const CLUSTER_SETTINGS = '/etc/postgresql-common/createcluster.d/konnect-e2e.conf';

/** What the end-to-end tests lack, by the names of Debian's packages. */
export const missingPrograms = () =>
	Object.keys(PROGRAMS).filter((name) => PROGRAMS[name]?.() === undefined);

/**
 * Installs the browser and the servers that are missing, without leaving a server running or a
 * database cluster behind: the tests start their own.
 *
 * @throws with advice where that is not ours to do
 */
export async function installPrograms(
	progress: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(HOW_TO);
	const packages = missingPrograms();
	const policy = await writeUnlessThere(POLICY, '#!/bin/sh\nexit 101\n', 0o755);
	const noCluster = await writeUnlessThere(CLUSTER_SETTINGS, 'create_main_cluster = false\n');
	try {
		await apt(['update'], progress, signal);
		await apt(['install', '--yes', '--no-install-recommends', ...packages], progress, signal);
		await keepFromStarting(packages.filter((name) => SERVICES.includes(name)));
	} finally {
		await noCluster.remove();
		await policy.remove();
	}
	if (missingPrograms().length > 0) throw new Error(HOW_TO);
}

async function apt(
	args: string[],
	progress: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const child = startProcess('apt-get', args, {
		cwd: '/',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		onLine: progress,
		signal,
	});
	const code = await child.exited;
	signal.throwIfAborted();
	if (code !== 0) throw new Error(`apt-get ${args[0]} failed:\n${child.tail(15)}\n\n${HOW_TO}`);
}

/** A file that was there before is left as it is, now and later. */
async function writeUnlessThere(path: string, text: string, mode = 0o644) {
	if (existsSync(path)) return { remove: async () => {} };
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text, { mode });
	return { remove: async () => await rm(path, { force: true }) };
}

async function keepFromStarting(services: string[]): Promise<void> {
	if (services.length === 0 || !existsSync('/run/systemd/system')) return;
	await promisify(execFile)('systemctl', ['disable', '--now', ...services]);
}
