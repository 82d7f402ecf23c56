import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { aptInstall, canInstall } from '../apt';
import { findNginx, findPostgres, findRedis } from './programs';

const HOW_TO =
	'The end-to-end tests of queue mode need PostgreSQL and Redis, and those behind a reverse proxy nginx. ' +
	'Install them (Debian and Ubuntu: apt-get install postgresql redis-server nginx; macOS: brew install ' +
	'postgresql redis nginx) and run this again. They need not be running: the tests start their own.';

/** Debian's packages, and how to tell that what is in them is there. */
const SERVICES: Record<string, () => string | undefined> = {
	postgresql: findPostgres,
	'redis-server': findRedis,
	nginx: findNginx,
};

const missing = () => Object.keys(SERVICES).filter((name) => SERVICES[name]?.() === undefined);

/** Debian asks this program, where there is one, before it starts a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';
/** Debian reads it when it is about to make a first database cluster. */
const CLUSTER_SETTINGS = '/etc/postgresql-common/createcluster.d/konnect-e2e.conf';

export const hasServices = () => missing().length === 0;

/**
 * Installs PostgreSQL, Redis and nginx, or what is missing of them, without leaving a server running or a
 * database cluster behind: the tests start their own.
 *
 * @throws with advice where that is not ours to do
 */
export async function installServices(
	progress: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	if (!canInstall()) throw new Error(HOW_TO);
	const packages = missing();
	const policy = await writeUnlessThere(POLICY, '#!/bin/sh\nexit 101\n', 0o755);
	const noCluster = await writeUnlessThere(CLUSTER_SETTINGS, 'create_main_cluster = false\n');
	try {
		await aptInstall(packages, HOW_TO, progress, signal);
		await keepFromStarting(packages);
	} finally {
		await noCluster.remove();
		await policy.remove();
	}
	if (!hasServices()) throw new Error(HOW_TO);
}

/** A file that was there before is left as it is, now and later. */
async function writeUnlessThere(path: string, text: string, mode = 0o644) {
	if (existsSync(path)) return { remove: async () => {} };
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text, { mode });
	return { remove: async () => await rm(path, { force: true }) };
}

/** Debian has the services that it installs start with the machine. */
async function keepFromStarting(services: string[]): Promise<void> {
	if (!existsSync('/run/systemd/system')) return;
	await promisify(execFile)('systemctl', ['disable', '--now', ...services]);
}
