import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Starts a server that takes what is posted to it, as the incoming webhook of a chat does. */
export async function startReceiver() {
	const bodies: unknown[] = [];
	const server = createServer(async (request, response) => {
		bodies.push(await json(request));
		response.end('ok');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	return {
		url: `http://127.0.0.1:${port}`,
		/** The JSON bodies, in the order in which they came. */
		bodies,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
