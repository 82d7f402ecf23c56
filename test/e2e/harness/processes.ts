import { rm } from 'node:fs/promises';
import { poll } from '../../../scripts/n8n/poll';
import { freePorts } from '../../../scripts/n8n/ports';
import { answersReady, type N8nMode, type N8nServer } from '../../../scripts/n8n/server';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { startServer, type ServerOptions } from './stage';

const READY_TIMEOUT_MS = 60_000;

/** The processes of one n8n, which keep their folders and ports over restarts. */
export async function processesOf(modes: N8nMode[], options: ServerOptions) {
	const ports = await freePorts(modes.length);
	const places = modes.map((mode, index) => ({
		...options,
		mode,
		port: ports[index],
		userFolder: options.userFolder ?? temporaryFolder(`konnect-n8n-${mode}-`),
	}));
	let servers: N8nServer[] = [];

	// The first process creates the database. The others must find it complete.
	const start = async () => {
		const [main, ...others] = places;
		servers = [await startServer(main)];
		const starts = await Promise.allSettled(others.map(startServer));
		for (const outcome of starts) {
			if (outcome.status === 'rejected') throw outcome.reason;
			servers.push(outcome.value);
		}
	};
	const end = async (signal: NodeJS.Signals) => {
		const ending = servers.map((server) =>
			signal === 'SIGKILL' ? server.kill() : server.stop(signal),
		);
		await Promise.all(ending);
		servers = [];
	};
	return {
		servers: () => servers,
		/** The addresses of those that serve webhooks. */
		processors: () => {
			const processors = servers.filter((_, index) => modes[index] === 'webhook');
			return (processors.length > 0 ? processors : servers).map(({ url }) => url);
		},
		start,
		crash: async (index: number) => {
			await servers[index]?.kill();
			return async () => {
				servers[index] = await startServer(places[index]);
			};
		},
		restart: async (signal: NodeJS.Signals) => {
			const from = Date.now();
			await end(signal);
			const endedIn = Date.now() - from;
			await start();
			return endedIn;
		},
		close: async () => {
			await end('SIGTERM');
			for (const { userFolder } of places) {
				await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
			}
		},
	};
}

/** Resolves when a process that runs says that it is ready. */
export async function isReady({ url, logs }: N8nServer): Promise<void> {
	const look = async () => (await answersReady(url)) || undefined;
	await poll(look, READY_TIMEOUT_MS, () => `n8n did not come back:\n${logs(20)}`);
}
