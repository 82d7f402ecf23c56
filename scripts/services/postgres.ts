import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, HOST } from '../n8n/ports';
import type { RunningProcess } from '../n8n/process';
import { temporaryFolder } from '../n8n/temporary';
import { findInstalled, removeFolder, startService } from './programs';

const run = promisify(execFile);

const USER = 'n8n';
const DATABASE = 'postgres';
const READY = /database system is ready to accept connections/;

/** A PostgreSQL of your own on 127.0.0.1. Its data are deleted when it is closed. */
export interface Postgres {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly database: string;
	/** For instance `15.14`. */
	readonly version: string;
	/** Cuts all connections and stops; the data stay. */
	stop(): Promise<void>;
	/** Starts it again, on the same port. */
	start(): Promise<void>;
	/** Runs SQL, and resolves with the rows as lines, their columns separated by `|`. */
	query(sql: string): Promise<string[]>;
	close(): Promise<void>;
}

/** @throws when PostgreSQL is not installed or does not start */
export async function startPostgres(): Promise<Postgres> {
	const bin = findInstalled('postgresql');
	const folder = temporaryFolder('konnect-postgres-');
	const data = join(folder, 'data');
	const asUser = await unprivileged(folder);
	const [port] = (await freePorts(1)) as [number];
	const serve = async () =>
		await startService(serverCommand(bin, data, port, asUser), folder, READY);

	// No password, because it listens on this machine alone and lives as long as a test.
	const create = [join(bin, 'initdb'), '-D', data, '-U', USER, '--auth=trust', '--no-sync'];
	const [command = '', ...args] = [...asUser, ...create, '--encoding=UTF8', '--locale=C'];
	await run(command, args, { cwd: folder });
	let server: RunningProcess | undefined = await serve();
	// On SIGINT, PostgreSQL does not wait for its clients to disconnect.
	const stop = async () => {
		await server?.stop('SIGINT');
		server = undefined;
	};
	const query = async (sql: string) => {
		const at = ['-h', HOST, '-p', String(port), '-U', USER, '-d', DATABASE];
		const options = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align'];
		const { stdout } = await run(join(bin, 'psql'), [...at, ...options, '-c', sql]);
		return stdout.split('\n').filter(Boolean);
	};
	return {
		host: HOST,
		port,
		user: USER,
		database: DATABASE,
		version: (await query('SHOW server_version'))[0] ?? '',
		query,
		stop,
		start: async () => {
			server ??= await serve();
		},
		close: async () => {
			await stop();
			await removeFolder(folder);
		},
	};
}

function serverCommand(bin: string, data: string, port: number, asUser: string[]) {
	const settings = {
		listen_addresses: HOST,
		port,
		unix_socket_directories: '',
		// Shared memory of another kind would outlive a server that is killed.
		dynamic_shared_memory_type: 'mmap',
		max_connections: 200,
	};
	const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return [...asUser, join(bin, 'postgres'), '-D', data, ...options];
}

/**
 * PostgreSQL refuses to run as root. For root, this gives the folder to the user that PostgreSQL's package has made, and returns
 * what to put before a command so that it runs as that user. For everybody else, it returns nothing.
 */
async function unprivileged(folder: string): Promise<string[]> {
	if (process.getuid?.() !== 0) return [];
	const id = async (kind: '-u' | '-g') => Number((await run('id', [kind, 'postgres'])).stdout);
	const [uid, gid] = [await id('-u'), await id('-g')];
	await chown(folder, uid, gid);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}
