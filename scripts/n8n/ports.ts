import { createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';

/**
 * Asks the system for `count` ports that nobody listens on. They are held all at once before any is
 * given back, so they differ; between this call and their use somebody else could still take one.
 */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, async () => await listen(0)));
	const ports = servers.map(portOf);
	await Promise.all(servers.map(close));
	return ports;
}

/** Whether a server could listen on `port` now. */
export async function isFree(port: number): Promise<boolean> {
	try {
		await close(await listen(port));
		return true;
	} catch {
		return false;
	}
}

async function listen(port: number): Promise<Server> {
	const server = createServer();
	return await new Promise((resolve, reject) => {
		server.once('error', reject).listen(port, HOST, () => resolve(server));
	});
}

async function close(server: Server): Promise<void> {
	await new Promise((resolve) => server.close(resolve));
}

function portOf(server: Server): number {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
	return address.port;
}
