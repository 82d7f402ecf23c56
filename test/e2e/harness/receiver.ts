import { json } from 'node:stream/consumers';
import { serve } from '../../fixtures/server';

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Starts a server that takes what is posted to it, as the incoming webhook of a chat does. */
export async function startReceiver() {
	const bodies: unknown[] = [];
	const { url, close } = await serve(async (request, response) => {
		bodies.push(await json(request));
		response.end('ok');
	});
	return {
		url,
		/** The JSON bodies, in the order in which they came. */
		bodies,
		close,
	};
}
