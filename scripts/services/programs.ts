import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian puts the PostgreSQL servers: a folder for each major version, none of them on PATH. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** The folder with PostgreSQL's `initdb`, `postgres` and `psql`; the newest where there are several. */
export function findPostgres(): string | undefined {
	const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES) : [];
	const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
	const debian = newestFirst.map((version) => join(DEBIAN_POSTGRES, version, 'bin'));
	return [...debian, ...searchPath()].find((folder) =>
		['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
	);
}

/** The program `redis-server`. */
export const findRedis = () => findProgram('redis-server');

/** The program `nginx`. */
export const findNginx = () => findProgram('nginx');

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MACOS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** An installed Chromium or Chrome: CHROMIUM_PATH where that is set, else in a usual place. */
export const findChromium = () =>
	process.env.CHROMIUM_PATH || (findProgram(...CHROMIUM) ?? ON_MACOS.find(existsSync));

const findProgram = (...names: string[]): string | undefined =>
	searchPath()
		.flatMap((folder) => names.map((name) => join(folder, name)))
		.find(existsSync);

// Root's PATH lacks the folders for servers on some systems.
const searchPath = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
