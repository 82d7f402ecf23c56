import { getEventListeners } from 'node:events';

import { UserError } from 'n8n-workflow';

import { CLOCK } from '../../../nodes/Konnect/api/clock';
import { Throttles } from '../../../nodes/Konnect/api/throttles';
import type { KonnectRequest, Limits } from '../../../nodes/Konnect/api/request';
import { MAX_TRIES, send, SLOW_DOWN_BUDGET } from '../../../nodes/Konnect/api/request';
import { connection, contextOf } from '../../fixtures/konnect';
import { settle, VirtualClock } from '../../fixtures/virtualClock';

const GET: KonnectRequest = { method: 'GET', path: '/payments/6911c8a763c10de262b88c7c' };
const POST: KonnectRequest = {
	method: 'POST',
	path: '/payments/init-payment',
	body: { amount: 1 },
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

type Context = ReturnType<typeof contextOf>;

const sending = async (context: Context, request = GET, limits: Partial<Limits> = {}) =>
	await send(context, connection, request, { timeout: 10_000, ...limits }, new Throttles(CLOCK));

/** Sends a request, and runs all timers that it waits for. */
async function sent(context: Context, request = GET, limits: Partial<Limits> = {}) {
	const reply = sending(context, request, limits);
	await jest.runAllTimersAsync();
	return await reply;
}

describe('a request', () => {
	it('goes to the base URL with the key, and follows no redirect', async () => {
		const context = contextOf({ status: 200, body: { a: 1 } });
		expect(await sent(context, POST)).toMatchObject({
			kind: 'answer',
			status: 200,
			body: { a: 1 },
		});
		expect(context.requests).toHaveLength(1);
		expect(context.requests[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.sandbox.konnect.network/api/v2/payments/init-payment',
			headers: { 'x-api-key': connection.apiKey },
			body: { amount: 1 },
			disableFollowRedirect: true,
		});
	});

	it(`to read is given up after ${MAX_TRIES} tries`, async () => {
		const context = contextOf({ status: 503 });
		expect(await sent(context)).toMatchObject({ status: 503 });
		expect(context.requests).toHaveLength(MAX_TRIES);
	});

	it.each(['7', 'Thu, 01 Jan 2026 00:00:07 GMT'])(
		'waits as long as Konnect asks: %s',
		async (header) => {
			jest.setSystemTime(new Date('2026-01-01T00:00:00Z'));
			const context = contextOf(
				{ status: 429, headers: { 'retry-after': header } },
				{ status: 200 },
			);
			const reply = sending(context);
			await jest.advanceTimersByTimeAsync(6_999);
			expect(context.requests).toHaveLength(1);
			await jest.advanceTimersByTimeAsync(1);
			expect(context.requests).toHaveLength(2);
			expect(await reply).toMatchObject({ status: 200 });
		},
	);

	it('is not repeated beyond its budget', async () => {
		const context = contextOf({ status: 503 });
		const startedAt = Date.now();
		expect(await sent(context, GET, { budget: 1_000 })).toMatchObject({ status: 503 });
		expect(context.requests).toHaveLength(2);
		expect(Date.now() - startedAt).toBeLessThanOrEqual(1_000);
	});

	it('does not wait for a Konnect that asks for more than its budget', async () => {
		const context = contextOf({ status: 429, headers: { 'retry-after': '60' } });
		const startedAt = Date.now();
		expect(await sent(context, GET, { budget: 30_000 })).toMatchObject({ status: 429 });
		expect(context.requests).toHaveLength(1);
		expect(Date.now() - startedAt).toBe(0);
	});

	it.each([GET, POST])('outlasts twenty refusals for coming too fast: $method', async (request) => {
		const context = contextOf(...Array(20).fill({ status: 429 }), { status: 200 });
		expect(await sent(context, request)).toMatchObject({ status: 200 });
		expect(context.requests).toHaveLength(21);
	});

	it('is given up when Konnect refuses it for ten minutes', async () => {
		const context = contextOf({ status: 429 });
		const startedAt = Date.now();
		expect(await sent(context, POST)).toMatchObject({ status: 429 });
		expect(Date.now() - startedAt).toBeLessThanOrEqual(SLOW_DOWN_BUDGET);
		expect(context.requests.length).toBeGreaterThan(10);
		expect(context.requests.length).toBeLessThan(40);
	});

	it.each(['signal', 'standDown'])('is not sent once its %s has fired', async (name) => {
		const context = contextOf({ status: 200 });
		const limits = { [name]: AbortSignal.abort() };
		expect(await sent(context, POST, limits)).toEqual({
			kind: 'silence',
			code: 'ERR_CANCELED',
			sent: false,
		});
		expect(context.requests).toHaveLength(0);
	});

	it.each([429, 503])('stops waiting at once when the execution is stopped: %i', async (status) => {
		for (const name of ['signal', 'standDown']) {
			const stop = new AbortController();
			const context = contextOf({ status, headers: { 'retry-after': '20' } });
			const reply = sending(context, GET, { [name]: stop.signal });
			await jest.advanceTimersByTimeAsync(5_000);
			const stoppedAt = Date.now();
			stop.abort();
			expect(await reply).toMatchObject({ code: 'ERR_CANCELED', sent: false });
			expect(Date.now()).toBe(stoppedAt);
			expect(context.requests).toHaveLength(1);
		}
	});

	it.each(['signal', 'standDown'])('leaves nothing behind at its %s', async (name) => {
		const { signal } = new AbortController();
		const context = contextOf({ status: 429 }, { status: 503 }, { status: 200 });
		await sent(context, GET, { [name]: signal });
		expect(context.requests).toHaveLength(3);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('does not end the request under way when nothing new shall be begun', async () => {
		const standDown = new AbortController();
		let answer: (response: unknown) => void = () => {};
		const httpRequest = async ({ abortSignal }: { abortSignal?: unknown }) =>
			await new Promise((resolve, reject) => {
				answer = resolve;
				(abortSignal as AbortSignal).addEventListener('abort', reject);
			});
		const limits = { timeout: 10_000, standDown: standDown.signal };
		const reply = send({ helpers: { httpRequest } }, connection, POST, limits);
		await jest.advanceTimersByTimeAsync(1);
		standDown.abort();
		answer({ statusCode: 200, body: {}, headers: {} });
		expect(await reply).toMatchObject({ status: 200 });
	});

	it('may be given parts of milliseconds', async () => {
		for (const timeout of [16.1 * 1000, 0.0005]) {
			expect(await sent(contextOf({ status: 200 }), GET, { timeout })).toMatchObject({
				status: 200,
			});
		}
	});
});

describe('a request, in virtual time,', () => {
	beforeEach(() => jest.useRealTimers());

	/** A Konnect that never answers. `signals` has the signal that ends each request. */
	function silent() {
		const signals: AbortSignal[] = [];
		const httpRequest = async ({ abortSignal }: { abortSignal?: unknown }) =>
			await new Promise((_resolve, reject) => {
				const signal = abortSignal as AbortSignal;
				signals.push(signal);
				signal.addEventListener('abort', () =>
					reject(Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' })),
				);
			});
		return { context: { helpers: { httpRequest } }, signals };
	}

	const endOfSilence = async (limits: Limits, request = POST) => {
		const clock = new VirtualClock();
		const { context, signals } = silent();
		const reply = await clock.until(
			send(context, connection, request, limits, new Throttles(clock)),
		);
		return { reply, after: clock.now(), tries: signals.length };
	};

	it('is ended when its time is up, and may have reached Konnect', async () => {
		expect(await endOfSilence({ timeout: 7_000 })).toEqual({
			reply: { kind: 'silence', code: 'ETIMEDOUT', sent: true },
			after: 7_000,
			tries: 1,
		});
		const { signal } = new AbortController();
		expect(await endOfSilence({ timeout: 7_000, signal })).toMatchObject({
			reply: { code: 'ETIMEDOUT' },
			after: 7_000,
		});
	});

	it('has for its last try what is left of its budget', async () => {
		const { after, tries } = await endOfSilence({ timeout: 7_000, budget: 10_000 }, GET);
		expect([after, tries]).toEqual([10_000, 2]);
	});

	it('is ended when the execution is stopped', async () => {
		const stop = new AbortController();
		const { context, signals } = silent();
		const reply = send(context, connection, GET, { timeout: 7_000, signal: stop.signal });
		await settle();
		stop.abort();
		expect(await reply).toMatchObject({ kind: 'silence', code: 'ERR_CANCELED' });
		expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
	});

	it('that is over is ended by nothing that comes later', async () => {
		const clock = new VirtualClock();
		const stop = new AbortController();
		const context = contextOf({ status: 200 });
		const limits = { timeout: 7_000, signal: stop.signal };
		await clock.until(send(context, connection, GET, limits, new Throttles(clock)));
		await clock.advance(60_000);
		stop.abort();
		expect(context.requests[0]?.abortSignal).toMatchObject({ aborted: false });
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
	});

	describe('while Konnect asks to slow down', () => {
		const throttled = () => {
			const throttles = new Throttles(new VirtualClock());
			throttles.slowDown(connection, throttles.clock.now(), 20_000);
			return throttles;
		};

		it('goes in its turn, those for calls of webhooks before all others', async () => {
			const throttles = throttled();
			const clock = throttles.clock as VirtualClock;
			const order: string[] = [];
			const sendAs = async (name: string) => {
				const limits = { timeout: 1, isCall: name.startsWith('call') };
				await send(contextOf({ status: 200 }), connection, GET, limits, throttles);
				order.push(name);
			};
			const names = ['item 1', 'item 2', 'call 1', 'item 3', 'call 2'];
			await clock.until(Promise.all(names.map(sendAs)));
			expect(order).toEqual(['call 1', 'call 2', 'item 1', 'item 2', 'item 3']);
		});

		it('tells the throttle that it has passed', async () => {
			const throttles = throttled();
			const clock = throttles.clock as VirtualClock;
			const sending = send(contextOf({ status: 200 }), connection, GET, { timeout: 1 }, throttles);
			await clock.until(sending);
			throttles.slowDown(connection, clock.now(), undefined);
			const begun = clock.now();
			await clock.until(throttles.turn(connection, begun + 60_000, []));
			// Two and a quarter seconds, as after a first refusal, and not twice as long.
			expect(clock.now() - begun).toBeLessThan(2_500);
		});
	});
});

describe('where no answer comes', () => {
	it.each([
		...['ECONNREFUSED', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_NOT_YET_VALID'].map(
			(code) => [code, false] as const,
		),
		...['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EPROTO'].map((code) => [code, true] as const),
	])('it may have reached Konnect: %s, %s', async (code, maybe) => {
		const reply = await sent(contextOf({ error: code }), POST);
		expect(reply).toEqual({ kind: 'silence', code, sent: maybe });
	});

	const blocked = new UserError('It is a restricted address', { description: 'Ask your admin.' });
	/** As in n8n, where each kind of block is a subclass of `UserError`. */
	class SsrfBlockedIpError extends UserError {
		constructor() {
			super(blocked.message, { description: blocked.description });
		}
	}
	/** From a second copy of n8n-workflow, which npm installs beside the package unless it is told not to. */
	const blockedByAnotherCopy = () => {
		let error = blocked;
		jest.isolateModules(() => {
			const copy = jest.requireActual<typeof import('n8n-workflow')>('n8n-workflow');
			error = new copy.UserError(blocked.message, { description: blocked.description });
		});
		return error;
	};
	it.each([
		['as it is', blocked],
		['by a kind of its own', new SsrfBlockedIpError()],
		['by another copy of n8n-workflow', blockedByAnotherCopy()],
		['in an error of its HTTP client', Object.assign(new Error('it failed'), { cause: blocked })],
	])('because n8n lets nothing out, and says so %s, nothing was sent', async (_how, thrown) => {
		const httpRequest = jest.fn(async () => await Promise.reject(thrown));
		const reply = await send({ helpers: { httpRequest } }, connection, GET, { timeout: 1000 });
		expect(reply).toEqual({
			kind: 'blocked',
			problem: { message: 'It is a restricted address', description: 'Ask your admin.' },
		});
		expect(httpRequest).toHaveBeenCalledTimes(1);
	});

	it.each([undefined, null, 'text', new Error('no code'), { code: 7 }])(
		'and %p is thrown, the reply is a silence all the same',
		async (thrown) => {
			const httpRequest = () => Promise.reject(thrown);
			const reply = send({ helpers: { httpRequest } }, connection, POST, { timeout: 1000 });
			expect(await reply).toEqual({ kind: 'silence', code: 'EUNKNOWN', sent: true });
		},
	);
});
