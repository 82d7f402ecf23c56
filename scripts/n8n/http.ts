import { Agent } from 'node:http';
import fetch from 'node-fetch';

/** n8n refused a request; the message is n8n's own. */
export class N8nRequestError extends Error {
	constructor(
		message: string,
		readonly status: number,
		readonly body: unknown,
	) {
		super(message);
	}
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Request = <T>(method: Method, path: string, body?: unknown) => Promise<T>;

// A connection kept open would break when a test restarts n8n on the same port.
const agent = new Agent({ keepAlive: false });

/** Makes a function that calls n8n's REST interface at `url`. It keeps the login's cookie. */
export function requester(url: string): Request {
	let cookie = '';
	return async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			agent,
			headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const { 'set-cookie': cookies = [] } = response.headers.raw();
		const login = cookies.find((line) => line.startsWith('n8n-auth='));
		if (login) cookie = login.split(';')[0] ?? '';

		const text = await response.text();
		const answer = parse(text);
		if (!response.ok) {
			const message = `${method} /rest${path} → ${response.status}: ${messageOf(answer) ?? text}`;
			throw new N8nRequestError(message, response.status, answer);
		}
		return dataOf(answer) as T;
	};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function messageOf(answer: unknown): string | undefined {
	if (Array.isArray(answer)) return messageOf(answer[0]);
	if (typeof answer !== 'object' || answer === null || !('message' in answer)) return undefined;
	return String(answer.message);
}

/** Most answers are wrapped as `{"data": …}`; some lists have a count beside it. */
function dataOf(answer: unknown): unknown {
	const wrapped = typeof answer === 'object' && answer !== null && 'data' in answer;
	return wrapped ? answer.data : answer;
}
