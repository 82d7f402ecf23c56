import fc from 'fast-check';

import type { Mood } from './konnect';
import type { Mutation } from './n8n';
import { brokenPromises, repeatsIn } from './promises';
import type { Setup } from './world';
import { World } from './world';

const MINUTE = 60_000;

/** One thing that happens in a history. */
class Step implements fc.AsyncCommand<object, World> {
	constructor(
		private readonly name: string,
		private readonly act: (world: World) => void | Promise<void>,
	) {}

	check = () => true;

	run = async (_model: object, world: World) => {
		await this.act(world);
	};

	toString = () => this.name;
}

const step = <T>(
	of: fc.Arbitrary<T>,
	name: (value: T) => string,
	act: (value: T) => (world: World) => void | Promise<void>,
) => of.map((value) => new Step(name(value), act(value)));

/** Who calls because of an attempt to pay, and how long after it. */
const CALLS = ['browser', 'server', 'both', 'server first', 'browser first'] as const;

const attempts = fc.record({
	calls: fc.constantFrom(...CALLS),
	/** Seconds until the bank's word comes. */
	settlesAfter: fc.constantFrom(0, 0, 0, 1, 3, 10, 60, 110),
	comesTo: fc.constantFrom('paid', 'paid', 'failed', 'partly paid'),
	closesAfter: fc.constantFrom(Infinity, Infinity, 1_000, 30_000),
});

type Attempt = typeof attempts extends fc.Arbitrary<infer T> ? T : never;

/** Somebody tries to pay the nth payment, and is sent to the webhook, or Konnect's server calls it. */
function attempt(
	world: World,
	index: number,
	{ calls, settlesAfter, comesTo, closesAfter }: Attempt,
) {
	const payment = world.payments[index % Math.max(world.payments.length, 1)];
	const now = world.clock.now();
	if (!payment || payment.attemptedAt !== Infinity || payment.expiredFrom <= now) return;
	const settlesAt = now + settlesAfter * 1000;
	if (comesTo === 'paid') {
		payment.attemptedAt = now;
		payment.paidFrom = settlesAt;
		payment.expiredFrom = Infinity;
	} else {
		(comesTo === 'failed' ? payment.failedFrom : payment.partsFrom).push(settlesAt);
	}
	const laterBy = { both: 0, 'server first': 1_500, 'browser first': 1_500, browser: 0, server: 0 }[
		calls
	];
	const first = calls === 'browser' || calls === 'browser first' ? 'browser' : 'server';
	world.begin(payment, first, closesAfter);
	if (calls === 'browser' || calls === 'server') return;
	const second = first === 'browser' ? 'server' : 'browser';
	void world.clock.sleep(laterBy).then(() => world.begin(payment, second, closesAfter));
}

const places = fc.nat(7);

const STEPS: Array<fc.Arbitrary<Step>> = [
	step(
		fc.record({ visibleAfter: fc.constantFrom(0, 0, 0, 2_000), isSigned: fc.boolean() }),
		({ visibleAfter, isSigned }) =>
			`a ${isSigned ? 'signed' : 'plain'} payment is made${visibleAfter ? ', seen late' : ''}`,
		({ visibleAfter, isSigned }) =>
			(world) =>
				void world.makePayment(visibleAfter, isSigned),
	),
	...[1, 2, 3].map(() =>
		step(
			fc.tuple(places, attempts),
			([place, { calls, settlesAfter, comesTo }]) =>
				`attempt at payment ${place}: ${comesTo} after ${settlesAfter} s, ${calls}`,
			([place, how]) =>
				(world) =>
					attempt(world, place, how),
		),
	),
	...[1, 2].map(() =>
		step(
			fc.constantFrom(100, 1_000, 3_000, 12_000, MINUTE, 11 * MINUTE),
			(milliseconds) => `${milliseconds / 1000} s pass`,
			(milliseconds) => async (world) => await world.pass(milliseconds),
		),
	),
	step(
		fc.constantFrom(3, 6, 20),
		(count) => `${count} pay at once`,
		(count) => (world) => {
			for (let n = 0; n < count; n++) {
				const payment = world.makePayment(0, true);
				payment.attemptedAt = payment.paidFrom = world.clock.now();
				payment.expiredFrom = Infinity;
				world.begin(payment, 'server');
			}
		},
	),
	step(
		fc.tuple(places, fc.constantFrom('browser' as const, 'server' as const)),
		([place, kind]) => `a ${kind} calls for payment ${place} again`,
		([place, kind]) =>
			(world) => {
				const payment = world.payments[place % Math.max(world.payments.length, 1)];
				if (payment) world.begin(payment, kind);
			},
	),
	step(
		fc.tuple(places, places, fc.boolean()),
		([first, second, isEdited]) =>
			`the address of payment ${first} is called with the reference of payment ${second}${isEdited ? ' and another cart' : ''}`,
		([first, second, isEdited]) =>
			(world) => {
				const { payments } = world;
				const [one, other] = [first, second].map((place) => payments[place % payments.length]);
				if (one && other) world.edit(one, other, isEdited);
			},
	),
	step(
		fc.constantFrom<Mood>(
			'well',
			'well',
			'slow',
			'away',
			'hanging',
			'nonsense',
			'refusing',
			'stale',
		),
		(mood) => `Konnect is ${mood}`,
		(mood) => (world) => {
			world.konnect.mood = mood;
		},
	),
	step(
		fc.boolean(),
		(isAway) => `n8n's database ${isAway ? 'goes away' : 'comes back'}`,
		(isAway) => (world) => world.setDatabase(isAway),
	),
	step(
		fc.constantFrom(0, 0, 1),
		(account) => `the credential is of account ${account}`,
		(account) => (world) => world.switchAccount(account),
	),
	step(
		fc.constantFrom(5, 30, 200),
		(count) => `${count} strangers call`,
		(count) => (world) => world.flood(count),
	),
	step(
		fc.tuple(places, fc.constantFrom(5, 100)),
		([place, count]) => `the payer of payment ${place} invents ${count} references`,
		([place, count]) =>
			(world) => {
				const payment = world.payments[place % Math.max(world.payments.length, 1)];
				if (payment?.webhook.includes('konnect_terms')) world.invent(payment, count);
			},
	),
	step(
		fc.constantFrom(10, 50, 150),
		(count) => `the owner reads ${count} payments`,
		(count) => (world) => world.bulk(count),
	),
	step(
		fc.nat(1),
		(index) => `processor ${index} is killed`,
		(index) => (world) => world.kill(index),
	),
	step(
		fc.tuple(
			fc.constantFrom(5, 5, 1_100),
			fc.constantFrom('paid' as const, 'attemptFailed' as const),
		),
		([count, state]) => `${count} others: ${state}`,
		([count, state]) =>
			async (world) =>
				await world.runOthers(count, state),
	),
];

const setups: fc.Arbitrary<Setup> = fc.record({
	seed: fc.nat(),
	processors: fc.constantFrom(1 as const, 1 as const, 2 as const),
	concurrency: fc.constantFrom(Infinity, Infinity, 1),
	duration: fc.constantFrom(100, 6_000),
	webhookSecret: fc.boolean(),
	acceptUnsigned: fc.boolean(),
	events: fc.constantFrom<Setup['events']>(
		['paid'],
		['any'],
		['paid', 'attemptFailed'],
		['paid', 'unverified'],
	),
});

export interface SimulateOptions {
	seed?: number;
	/** Of one history among those of the seed, and of the steps that were left out of it, as a failure tells both. */
	path?: string;
	replayPath?: string;
	/** What shall be otherwise in the wing. */
	mutation?: Mutation;
	/** Whether a history that breaks a promise is made as short as can be. */
	shrink?: boolean;
}

/** What a run of histories came to. */
export interface Outcome {
	histories: number;
	/** Events that ran twice where several processors served the webhook. */
	repeats: number;
	executions: number;
	failure: { seed: number; path: string; history: string; broken: string } | undefined;
}

/** Lets histories happen, until one breaks a promise. */
export async function simulate(
	histories: number,
	{ seed, path, replayPath, mutation = {}, shrink = true }: SimulateOptions = {},
): Promise<Outcome> {
	const outcome: Outcome = { histories: 0, repeats: 0, executions: 0, failure: undefined };
	const property = fc.asyncProperty(
		setups,
		fc.commands(STEPS, { maxCommands: 25, size: '+1', replayPath }),
		async (setup, steps) => {
			const world = new World(setup, mutation);
			await fc.asyncModelRun(() => ({ model: {}, real: world }), steps);
			await world.end();
			outcome.histories++;
			outcome.executions += world.database.executions.length;
			if (setup.processors > 1) outcome.repeats += repeatsIn(world).length;
			const broken = brokenPromises(world);
			if (broken.length > 0) throw new Error(broken.join('\n'));
		},
	);
	const details = await fc.check(property, {
		numRuns: histories,
		seed,
		path,
		endOnFailure: !shrink,
	});
	if (details.failed) {
		const [setup, steps] = details.counterexample ?? [];
		outcome.failure = {
			seed: details.seed,
			path: details.counterexamplePath ?? '',
			history: `${JSON.stringify(setup)}\n${String(steps)}`,
			broken: String((details.errorInstance as Error | null)?.message ?? ''),
		};
	}
	return outcome;
}
