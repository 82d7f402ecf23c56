import { brokenPromises } from './promises';
import { World } from './world';

const MINUTE = 60_000;
const PAYERS = 300;

jest.setTimeout(120_000);

/** Seconds until the bank's word comes, for every third payer. */
const SETTLE_AFTER = [1, 3, 10, 30, 60, 90, 110];

/** All pay in the same moment, and every third payment settles. */
function crowd(kinds: ReadonlyArray<'browser' | 'server'>, processors: 1 | 2): World {
	const world = new World({
		seed: 1,
		processors,
		concurrency: Infinity,
		duration: 100,
		webhookSecret: false,
		acceptUnsigned: false,
		events: ['paid'],
	});
	for (let n = 0; n < PAYERS; n++) {
		const payment = world.makePayment(0, true);
		const seconds = SETTLE_AFTER[(n / 3) % SETTLE_AFTER.length] ?? Infinity;
		payment.attemptedAt = world.clock.now();
		payment.paidFrom = world.clock.now() + seconds * 1_000;
		payment.expiredFrom = Infinity;
		for (const kind of kinds) world.begin(payment, kind);
	}
	return world;
}

describe(`${PAYERS} payers who are faster than their banks, in the same moment`, () => {
	it.each([
		['browsers', ['browser'], 1, 0],
		['servers', ['server'], 1, 0],
		['both', ['browser', 'server'], 1, 0],
		['browsers, at two processors', ['browser'], 2, 0],
		['browsers, where n8n cannot read every twentieth credential', ['browser'], 1, 0.05],
	] as const)(
		'have the workflow run once for each payment that settles, and for no other: %s',
		async (_name, kinds, processors, unread) => {
			const world = crowd(kinds, processors);
			world.database.unread = unread;
			await world.pass(12 * MINUTE);
			await world.end();
			const settled = world.payments.filter(({ paidFrom }) => paidFrom < Infinity);
			const run = world.database.executions.map(({ eventId }) => eventId);
			expect(run.sort()).toEqual(settled.map(({ ref }) => `${ref}:paid`).sort());
			expect(brokenPromises(world)).toEqual([]);
			// Konnect takes a hundred a minute. What it refuses comes from the first moment, in which nobody knows of that.
			expect(world.konnect.refused).toBeLessThan(100 * processors);
			// No page is left that asks.
			expect(
				world.chains.filter(({ kind, ended }) => kind === 'browser' && ended > 11 * MINUTE),
			).toEqual([]);
		},
	);
});
