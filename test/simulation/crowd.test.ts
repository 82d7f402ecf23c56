import type { Kind } from './callers';
import { brokenPromises } from './promises';
import { World } from './world';

const MINUTE = 60_000;
const PAYERS = 300;

/** Seconds until the bank confirms the payment; undefined if it never does. */
const SETTLE_AFTER = [1, 10, undefined, 30, 60, undefined, 110, 300, undefined, 540];

/** All pay in the same moment. Every third tries a card first that is refused, and every second closes the tab at once. */
function crowd(kinds: readonly Kind[], processors: 1 | 2, unread: number, seed: number): World {
	const world = new World({ processors, seed });
	const now = world.clock.now();
	world.rushes.push(now);
	world.unread = unread;
	for (let n = 0; n < PAYERS; n++) {
		const payment = world.makePayment(0, true);
		const seconds = SETTLE_AFTER[Math.floor(n / 6) % SETTLE_AFTER.length] ?? Infinity;
		if (n % 3 === 0) payment.failedFrom.push(now + 500);
		world.pay(payment, seconds * 1_000);
		for (const kind of kinds) world.begin(payment, kind, n % 2 === 0 ? Infinity : 1);
	}
	return world;
}

describe(`${PAYERS} payers who are faster than their banks, in the same moment`, () => {
	const run = async (kinds: readonly Kind[], processors: 1 | 2, unread = 0, seed = 1) => {
		const world = crowd(kinds, processors, unread, seed);
		await world.pass(2 * MINUTE);
		// Somebody comes whose bank is quick.
		const late = world.makePayment(0, true);
		world.pay(late);
		world.begin(late, 'server', 1);
		await world.pass(12 * MINUTE);
		await world.end();
		const paid = new Set(world.database.executions.map(({ paymentRef }) => paymentRef));
		const isOpen = ({ ref }: { ref: string }) =>
			world.chains.some((chain) => chain.ref === ref && !chain.isBroken);
		const lost = world.payments.filter(
			({ ref, paidFrom }) => paidFrom < Infinity && !paid.has(ref),
		);
		return {
			world,
			lost: lost.filter(isOpen),
			late: world.calls.find(({ ref }) => ref === late.ref),
		};
	};

	it.each<[string, Kind[], 1 | 2, number]>([
		['browsers', ['browser'], 1, 0],
		['browsers, at two processors', ['browser'], 2, 0],
		['browsers, where n8n cannot read every twentieth credential', ['browser'], 1, 0.05],
	])(
		'leave room for others, use up little of the key, and are not asked to come for ever: %s',
		async (_name, kinds, processors, unread) => {
			const { world, late } = await run(kinds, processors, unread);
			expect(brokenPromises(world)).toEqual([]);
			expect(late).toMatchObject({ end: 'started', answer: { status: 200 } });
			// Konnect takes 100 requests a minute. It refuses some at the start, when nobody yet knows of the limit.
			expect(world.konnect.refused).toBeLessThan(100 * processors);
			expect(world.chains.filter(({ ended }) => ended > 11 * MINUTE)).toEqual([]);
		},
		300_000,
	);

	it.each<[string, number, 1 | 2, number]>([
		['all', 1, 1, 0],
		['all', 2, 1, 0],
		['all', 3, 1, 0],
		// Each processor reads for itself, but they share a key: see docs/scaling.md.
		['all but a few, at two processors', 1, 2, 3],
		['all but a few, at two processors', 2, 2, 3],
	])(
		'are told of %s that settles within ten minutes, if they keep the page open (seed %i)',
		async (_name, seed, processors, most) => {
			const { lost } = await run(['browser'], processors, 0, seed);
			expect(lost.length).toBeLessThanOrEqual(most);
		},
		300_000,
	);
});
