import { Limiter } from '../../../../nodes/Konnect/webhook/state/limiter';
import { settle, VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

const always = () => true;

function setUp(most: number) {
	const clock = new VirtualClock();
	const limiter = new Limiter(clock, most);
	/** Gives a place, or nothing where there is none at once. */
	const take = async (from = limiter) => {
		let isWanted = true;
		const place = from.wait(() => isWanted);
		await settle();
		isWanted = false;
		return await Promise.race([place, settle()]);
	};
	return { clock, limiter, take };
}

describe('a limiter', () => {
	it('lets so many through in a minute, and more when that is over', async () => {
		const { clock, take } = setUp(2);
		expect(await take()).toBeDefined();
		expect(await take()).toBeDefined();
		await clock.advance(MINUTE - 1);
		expect(await take()).toBeUndefined();
		await clock.advance(1);
		expect(await take()).toBeDefined();
	});

	it('takes a place back as if it had never been taken', async () => {
		const { take } = setUp(1);
		(await take())?.();
		expect(await take()).toBeDefined();
		expect(await take()).toBeUndefined();
	});

	it('serves the longest wait first, and passes over waiters that want no place any more', async () => {
		const { clock, limiter, take } = setUp(1);
		const giveBack = await take();
		const order: string[] = [];
		const wait = async (name: string, since: number) => {
			(await limiter.wait(always, since))?.();
			order.push(name);
		};
		const unwanted = limiter.wait(() => clock.now() === 0, -9);
		const waiting = Promise.all([wait('newer', 5), wait('older', 1)]);
		await clock.advance(1_000);
		giveBack?.();
		await clock.until(waiting);
		expect(await unwanted).toBeUndefined();
		expect(order).toEqual(['older', 'newer']);
		expect(clock.now()).toBe(1_000);
	});

	it('serves the waiters when the minute is over', async () => {
		const { clock, limiter, take } = setUp(2);
		await take();
		await take();
		const waiting = [1, 2, 3].map(async () => await limiter.wait(always));
		await clock.until(Promise.all(waiting.slice(0, 2)));
		expect(clock.now()).toBe(MINUTE);
		await clock.until(Promise.all(waiting));
		expect(clock.now()).toBe(2 * MINUTE);
	});

	it('lets five hundred wait; those that want no place any more leave first', async () => {
		const { clock, limiter, take } = setUp(1);
		await take();
		let isThere = true;
		const unwanted = limiter.wait(() => isThere);
		for (let n = 1; n < 500; n++) void limiter.wait(always);
		expect(await limiter.wait(always)).toBeUndefined();
		isThere = false;
		const last = limiter.wait(always);
		expect(await unwanted).toBeUndefined();
		expect(await Promise.race([last, settle().then(() => 'waits')])).toBe('waits');
		expect(clock.now()).toBe(0);
	});

	it('drops the last waiter for one that goes before it', async () => {
		const { clock, limiter, take } = setUp(1);
		await take();
		await clock.advance(1);
		const waiting = Array.from({ length: 500 }, async () => await limiter.wait(always));
		const older = limiter.wait(always, 0);
		expect(await waiting.at(-1)).toBeUndefined();
		expect(await clock.until(older)).toBeDefined();
		expect(clock.now()).toBe(MINUTE);
	});
});
