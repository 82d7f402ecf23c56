import { CLOCK } from '../../../nodes/Konnect/api/clock';
import { MOST_THROTTLES, Throttles } from '../../../nodes/Konnect/api/throttles';
import type { HttpContext } from '../../../nodes/Konnect/api/request';
import { send } from '../../../nodes/Konnect/api/request';
import { connection } from '../../fixtures/konnect';

const MINUTE = 60_000;
/** A clock without randomness. */
const STEADY = { ...CLOCK, random: () => 0.5 };
const LIMIT = 100;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/**
 * A Konnect that takes 100 requests a minute: in the last 60 seconds (`sliding`), or in each minute since it began (`fixed`).
 * A request counts when it arrives.
 */
function limitedKonnect(window: 'sliding' | 'fixed', retryAfter: boolean, latency: number) {
	const begun = Date.now();
	const counts = { made: 0, refused: 0 };
	let recent: number[] = [];
	const httpRequest: HttpContext['helpers']['httpRequest'] = async () => {
		const now = Date.now();
		const minute = begun + Math.floor((now - begun) / MINUTE) * MINUTE;
		const since = window === 'sliding' ? now - MINUTE : minute - 1;
		recent = recent.filter((at) => at > since);
		const isFull = recent.length >= LIMIT;
		const oldest = window === 'sliding' ? (recent[0] ?? now) : minute;
		if (isFull) counts.refused++;
		else counts.made++;
		if (!isFull) recent.push(now);
		await new Promise((resolve) => setTimeout(resolve, latency));
		const seconds = Math.max(1, Math.ceil((oldest + MINUTE - now) / 1000));
		const headers = isFull && retryAfter ? { 'retry-after': String(seconds) } : {};
		return { statusCode: isFull ? 429 : 200, body: {}, headers };
	};
	return { counts, context: { helpers: { httpRequest } } };
}

const POST = { method: 'POST', path: '/payments/init-payment', body: {} } as const;

/** Sends the requests of an execution with `items` items, `atOnce` at a time, and runs all timers that they wait for. */
async function sendAll(context: HttpContext, items: number, atOnce: number, throttles: Throttles) {
	let next = 0;
	const work = async () => {
		while (next++ < items) await send(context, connection, POST, { timeout: 10_000 }, throttles);
	};
	const all = Promise.all(Array.from({ length: atOnce }, work));
	await jest.runAllTimersAsync();
	await all;
}

describe('300 items under a limit of 100 requests a minute', () => {
	const cases = (['sliding', 'fixed'] as const).flatMap((window) =>
		[true, false].flatMap((retryAfter) =>
			[1, 200].flatMap((latency) =>
				[1, 3, 5].map((atOnce) => ({ window, retryAfter, latency, atOnce })),
			),
		),
	);

	it.each(cases)('are all made, hardly one refused: %j', async (limit) => {
		const { context, counts } = limitedKonnect(limit.window, limit.retryAfter, limit.latency);
		const startedAt = Date.now();
		await sendAll(context, 300, limit.atOnce, new Throttles(STEADY));
		expect(counts.made).toBe(300);
		expect(counts.refused / (counts.made + counts.refused)).toBeLessThanOrEqual(0.05);
		expect(Date.now() - startedAt).toBeLessThan(5 * MINUTE);
	});
});

/** Throttles after a refusal that asked for a pause of this many seconds. */
function throttlesPausedFor(seconds: number): Throttles {
	const throttles = new Throttles(CLOCK);
	throttles.slowDown(connection, CLOCK.now(), seconds * 1000);
	return throttles;
}

const soon = () => CLOCK.now() + 10 * MINUTE;

describe('throttles', () => {
	it('hold back the key that was refused, and no other', async () => {
		const throttles = throttlesPausedFor(20);
		const begun = Date.now();
		for (const other of [
			{ ...connection, apiKey: 'another:key' },
			{ ...connection, baseUrl: 'https://api.konnect.network/api/v2' },
		]) {
			expect(await throttles.turn(other, soon(), [])).toBe('go');
		}
		expect(Date.now()).toBe(begun);
		const turn = throttles.turn({ ...connection }, soon(), []);
		await jest.runAllTimersAsync();
		expect(await turn).toBe('go');
		expect(Date.now() - begun).toBeGreaterThanOrEqual(20_000);
	});

	it('say at once that a turn would come too late', async () => {
		const throttles = throttlesPausedFor(20);
		const begun = CLOCK.now();
		expect(await throttles.turn(connection, begun + 19_000, [])).toBe('late');
		const waiting = Array.from(
			{ length: 30 },
			async () => await throttles.turn(connection, soon(), []),
		);
		// The first turn would be in time, but thirty requests are before this one.
		expect(await throttles.turn(connection, begun + 25_000, [])).toBe('late');
		expect(CLOCK.now()).toBe(begun);
		await jest.runAllTimersAsync();
		expect(await Promise.all(waiting)).toEqual(Array(30).fill('go'));
	});

	it('let no request wait for a Konnect that has refused everything for ten minutes', async () => {
		const throttles = throttlesPausedFor(1);
		for (let minute = 0; minute < 11; minute++) {
			await jest.advanceTimersByTimeAsync(MINUTE);
			throttles.slowDown(connection, CLOCK.now() - 1, 1_000);
		}
		const begun = CLOCK.now();
		expect(await throttles.turn(connection, soon(), [])).toBe('late');
		expect(CLOCK.now()).toBe(begun);
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await throttles.turn(connection, soon(), [])).toBe('go');
	});

	it('make room at once for those behind one that gives up', async () => {
		const throttles = throttlesPausedFor(20);
		const stop = new AbortController();
		const gone = throttles.turn(connection, soon(), [stop.signal]);
		const next = throttles.turn(connection, soon(), []);
		stop.abort();
		expect(await gone).toBe('stopped');
		const begun = Date.now();
		await jest.runAllTimersAsync();
		expect(await next).toBe('go');
		expect(Date.now() - begun).toBeLessThan(21_000);
	});

	it('are forgotten when they are off', async () => {
		const throttles = throttlesPausedFor(1);
		expect(throttles.size).toBe(1);
		await jest.advanceTimersByTimeAsync(3 * MINUTE);
		expect(await throttles.turn(connection, soon(), [])).toBe('go');
		expect(throttles.size).toBe(0);
	});

	const withKey = (key: number) => ({ ...connection, apiKey: `key:${key}` });
	const isHeld = async (throttles: Throttles, key: number) =>
		(await throttles.turn(withKey(key), CLOCK.now() + 1, [])) === 'late';

	it('give up the one refused longest ago', async () => {
		const throttles = new Throttles(CLOCK);
		for (const key of [0, 1, 0]) throttles.slowDown(withKey(key), CLOCK.now(), 5 * MINUTE);
		for (let key = 2; key <= MOST_THROTTLES; key++) {
			throttles.slowDown(withKey(key), CLOCK.now(), 5 * MINUTE);
		}
		expect([await isHeld(throttles, 0), await isHeld(throttles, 1)]).toEqual([true, false]);
	});
});
