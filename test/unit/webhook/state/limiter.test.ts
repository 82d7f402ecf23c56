import type { Waiter } from '../../../../nodes/Konnect/webhook/state/limiter';
import { Budget, Limiter, Source } from '../../../../nodes/Konnect/webhook/state/limiter';
import { settle, VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

const always = () => true;

function setUp(most: number) {
	const clock = new VirtualClock();
	const limiter = new Limiter(clock);
	const budget = new Budget(most);
	const [source, other] = [new Source(0), new Source(0)] as const;
	const wait = async (budgets = [budget], isWanted = always, more: Partial<Waiter> = {}) => {
		const part = { servedAt: 0 };
		const waiter = { source, part, budgets, isWanted, ...more };
		return await limiter.wait(waiter);
	};
	/** Gives a place, or nothing where there is none at once. */
	const take = async (...budgets: Budget[]) => {
		let isWanted = true;
		const place = wait(budgets.length > 0 ? budgets : [budget], () => isWanted);
		await settle();
		isWanted = false;
		return await Promise.race([place, settle()]);
	};
	return { clock, limiter, budget, source, other, wait, take };
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

	it('takes a place back as if nothing had been, but for those that are kept', async () => {
		const { budget, take } = setUp(1);
		const more = new Budget(1);
		(await take(budget, more))?.([more]);
		expect(await take(budget, more)).toBeUndefined();
		expect(await take(budget)).toBeDefined();
		expect(await take(budget)).toBeUndefined();
	});

	it('takes no place in one budget while it waits for one in another', async () => {
		const { clock, budget, wait, take } = setUp(1);
		const full = new Budget(1);
		await take(full);
		await clock.advance(1_000);
		const both = wait([budget, full]);
		expect(await take(budget)).toBeDefined();
		expect(await clock.until(both)).toBeDefined();
		expect(clock.now()).toBe(MINUTE + 1_000);
	});

	it.each<[string, string, (name: string, sources: readonly Source[]) => object]>([
		[
			'sources take turns, however much one asks for',
			'axbyc',
			(name, [source, other]) => ({ source: 'abc'.includes(name) ? source : other }),
		],
		['parts of one take turns', 'cyxab', (name) => ({ part: { servedAt: 'cyxab'.indexOf(name) } })],
	])('has %s', async (_name, expected, more) => {
		const { clock, source, other, wait, take } = setUp(1);
		const order: string[] = [];
		await take();
		const all = ['a', 'b', 'c', 'x', 'y'].map(async (name) => {
			await wait(undefined, always, more(name, [source, other]));
			order.push(name);
		});
		await clock.until(Promise.all(all));
		expect(order.join('')).toBe(expected);
		expect(clock.now()).toBe(5 * MINUTE);
	});

	it('passes over what nobody wants when its turn comes, but not before', async () => {
		const { clock, wait, take } = setUp(1);
		await take();
		let isThere = true;
		const unwanted = wait(undefined, () => clock.now() < MINUTE);
		const comesAgain = wait(undefined, () => isThere);
		isThere = false;
		await clock.advance(1_000);
		isThere = true;
		expect(await clock.until(comesAgain)).toBeDefined();
		expect(await unwanted).toBeUndefined();
		expect(clock.now()).toBe(MINUTE);
	});

	it('has no more than five hundred of a source wait, of whom those leave first that nobody wants', async () => {
		const { clock, other, wait, take } = setUp(1);
		await take();
		let isThere = true;
		const unwanted = wait(undefined, () => isThere);
		for (let n = 1; n < 500; n++) void wait();
		expect(await wait()).toBeUndefined();
		isThere = false;
		const waits = async (one: Promise<unknown>) =>
			await Promise.race([one, settle().then(() => 'waits')]);
		const last = wait();
		expect(await unwanted).toBeUndefined();
		expect(await waits(last)).toBe('waits');
		expect(await waits(wait(undefined, always, { source: other }))).toBe('waits');
		expect(clock.now()).toBe(0);
	});
});
