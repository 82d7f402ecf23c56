import { Agent, request } from 'node:http';

/** One call of a webhook. */
export interface Shot {
	url: string;
	/** With a body the request is a POST, otherwise a GET. */
	body?: string;
	headers?: Record<string, string>;
	/** The status that the answer must have. */
	expected: number;
}

/**
 * Sends calls over connections that are kept open, `atOnce` at a time.
 *
 * @returns milliseconds until each answer was read
 * @throws when an answer is not the expected one
 */
export async function fire(shots: Shot[], atOnce: number): Promise<number[]> {
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	const answers: number[] = [];
	const queue = shots.values();
	const caller = async () => {
		for (const shot of queue) {
			const start = performance.now();
			const status = await send(agent, shot);
			if (status !== shot.expected) throw new Error(`${shot.url} was answered with ${status}`);
			answers.push(performance.now() - start);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, caller));
	agent.destroy();
	return answers;
}

async function send(agent: Agent, { url, body, headers }: Shot): Promise<number | undefined> {
	return await new Promise((resolve, reject) => {
		const method = body === undefined ? 'GET' : 'POST';
		const call = request(url, { agent, method, headers }, (response) => {
			response.on('end', () => resolve(response.statusCode)).on('error', reject);
			response.resume();
		});
		call.on('error', reject).end(body);
	});
}
