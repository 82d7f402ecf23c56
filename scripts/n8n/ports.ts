import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** All our servers listen on this address, so that only this machine reaches them. */
export const HOST = '127.0.0.1';

/**
 * Asks the system for `count` ports that nobody listens on. Between this call and their use somebody else could still take one.
 */
export async function freePorts(count: number): Promise<number[]> {
	// All at once, so that none is given twice.
	const servers = await Promise.all(Array.from({ length: count }, async () => await listen(0)));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map(async (server) => await once(server.close(), 'close')));
	return ports;
}

/** Whether a server could listen on `port` now. */
export async function isFree(port: number): Promise<boolean> {
	try {
		const server = await listen(port);
		await once(server.close(), 'close');
		return true;
	} catch {
		return false;
	}
}

async function listen(port: number): Promise<Server> {
	const server = createServer().listen(port, HOST);
	await once(server, 'listening');
	return server;
}
