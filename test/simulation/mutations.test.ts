import { simulate } from './history';
import type { ModelPayment } from './konnect';
import { MUTATIONS } from './mutations';
import { brokenPromises } from './promises';
import type { Setup } from './world';
import { World } from './world';

const MINUTE = 60_000;

/** A seed among whose first histories is one that shows the defect; any other seed shows it sooner or later. */
const SEEDS: Partial<Record<keyof typeof MUTATIONS, number>> = {
	'a call looks on after its answer': 1,
	'no more calls look on than there may': 1,
	'a call saves static data soon or not at all': 1,
	'a claim waits for no other payment': 2,
	'no timer frees a claim': 1,
	'strangers have a budget': 1,
	'reads of a payment are shared and spaced': 1,
	'an execution goes on only when all of its payments are settled': 1,
};

const SETUP: Setup = {
	seed: 1,
	processors: 1,
	concurrency: Infinity,
	duration: 100,
	isCounting: false,
	webhookSecret: false,
	acceptUnsigned: false,
	events: ['paid'],
	keepLooking: 10,
	isOneCall: false,
	awaited: 0,
	resumeOn: [],
	waitsFor: 60,
};

function pay(world: World, payment: ModelPayment, after: number): void {
	payment.attemptedAt = world.clock.now();
	payment.paidFrom = payment.attemptedAt + after;
	payment.expiredFrom = Infinity;
	world.begin(payment, 'server', 1);
}

type History = (world: World) => unknown;

/** Histories that show what the others seldom do. */
const WRITTEN: Record<string, [Partial<Setup>, History]> = {
	'a later call takes the watch over': [
		{},
		async (world) => {
			const payment = world.makePayment(0, true);
			world.begin(payment, 'server', 1);
			await world.pass(9 * MINUTE);
			pay(world, payment, 3 * MINUTE);
		},
	],
	"a watch of another payment's address does not stand for its own": [
		{},
		async (world) => {
			const [other, payment] = [world.makePayment(0, true), world.makePayment(0, true)];
			pay(world, payment, MINUTE);
			await world.pass(20_000);
			world.edit(other, payment, false);
		},
	],
	'a claim is released where n8n could not store the execution': [
		{ concurrency: 1, duration: 6_000 },
		async (world) => {
			const [first, payment] = [world.makePayment(0, true), world.makePayment(0, true)];
			pay(world, first, 0);
			pay(world, payment, 0);
			await world.pass(3_000);
			world.setDatabase(true);
			await world.pass(5_000);
			world.setDatabase(false);
			world.begin(payment, 'server', 1);
			world.begin(first, 'server', 1);
		},
	],
	'ten thousand paid payments are remembered': [
		{},
		async (world) => {
			const payment = world.makePayment(0, true);
			pay(world, payment, 0);
			await world.pass(MINUTE);
			await world.runOthers(300, 'paid');
			world.begin(payment, 'server', 1);
		},
	],
	'what is unpaid never pushes out what is paid': [
		{},
		async (world) => {
			const payment = world.makePayment(0, true);
			pay(world, payment, 0);
			await world.pass(MINUTE);
			await world.runOthers(300, 'attemptFailed');
			world.begin(payment, 'server', 1);
		},
	],
	'a signed address has a budget': [{}, (world) => world.invent(world.makePayment(0, true), 200)],
	'invented references are counted however slow Konnect is': [
		{},
		async (world) => {
			world.konnect.mood = 'slow';
			for (let round = 0; round < 20; round++) {
				world.flood(10, true);
				await world.pass(6_000);
			}
		},
	],
	'a price that has arrived is no part': [
		{ keepLooking: 0, events: ['any'] },
		(world) => {
			const payment = world.makePayment(0, true);
			payment.writtenAfter = 20_000;
			pay(world, payment, 15_000);
		},
	],
	'a look takes no old answer': [
		{ keepLooking: 0 },
		async (world) => {
			const payment = world.makePayment(0, true);
			world.begin(payment, 'server', 1);
			await world.pass(40_000);
			pay(world, payment, 0);
		},
	],
};

const HISTORIES = 200;

describe('the simulation finds what goes wrong without a mend', () => {
	it('has a history for each', () => {
		expect([...Object.keys(SEEDS), ...Object.keys(WRITTEN)].sort()).toEqual(
			Object.keys(MUTATIONS).sort(),
		);
	});

	it.each(Object.entries(SEEDS))(
		'%s',
		async (mend, seed = 1) => {
			const mutation = MUTATIONS[mend];
			const { failure, histories } = await simulate(HISTORIES, { seed, mutation, shrink: false });
			expect(failure).toBeDefined();
			// It is the mend that makes the difference, not the history.
			const whole = await simulate(histories, { seed, shrink: false });
			expect(whole.failure).toBeUndefined();
		},
		300_000,
	);

	it.each(Object.entries(WRITTEN))(
		'%s, in a history that is written down',
		async (mend, [setup, happen]) => {
			const brokenIn = async (world: World) => {
				await happen(world);
				await world.end();
				return brokenPromises(world);
			};
			expect(await brokenIn(new World({ ...SETUP, ...setup }, MUTATIONS[mend]))).not.toEqual([]);
			expect(await brokenIn(new World({ ...SETUP, ...setup }))).toEqual([]);
		},
		300_000,
	);
});
