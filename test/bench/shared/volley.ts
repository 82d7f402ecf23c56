import { Agent, request } from 'node:http';

/** One call of a webhook. */
export interface Shot {
	url: string;
	/** POST where there is one, else GET. */
	body?: string;
	headers?: Record<string, string>;
	/** The status that the answer must have. */
	expected: number;
}

export interface Volley {
	/** Epoch in ms. */
	startedAt: number;
	/** Until the last answer. */
	seconds: number;
	/** Milliseconds until each answer was read. */
	answers: number[];
}

/**
 * Sends calls over connections that are kept open, so many at a time that `atOnce` are always under way.
 *
 * @throws when an answer is not the expected one
 */
export async function fire(shots: Shot[], atOnce: number): Promise<Volley> {
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	const answers: number[] = [];
	const queue = shots.values();
	const caller = async () => {
		for (const shot of queue) answers.push(await send(agent, shot));
	};
	const startedAt = Date.now();
	const start = performance.now();
	await Promise.all(Array.from({ length: atOnce }, caller));
	const seconds = (performance.now() - start) / 1000;
	agent.destroy();
	return { startedAt, seconds, answers };
}

async function send(agent: Agent, { url, body, headers, expected }: Shot): Promise<number> {
	const start = performance.now();
	const { status, text } = await new Promise<{ status?: number; text: string }>(
		(resolve, reject) => {
			const method = body === undefined ? 'GET' : 'POST';
			const call = request(url, { agent, method, headers }, (response) => {
				let text = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => (text += chunk));
				response.on('end', () => resolve({ status: response.statusCode, text }));
				response.on('error', reject);
			});
			call.on('error', reject).end(body);
		},
	);
	if (status !== expected) throw new Error(`${url} was answered with ${status}: ${text}`);
	return performance.now() - start;
}
