import type { IHttpRequestOptions, IN8nHttpFullResponse, UserError } from 'n8n-workflow';

import type { Problem } from '../payment/result';
import { LONGEST_PAUSE } from './throttle';
import type { Clock } from './clock';
import type { Throttles } from './throttles';
import { sharedThrottles } from './throttles';
import type { Connection } from './connection';
import { mayHaveArrived } from './silence';

/** The part of n8n's contexts that sends requests: every context that has helpers has it. */
export interface HttpContext {
	helpers: { httpRequest(options: IHttpRequestOptions): Promise<unknown> };
}

export interface KonnectRequest {
	method: 'GET' | 'POST';
	/** Relative to the base URL, with a slash at the beginning. */
	path: string;
	body?: object;
}

/** How long a request may take, and what ends it. */
export interface Limits {
	/** For one try, in milliseconds. */
	timeout: number;
	/**
	 * For all tries and the waits between them, in milliseconds. Without it, the number of tries is the limit, and ten minutes if
	 * Konnect asks to slow down.
	 */
	budget?: number;
	/** Ends requests and waits when it fires: the execution was stopped. */
	signal?: AbortSignal;
	/** Ends waits when it fires, but lets a running request finish: nothing new may begin. */
	standDown?: AbortSignal;
	/** Whether the request serves a webhook's call. When Konnect asks to slow down, these requests go before all others. */
	isCall?: boolean;
}

/** The outcome of a request: Konnect's answer, or none. */
export type Reply =
	| { kind: 'answer'; status: number; body: unknown; retryAfter: number | undefined }
	/** `sent` is false if the request cannot have reached Konnect. `code` is the error code of the system or the HTTP client. */
	| { kind: 'silence'; code: string; sent: boolean }
	/** Not sent: Konnect has asked to slow down, and the turn of this request would have come too late. */
	| { kind: 'held' }
	/** Not sent: n8n blocks it, for instance because it goes to n8n's own network. `problem` is in n8n's words. */
	| { kind: 'blocked'; problem: Problem };

export const MAX_TRIES = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;
/** Milliseconds. A server that asks for a longer wait is given up on. */
const LONGEST_RETRY_AFTER = 30_000;

/**
 * How long a request waits while Konnect asks to slow down, in milliseconds. Konnect counts by the minute. Ten minutes leave time
 * for the requests that are ahead in the line.
 */
export const SLOW_DOWN_BUDGET = 10 * 60_000;

/** A request that was ended before it was sent, or after it was refused. */
const STOPPED: Reply = { kind: 'silence', code: 'ERR_CANCELED', sent: false };

/**
 * Sends a request to Konnect and repeats it where that is safe. Never throws for what Konnect or the network does.
 *
 * The key is set here and not by n8n's httpRequestWithAuthentication: that resolves the credential for every request, sends a
 * refused request twice (a POST too), and hides the body of an error, which holds what Konnect has to say.
 */
export async function send(
	context: HttpContext,
	connection: Connection,
	request: KonnectRequest,
	limits: Limits,
	throttles: Throttles = sharedThrottles,
): Promise<Reply> {
	const { clock } = throttles;
	const begun = clock.now();
	const deadline = begun + (limits.budget ?? Infinity);
	const latest = begun + (limits.budget ?? SLOW_DOWN_BUDGET);
	const stops = [limits.signal, limits.standDown].filter((signal) => signal !== undefined);
	let refusal: Reply = { kind: 'held' };
	for (let tries = 0; ;) {
		const turn = await throttles.turn(connection, latest, stops, limits.isCall);
		if (turn !== 'go') return turn === 'stopped' ? STOPPED : refusal;
		const sentAt = clock.now();
		const timeout = Math.min(limits.timeout, deadline - sentAt);
		const reply = await sendOnce(context, connection, request, timeout, limits.signal, clock);
		if (reply.kind === 'answer' && reply.status === 429) {
			refusal = reply;
			throttles.slowDown(connection, sentAt, reply.retryAfter);
			if ((reply.retryAfter ?? 0) > LONGEST_PAUSE) return reply;
			continue;
		}
		if (reply.kind === 'answer') throttles.passed(connection, sentAt);
		tries++;
		if (tries === MAX_TRIES || !isWorthRepeating(request.method, reply)) return reply;
		const wait = waitAfter(tries, reply, clock.random());
		if (wait === undefined || clock.now() + wait >= deadline) return reply;
		await clock.pause(wait, stops);
	}
}

/**
 * Whether a request may be sent again after this reply, which is not a 429. A GET changes nothing. A POST makes a payment, and
 * Konnect has no idempotency keys. So `send` repeats it only after a 429, with which Konnect says that it did not carry it out.
 */
export function isWorthRepeating(method: KonnectRequest['method'], reply: Reply): boolean {
	if (method === 'POST') return false;
	if (reply.kind === 'silence') return reply.code !== 'ERR_CANCELED';
	return reply.kind === 'answer' && reply.status >= 500;
}

/**
 * Milliseconds to wait after the given try: what Konnect asked for, else doubling from half a second with up to a quarter off
 * at random, so that many clients do not come back at once. Undefined where Konnect asks to wait for too long.
 *
 * @param random from 0 up to 1
 */
export function waitAfter(tries: number, reply: Reply, random: number): number | undefined {
	const asked = reply.kind === 'answer' ? reply.retryAfter : undefined;
	if (asked !== undefined) return asked <= LONGEST_RETRY_AFTER ? asked : undefined;
	const wait = Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT);
	return Math.round(wait * (1 - random / 4));
}

/** Milliseconds of a `Retry-After` header, which is a number of seconds or a date (RFC 9110, 10.2.3). */
export function readRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string') return undefined;
	if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1000;
	// `Date.parse` reads all sorts of texts as dates, even "-1".
	const date = /^[a-z]{3,9}, /i.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Sends a request once, and gives the outcome, good or bad. */
export async function sendOnce(
	{ helpers }: HttpContext,
	connection: Connection,
	request: KonnectRequest,
	timeout: number,
	signal: AbortSignal | undefined,
	clock: Clock,
): Promise<Reply> {
	const end = endOf(clock, timeout, signal);
	try {
		const response = (await helpers.httpRequest({
			method: request.method,
			url: `${connection.baseUrl}${request.path}`,
			headers: { 'x-api-key': connection.apiKey, accept: 'application/json' },
			body: request.body as IHttpRequestOptions['body'],
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			abortSignal: end.signal,
		})) as IN8nHttpFullResponse;
		return {
			kind: 'answer',
			status: response.statusCode,
			body: response.body,
			retryAfter: readRetryAfter(response.headers['retry-after'], clock.date()),
		};
	} catch (error) {
		const problem = blockOf(error);
		if (problem) return { kind: 'blocked', problem };
		const code = end.signal.aborted && !signal?.aborted ? 'ETIMEDOUT' : codeOf(error);
		return { kind: 'silence', code, sent: mayHaveArrived(code) };
	} finally {
		end.release();
	}
}

/**
 * A signal that fires when the time is up, or with the execution's own signal. n8n's timeout restarts with every byte, so it
 * never ends a slow trickle. AbortSignal.any would leave a listener on the execution's signal for each request. `release` keeps
 * the signal from firing after the request is over, which would cost an error with its stack.
 */
function endOf(clock: Clock, timeout: number, signal: AbortSignal | undefined) {
	const end = new AbortController();
	let isReleased = false;
	const fire = () => {
		if (!isReleased) end.abort();
	};
	void clock.sleep(timeout).then(fire);
	signal?.addEventListener('abort', fire, { once: true });
	if (signal?.aborted) fire();
	return {
		signal: end.signal,
		release: () => {
			isReleased = true;
			signal?.removeEventListener('abort', fire);
		},
	};
}

/** Why n8n blocked a request, if it did. Its HTTP client may have wrapped that error in one of its own. */
function blockOf(error: unknown): Problem | undefined {
	const blocked = [error, (error as Error | null | undefined)?.cause].find(isUserError);
	return blocked && { message: blocked.message, description: blocked.description ?? '' };
}

/** Compares the names of the error's classes: if n8n has another copy of `n8n-workflow` than the nodes, the classes differ. */
function isUserError(error: unknown): error is UserError {
	for (let at: unknown = error; at instanceof Error; at = Object.getPrototypeOf(at)) {
		if (at.constructor.name === 'UserError') return true;
	}
	return false;
}

function codeOf(error: unknown): string {
	const { code } = (error ?? {}) as { code?: unknown };
	return typeof code === 'string' ? code : 'EUNKNOWN';
}
