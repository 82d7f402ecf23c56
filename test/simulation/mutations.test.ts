import { simulate } from './history';
import { MUTATIONS, RARE_MUTATIONS, WAIT_MUTATIONS } from './mutations';
import { brokenPromises } from './promises';
import { simulateWaits } from './waitHistory';
import { World } from './world';

/** A seed among whose first histories is one that shows the defect; any other seed shows it sooner or later. */
const SEEDS: Record<keyof typeof MUTATIONS, number> = {
	'a claim waits for no other payment': 1,
	'no timer frees a claim': 3,
	'ten thousand paid payments are remembered': 6,
	'what is unpaid never pushes out what is paid': 1,
	'nothing is remembered of what Konnect does not know': 4,
	'strangers have a budget': 2,
	'what cannot be verified runs seldom': 1,
	'of a payment that could not be read no query is verified': 1,
	'a signed address has a budget': 9,
	'a price that has arrived is not settled': 8,
	'calls go before a bulk run': 1,
	'reads are kept apart by credential': 4,
	'a payment that has not settled is asked for again': 1,
};

const WAIT_SEEDS: Record<keyof typeof WAIT_MUTATIONS, number> = {
	'a waited-for payment that has not settled is asked for again': 1,
	'an execution goes on only when all of its payments are settled': 1,
	'what Konnect may have corrected is read anew': 2,
	'a refused card that callers were told of may be followed by a second attempt': 1,
	'a price that has come is no part': 1,
};

const SETUP = {
	seed: 1,
	processors: 1,
	concurrency: Infinity,
	duration: 100,
	webhookSecret: false,
	acceptUnsigned: false,
	events: ['paid' as const],
} as const;

/** Histories that show what the others hardly ever do. */
const WRITTEN: Record<keyof typeof RARE_MUTATIONS, (world: World) => Promise<void>> = {
	'no refusal stands on a credential that could not be read': async (world) => {
		const payment = world.makePayment(0, true);
		world.switchAccount(1);
		world.flood(1);
		await world.pass(1_000);
		world.switchAccount(0);
		world.database.busyUntil = world.clock.now() + 5_000;
		await world.pass(100);
		payment.attemptedAt = payment.paidFrom = world.clock.now();
		payment.expiredFrom = Infinity;
		world.begin(payment, 'server');
	},

	'invented references are counted however slow Konnect is': async (world) => {
		world.konnect.mood = 'slow';
		void world.trickle();
		await world.pass(60_000);
	},
};

const HISTORIES = 1_000;

describe('the simulation finds what goes wrong without a mend', () => {
	it.each(Object.entries(MUTATIONS))(
		'%s',
		async (mend, mutation) => {
			const seed = SEEDS[mend];
			const { failure, histories } = await simulate(HISTORIES, { seed, mutation, shrink: false });
			expect(failure).toBeDefined();
			// It is the mend that makes the difference, not the history.
			const whole = await simulate(histories, { seed, shrink: false });
			expect(whole.failure).toBeUndefined();
		},
		300_000,
	);

	it.each(Object.entries(RARE_MUTATIONS))('%s', async (mend, mutation) => {
		const brokenIn = async (world: World) => {
			await WRITTEN[mend]?.(world);
			await world.end();
			return brokenPromises(world);
		};
		expect(await brokenIn(new World(SETUP, mutation))).not.toEqual([]);
		expect(await brokenIn(new World(SETUP))).toEqual([]);
	});

	it.each(Object.entries(WAIT_MUTATIONS))('%s', async (mend, decide) => {
		const seed = WAIT_SEEDS[mend];
		const { failure, histories } = await simulateWaits(HISTORIES, { seed, decide });
		expect(failure).toBeDefined();
		const whole = await simulateWaits(histories, { seed });
		expect(whole.failure).toBeUndefined();
	});
});
