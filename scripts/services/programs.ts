import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { startProcess, untilReady, type RunningProcess } from '../n8n/process';

/** Where Debian puts the PostgreSQL servers: a folder for each major version, none of them on PATH. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql';
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MACOS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** How to find what the end-to-end tests need, by the names of Debian's packages. PostgreSQL is a folder, the rest are files. */
const PROGRAMS = {
	chromium: () =>
		process.env.CHROMIUM_PATH || (findProgram(...CHROMIUM) ?? ON_MACOS.find(existsSync)),
	postgresql: findPostgres,
	'redis-server': () => findProgram('redis-server'),
	nginx: () => findProgram('nginx'),
};

export type Program = keyof typeof PROGRAMS;

export const missingPrograms = () =>
	(Object.keys(PROGRAMS) as Program[]).filter((name) => !PROGRAMS[name]());

/** @throws when it is not installed */
export function findInstalled(name: Program): string {
	const found = PROGRAMS[name]();
	if (!found) throw new Error(`${name} is not installed`);
	return found;
}

/** The folder with `initdb`, `postgres` and `psql`; the newest where there are several. */
function findPostgres(): string | undefined {
	const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES) : [];
	const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
	const debian = newestFirst.map((version) => join(DEBIAN_POSTGRES, version, 'bin'));
	return [...debian, ...searchPath()].find((folder) => existsSync(join(folder, 'initdb')));
}

const findProgram = (...names: string[]): string | undefined =>
	searchPath()
		.flatMap((folder) => names.map((name) => join(folder, name)))
		.find(existsSync);

// Root's PATH lacks the folders for servers on some systems.
const searchPath = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];

/** Starts a server and resolves when it has written the line that says it is ready. */
export async function startService(
	[command = '', ...args]: string[],
	cwd: string,
	ready: RegExp,
): Promise<RunningProcess> {
	const child = startProcess(command, args, { cwd, env: { ...process.env, LC_ALL: 'C' } });
	await untilReady(child, () => ready.test(child.tail()));
	return child;
}

/** Removes a server's folder. It retries, because a child that is just ending may still write into it. */
export const removeFolder = async (folder: string) =>
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
