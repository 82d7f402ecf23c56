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

const findProgram = (name: string): string | undefined =>
	searchPath()
		.map((folder) => join(folder, name))
		.find(existsSync);

// Root's PATH lacks the folders for servers on some systems.
const searchPath = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
