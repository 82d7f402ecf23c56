import fc from 'fast-check';

import { LONGEST_PAUSE, Throttle } from '../../../nodes/Konnect/api/throttle';

const refusal = { sentAt: 9_800, now: 10_000, random: 0 };
type Refusal = typeof refusal & { retryAfter?: number };

/** The throttle after a refusal. */
const refused = ({ sentAt, now, retryAfter, random }: Refusal, throttle = new Throttle()) => {
	throttle.refuse(sentAt, retryAfter, { now: () => now, random: () => random });
	return throttle;
};

const after = (retryAfter: number, before?: Throttle, now = 10_000) =>
	refused({ sentAt: now - 200, now, retryAfter, random: 0 }, before);

describe('a throttle', () => {
	it('holds nothing longer than five minutes', () => {
		expect(after(3_600_000).turnOf(0, 10_001)).toBe(10_000 + LONGEST_PAUSE);
	});

	it('holds twice as long after each refusal where Konnect does not say, half a minute at most', () => {
		const waits: number[] = [];
		const throttle = new Throttle();
		let now = 10_000;
		for (let refusals = 1; refusals <= 7; refusals++) {
			refused({ ...refusal, sentAt: now - 200, now }, throttle);
			waits.push(throttle.pausedUntil - now);
			now = throttle.pausedUntil + 200;
		}
		expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	});

	it.each([
		['two seconds again once a request has passed', 10_000, 12_000],
		['four seconds where only one passed that was sent before the refusal', 9_999, 14_000],
	])('holds for %s', (_name, sentAt, until) => {
		const throttle = refused(refusal);
		throttle.pass(sentAt);
		refused({ ...refusal, sentAt: 10_000 }, throttle);
		expect(throttle.pausedUntil).toBe(until);
	});

	it('spreads clients by up to a quarter of the wait', () => {
		const pauses = [0, 0.5, 1].map((random) => refused({ ...refusal, random }).pausedUntil);
		expect(pauses).toEqual([12_000, 12_250, 12_500]);
	});

	it('counts the refusals of requests that were under way together as one', () => {
		const throttle = after(1_000);
		const first = { ...throttle };
		refused({ ...refusal, now: 10_100, retryAfter: 1_500 }, throttle);
		expect({ ...throttle }).toEqual({ ...first, pausedUntil: 11_600 });
		refused({ ...refusal, now: 10_200 }, throttle);
		expect({ ...throttle }).toEqual({ ...first, pausedUntil: 11_600 });
	});

	it('lets requests go one by one, and faster and faster', () => {
		const throttle = after(0);
		const turns: number[] = [];
		for (let now = throttle.turnOf(0, 10_000); now < 130_000; now = throttle.turnOf(0, now)) {
			turns.push(now);
			throttle.lastAt = now;
		}
		const gaps = turns.slice(1).map((turn, index) => turn - (turns[index] ?? NaN));
		expect(gaps[0]).toBeGreaterThan(900);
		expect(gaps.at(-1)).toBeLessThan(200);
		gaps.slice(1).forEach((gap, index) => expect(gap).toBeLessThan(gaps[index] ?? NaN));
	});

	it('takes more than 45 seconds for the hundred requests that Konnect allows in a minute', () => {
		expect(after(0).turnOf(100, 10_000) - 10_000).toBeGreaterThan(45_000);
	});

	it('goes on at half the pace, and one in four seconds at least, when it is refused again', () => {
		const throttle = after(0);
		const paces = [throttle.pace];
		for (let now = 12_000; now < 30_000; now += 4_000) {
			after(0, throttle, now);
			paces.push(throttle.pace);
		}
		expect(paces).toEqual([1, 0.55, 0.375, 0.2875, 0.25, 0.25]);
	});

	it('never lets a request go at once again and again, whatever Konnect asks for', () => {
		const throttle = after(0, after(0), 12_000);
		expect(throttle.turnOf(0, 12_001)).toBeGreaterThan(13_000);
	});

	it('gives requests in line their turns in order', () => {
		fc.assert(
			fc.property(fc.nat(500), fc.nat(100_000), fc.nat(200_000), (ahead, wait, later) => {
				const throttle = after(wait);
				const turn = throttle.turnOf(ahead, 10_000 + later);
				expect(turn).toBeGreaterThanOrEqual(throttle.pausedUntil);
				expect(throttle.turnOf(ahead + 1, 10_000 + later)).toBeGreaterThan(turn);
			}),
		);
	});

	it('is off after two minutes without a refusal', () => {
		const throttle = after(60_000);
		expect(throttle.isOff(70_000 + 119_999)).toBe(false);
		expect(throttle.isOff(70_000 + 120_000)).toBe(true);
	});

	it('is hopeless when everything was refused for ten minutes', () => {
		const throttle = after(0, after(0), 300_000);
		expect(throttle.isHopeless(10_000 + 599_999)).toBe(false);
		expect(throttle.isHopeless(10_000 + 600_000)).toBe(true);
		throttle.pass(300_000);
		expect(throttle.isHopeless(10_000_000)).toBe(false);
	});
});
