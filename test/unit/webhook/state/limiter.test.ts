import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { Limiter, Limiters } from '../../../../nodes/Konnect/webhook/state/limiter';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

function setUp(most: number) {
	const clock = new VirtualClock();
	return { clock, limiter: new Limiter(clock, most), now: () => Deadline.in(clock, 0) };
}

describe('a limiter', () => {
	it('lets so many through in a minute, and more when that is over', async () => {
		const { clock, limiter, now } = setUp(2);
		expect(await limiter.wait(now())).toBeDefined();
		expect(await limiter.wait(now())).toBeDefined();
		await clock.advance(MINUTE - 1);
		expect(await limiter.wait(now())).toBeUndefined();
		await clock.advance(1);
		expect(await limiter.wait(now())).toBeDefined();
	});

	it('takes a place back as if nothing had been', async () => {
		const { limiter, now } = setUp(1);
		(await limiter.wait(now()))?.();
		expect(await limiter.wait(now())).toBeDefined();
		expect(await limiter.wait(now())).toBeUndefined();
	});

	it('lets who has waited longest go first, and those go who can wait no longer', async () => {
		const { clock, limiter, now } = setUp(1);
		const giveBack = await limiter.wait(now());
		const order: string[] = [];
		const wait = async (name: string, since: number) => {
			(await limiter.wait(Deadline.in(clock, MINUTE), since))?.();
			order.push(name);
		};
		const impatient = limiter.wait(Deadline.in(clock, 1_000), -9);
		const waiting = Promise.all([wait('newer', 5), wait('older', 1)]);
		expect(await clock.until(impatient)).toBeUndefined();
		giveBack?.();
		await clock.until(waiting);
		expect(order).toEqual(['older', 'newer']);
		expect(clock.now()).toBe(1_000);
	});

	it('has no more than five hundred wait', async () => {
		const { clock, limiter, now } = setUp(1);
		await limiter.wait(now());
		for (let n = 0; n < 500; n++) void limiter.wait(Deadline.in(clock, 1_000));
		expect(await limiter.wait(Deadline.in(clock, 1_000))).toBeUndefined();
		expect(clock.now()).toBe(0);
	});

	it('has the last of them give up for one who goes before', async () => {
		const { clock, limiter, now } = setUp(1);
		await limiter.wait(now());
		await clock.advance(1);
		const waiting = Array.from({ length: 500 }, async () => await limiter.wait());
		const older = limiter.wait(undefined, 0);
		expect(await waiting.at(-1)).toBeUndefined();
		expect(await clock.until(older)).toBeDefined();
		expect(clock.now()).toBe(MINUTE);
	});
});

it('limiters of many things are kept apart, for the things that were used last', async () => {
	const { clock, now } = setUp(1);
	const limiters = new Limiters(clock, 1, 2);
	const take = async (key: string) => (await limiters.of(key).wait(now())) !== undefined;
	expect([await take('a'), await take('a'), await take('b'), await take('c')]).toEqual([
		true,
		false,
		true,
		true,
	]);
	expect([await take('b'), await take('a')]).toEqual([false, true]);
});
