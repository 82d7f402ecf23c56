import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { Quota, Quotas } from '../../../../nodes/Konnect/webhook/state/quota';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

describe('a quota', () => {
	it('lets so many through in a while, and more when that is over', () => {
		const quota = new Quota(2, MINUTE);
		expect([0, 10, 20].map((now) => quota.take(now) !== undefined)).toEqual([true, true, false]);
		expect(quota.take(MINUTE - 1)).toBeUndefined();
		expect(quota.take(MINUTE)).toBeDefined();
		expect(quota.take(MINUTE)).toBeUndefined();
		expect(quota.take(MINUTE + 10)).toBeDefined();
	});

	it('takes a place back as if nothing had been', () => {
		const quota = new Quota(1, MINUTE);
		quota.take(0)?.();
		expect(quota.take(1)).toBeDefined();
		expect(quota.take(2)).toBeUndefined();
	});

	it('wakes one of those who wait for each place that comes back, in their order', async () => {
		const clock = new VirtualClock();
		const quota = new Quota(1, MINUTE);
		const first = quota.take(clock.now());
		const never = Deadline.in(clock, Infinity);
		const order: number[] = [];
		const waiting = [1, 2, 3].map(async (n) => {
			const giveBack = await quota.wait(never);
			order.push(n);
			return giveBack;
		});
		first?.();
		(await clock.until(waiting[0] as Promise<() => void>))();
		(await clock.until(waiting[1] as Promise<() => void>))();
		await clock.until(waiting[2] as Promise<() => void>);
		expect(order).toEqual([1, 2, 3]);
		expect(clock.now()).toBe(0);
	});

	it('lets those who wait through when the while is over, or go when they can wait no longer', async () => {
		const clock = new VirtualClock();
		const quota = new Quota(1, MINUTE);
		quota.take(clock.now());
		const impatient = quota.wait(Deadline.in(clock, 1_000));
		const patient = quota.wait(Deadline.in(clock, 2 * MINUTE));
		expect(await clock.until(impatient)).toBeUndefined();
		expect(clock.now()).toBe(1_000);
		expect(await clock.until(patient)).toBeDefined();
		expect(clock.now()).toBe(MINUTE);
	});

	it('has no more than five hundred wait', async () => {
		const clock = new VirtualClock();
		const quota = new Quota(1, MINUTE);
		quota.take(clock.now());
		const soon = Deadline.in(clock, 1_000);
		for (let n = 0; n < 500; n++) void quota.wait(soon);
		expect(await quota.wait(soon)).toBeUndefined();
		expect(clock.now()).toBe(0);
	});
});

describe('quotas of many things', () => {
	it('are kept apart, for the things that were used last', () => {
		const quotas = new Quotas(1, MINUTE, 2);
		expect(quotas.of('a').take(0)).toBeDefined();
		expect(quotas.of('a').take(1)).toBeUndefined();
		expect(quotas.of('b').take(2)).toBeDefined();
		expect(quotas.of('c').take(3)).toBeDefined();
		expect(quotas.of('b').take(4)).toBeUndefined();
		expect(quotas.of('a').take(5)).toBeDefined();
	});
});
