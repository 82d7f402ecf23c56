import fc from 'fast-check';

import type { Kind } from './callers';
import type { Mood } from './konnect';
import type { Mutation } from './database';
import { brokenPromises, repeatsIn } from './promises';
import type { Account, Setup } from './world';
import { World } from './world';

const MINUTE = 60_000;

/** One thing that happens in a history. */
class Step implements fc.AsyncCommand<object, World> {
	constructor(
		private readonly name: string,
		private readonly act: (world: World) => unknown,
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
	act: (world: World, value: T) => unknown,
) => of.map((value) => new Step(name(value), async (world) => await act(world, value)));

/** Who calls because of an attempt to pay: the first caller, and sometimes a second one soon after. */
const CALLERS: ReadonlyArray<readonly [Kind, Kind?]> = [
	['browser'],
	['server'],
	['browser', 'server'],
	['server', 'browser'],
];

const attempts = fc.record({
	callers: fc.constantFrom(...CALLERS),
	apart: fc.constantFrom(0, 1_500),
	/** Seconds until the bank decides. */
	settlesAfter: fc.constantFrom(0, 0, 1, 3, 10, 60, 110, 300),
	comesTo: fc.constantFrom('paid', 'paid', 'failed', 'partly paid'),
	/** The most calls of each caller. */
	most: fc.constantFrom(Infinity, Infinity, 1, 3),
});

type Attempt = typeof attempts extends fc.Arbitrary<infer T> ? T : never;

/** Somebody tries to pay a payment. Then the payer's browser, Konnect's server or both call the webhook. */
function attempt(world: World, place: number, how: Attempt): void {
	const { callers, apart, settlesAfter, comesTo, most } = how;
	const payment = world.paymentAt(place);
	const now = world.clock.now();
	if (!payment || payment.attemptedAt !== Infinity || payment.expiredFrom <= now) return;
	const after = settlesAfter * 1000;
	if (comesTo === 'paid') world.pay(payment, after);
	else (comesTo === 'failed' ? payment.failedFrom : payment.partsFrom).push(now + after);
	const [first, second] = callers;
	world.begin(payment, first, most);
	if (second === undefined) return;
	void world.clock.sleep(apart).then(() => world.begin(payment, second, most));
}

function payAtOnce(world: World, count: number): void {
	if (count > 10) world.rushes.push(world.clock.now());
	for (let n = 0; n < count; n++) {
		const payment = world.makePayment(0, true);
		world.pay(payment);
		world.begin(payment, 'server');
	}
}

const places = fc.nat(7);

const MOODS: readonly Mood[] = ['slow', 'away', 'hanging', 'nonsense', 'refusing', 'stale'];

const STEPS: Array<fc.Arbitrary<Step>> = [
	step(
		fc.record({ visibleAfter: fc.constantFrom(0, 0, 0, 2_000), isSigned: fc.boolean() }),
		({ visibleAfter, isSigned }) =>
			`a ${isSigned ? 'signed' : 'plain'} payment is made${visibleAfter ? ', seen late' : ''}`,
		(world, { visibleAfter, isSigned }) => world.makePayment(visibleAfter, isSigned),
	),
	...[1, 2, 3].map(() =>
		step(
			fc.tuple(places, attempts),
			([place, { callers, settlesAfter, comesTo, most }]) =>
				`attempt at payment ${place}: ${comesTo} after ${settlesAfter} s, ${callers.join(' and ')}, ${most} calls`,
			(world, [place, how]) => attempt(world, place, how),
		),
	),
	...[1, 2].map(() =>
		step(
			fc.constantFrom(100, 1_000, 3_000, 12_000, MINUTE, 11 * MINUTE),
			(milliseconds) => `${milliseconds / 1000} s pass`,
			async (world, milliseconds) => await world.pass(milliseconds),
		),
	),
	step(fc.constantFrom(3, 6, 20), (count) => `${count} pay at once`, payAtOnce),
	step(
		fc.tuple(places, fc.constantFrom<Kind>('browser', 'server')),
		([place, kind]) => `a ${kind} calls for payment ${place} again`,
		(world, [place, kind]) => {
			const payment = world.paymentAt(place);
			if (payment) world.begin(payment, kind);
		},
	),
	step(
		fc.tuple(places, places, fc.boolean()),
		([first, second, isEdited]) =>
			`the address of payment ${first} is called with the reference of payment ${second}${isEdited ? ' and another cart' : ''}`,
		(world, [first, second, isEdited]) => {
			const [one, other] = [world.paymentAt(first), world.paymentAt(second)];
			if (one && other) world.edit(one, other, isEdited);
		},
	),
	step(
		fc.constantFrom<Mood>('well', 'well', ...MOODS),
		(mood) => `Konnect is ${mood}`,
		(world, mood) => {
			world.konnect.mood = mood;
		},
	),
	step(
		fc.boolean(),
		(isAway) => `n8n's database ${isAway ? 'goes away' : 'comes back'}`,
		(world, isAway) => world.setDatabase(isAway),
	),
	step(
		fc.constantFrom<Account>(0, 0, 1, 'none'),
		(account) => `the credential is of account ${account}`,
		(world, account) => world.switchAccount(account),
	),
	step(
		fc.tuple(fc.constantFrom(5, 30, 200), fc.boolean()),
		([count, isPage]) => `${count} strangers call${asPages(isPage)}`,
		(world, [count, isPage]) => world.flood(count, isPage),
	),
	step(
		fc.tuple(places, fc.constantFrom(5, 100), fc.boolean()),
		([place, count, isPage]) =>
			`the payer of payment ${place} invents ${count} references${asPages(isPage)}`,
		(world, [place, count, isPage]) => {
			const payment = world.paymentAt(place);
			if (payment?.webhook.includes('konnect_terms')) world.invent(payment, count, isPage);
		},
	),
	step(
		fc.constantFrom(10, 50, 150),
		(count) => `the owner reads ${count} payments`,
		(world, count) => world.bulk(count),
	),
	step(
		fc.nat(1),
		(index) => `processor ${index} is killed`,
		async (world, index) => await world.kill(index),
	),
	step(
		fc.constant(0),
		() => 'another trigger notes something',
		(world) => world.noteElsewhere(),
	),
	step(
		fc.tuple(
			fc.constantFrom(5, 5, 300),
			fc.constantFrom<'paid' | 'attemptFailed'>('paid', 'attemptFailed'),
		),
		([count, state]) => `${count} others: ${state}`,
		async (world, [count, state]) => await world.runOthers(count, state),
	),
];

const asPages = (isPage: boolean) => (isPage ? ', as pages that ask again' : '');

const setups: fc.Arbitrary<Setup> = fc.record({
	seed: fc.nat(),
	processors: fc.constantFrom(1 as const, 1 as const, 2 as const),
	concurrency: fc.constantFrom(Infinity, Infinity, 1),
	duration: fc.constantFrom(100, 6_000),
	isCounting: fc.boolean(),
	webhookSecret: fc.boolean(),
	acceptUnsigned: fc.boolean(),
	events: fc.constantFrom<Setup['events']>(['paid'], ['any'], ['paid', 'attemptFailed']),
	keepLooking: fc.constantFrom(10, 10, 10, 0),
	isOneCall: fc.boolean(),
	awaited: fc.constantFrom(0, 0, 0, 1, 2, 5),
	resumeOn: fc.constantFrom<Setup['resumeOn']>(
		['paid', 'expired'],
		['paid', 'expired', 'attemptFailed'],
		['paid', 'attemptFailed', 'partiallyPaid'],
	),
	waitsFor: fc.constantFrom(3, 60),
});

export interface SimulateOptions {
	seed?: number;
	/** Which history of the seed to run, and which of its steps to leave out. A failure prints both. */
	path?: string;
	replayPath?: string;
	mutation?: Mutation;
	/** Whether a history that breaks a promise is made as short as can be. */
	shrink?: boolean;
}

/** What a run of histories came to. */
export interface Outcome {
	histories: number;
	/** Those with exactly one call for each payment. */
	ofOneCall: number;
	executions: number;
	/** Waiting executions that went on. */
	resumed: number;
	/** Events that ran twice where several processors served the webhook. */
	repeats: number;
	failure: { seed: number; path: string; history: string; broken: string } | undefined;
}

/** Runs histories until one breaks a promise. */
export async function simulate(
	histories: number,
	{ seed, path, replayPath, mutation = {}, shrink = true }: SimulateOptions = {},
): Promise<Outcome> {
	const outcome: Outcome = {
		histories: 0,
		ofOneCall: 0,
		executions: 0,
		resumed: 0,
		repeats: 0,
		failure: undefined,
	};
	const property = fc.asyncProperty(
		setups,
		fc.commands(STEPS, { maxCommands: 25, size: '+1', replayPath }),
		async (setup, steps) => {
			const world = new World(setup, mutation);
			await fc.asyncModelRun(() => ({ model: {}, real: world }), steps);
			await world.end();
			outcome.histories++;
			if (setup.isOneCall) outcome.ofOneCall++;
			outcome.executions += world.database.executions.length;
			outcome.resumed += world.database.wait?.resumed.length ?? 0;
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
