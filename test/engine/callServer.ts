import type { AddressInfo } from 'node:net';

import express from 'express';

export interface CallServer {
	/** The address that calls are sent to. */
	url: string;
	close(): Promise<void>;
}

/** Takes calls at a path as n8n's server does: with its query parser, and 500 for what throws. */
export async function serveCalls(
	path: string,
	handle: (request: express.Request, response: express.Response) => Promise<void>,
): Promise<CallServer> {
	const app = express();
	app.set('query parser', 'extended');
	app.get(path, (request, response) => {
		handle(request, response).catch(() => response.status(500).json({ message: 'Internal error' }));
	});
	const server = app.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${path}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Has a context of n8n log into a list, with the level where it is not debug. */
export function logInto(log: string[], context: object): void {
	const warn = (line: string) => log.push(`warn: ${line}`);
	Object.defineProperty(context, 'logger', {
		value: { debug: (line: string) => log.push(line), info() {}, warn, error() {} },
	});
}
