import { execFileSync } from 'node:child_process';
import { freePorts, HOST } from '../n8n/ports';
import { temporaryFolder } from '../n8n/temporary';
import { findInstalled, removeFolder, startService } from './programs';

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
	const program = findInstalled('redis-server');
	const folder = temporaryFolder('konnect-redis-');
	const [port] = (await freePorts(1)) as [number];
	const options = ['--bind', HOST, '--port', String(port), '--save', '', '--appendonly', 'no'];
	const server = await startService([program, ...options, '--dir', folder], folder, READY);
	const about = execFileSync(program, ['--version'], { encoding: 'utf8' });
	return {
		host: HOST,
		port,
		version: /v=(\S+)/.exec(about)?.[1] ?? '',
		close: async () => {
			await server.stop();
			await removeFolder(folder);
		},
	};
}
