import type { IHttpRequestOptions } from 'n8n-workflow';
import fetch from 'node-fetch';

import type { Connection } from '../../nodes/Konnect/api/connection';
import type { HttpContext } from '../../nodes/Konnect/api/request';

/** The most requests of one run. Konnect allows about 100 a minute, and others may use the key. */
export const MOST_REQUESTS = 29;

/** How an attempt to pay is to end. `open`: the payer stays on the bank's 3-D Secure page. */
export type Outcome = 'failure' | 'success' | 'open';

/** The account with which the beliefs are checked. */
export interface Account {
	baseUrl: string;
	apiKey: string;
	walletId: string;
	/** The key of another merchant, to see whether a key reads the payments of others. */
	otherApiKey?: string | undefined;
	/** The older sandbox. */
	preprodUrl?: string | undefined;
	/** Makes an attempt to pay at a link; resolves when that is done. Absent: nobody is there to pay. */
	pay?: ((payUrl: string, paymentRef: string, outcome: Outcome) => Promise<void>) | undefined;
}

/** One request and its answer, as they were. */
export interface Exchange {
	request: { method: string; url: string; hasKey: boolean; body: unknown };
	answer: { status: number; headers: Record<string, string>; body: unknown };
}

export interface Asked {
	method?: 'GET' | 'POST';
	/** A path below the base URL, or a whole address. */
	path: string;
	/** `null`: none is sent. Default: the account's. */
	key?: string | null;
	body?: unknown;
}

const TIMEOUT = 30_000;

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};

/** A conversation with Konnect that counts its requests and remembers what was said. */
export function talkTo(account: Account) {
	/** Oldest first. */
	const exchanges: Exchange[] = [];
	let sent = 0;

	async function ask({ method = 'GET', path, key = account.apiKey, body }: Asked) {
		// Counted before it is sent, because a request without an answer is spent too.
		if (++sent > MOST_REQUESTS)
			throw new Error(`the limit of ${MOST_REQUESTS} requests is reached`);
		const url = /^https?:/.test(path) ? path : `${account.baseUrl}${path}`;
		const response = await fetch(url, {
			method,
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT),
			headers: {
				accept: 'application/json',
				...(key !== null && { 'x-api-key': key }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const answer = {
			status: response.status,
			headers: Object.fromEntries(response.headers),
			body: parsed(await response.text()),
		};
		exchanges.push({ request: { method, url, hasKey: key !== null, body }, answer });
		return answer;
	}

	const httpRequest = async ({ method, url, body }: IHttpRequestOptions) => {
		const answer = await ask({ method: method as 'GET' | 'POST', path: url, body });
		return { statusCode: answer.status, headers: answer.headers, body: answer.body };
	};
	/** For our own code, whose requests are counted and recorded too. */
	const context: HttpContext = { helpers: { httpRequest } };
	const connection: Connection = { ...account, environment: 'custom', webhookSecrets: [] };
	return { account, exchanges, ask, context, connection };
}

export type Talk = ReturnType<typeof talkTo>;
