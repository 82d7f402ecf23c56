import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { freePorts } from '../n8n/ports';
import { temporaryFolder } from '../n8n/temporary';
import { findRedis } from './programs';
import { startService } from './service';

const HOST = '127.0.0.1';
const READY = /ready to accept connections/i;

/** A Redis of your own on 127.0.0.1 that keeps nothing on disk. */
export interface Redis {
	readonly host: string;
	readonly port: number;
	/** For instance `7.0.15`. */
	readonly version: string;
	close(): Promise<void>;
}

/** @throws when Redis is not installed or does not start */
export async function startRedis(): Promise<Redis> {
	const program = findRedis();
	if (!program) throw new Error('Redis is not installed');
	const folder = temporaryFolder('konnect-redis-');
	const [port] = (await freePorts(1)) as [number];
	const options = ['--bind', HOST, '--port', String(port), '--save', '', '--appendonly', 'no'];
	const server = await startService([program, ...options, '--dir', folder], folder, READY);
	const { stdout } = await promisify(execFile)(program, ['--version']);
	return {
		host: HOST,
		port,
		version: /v=(\S+)/.exec(stdout)?.[1] ?? '',
		close: async () => {
			await server.stop();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}
