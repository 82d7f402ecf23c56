import fc from 'fast-check';

import type { PaymentState } from '../../nodes/Konnect/payment/state';
import type { Mood } from './konnect';
import { brokenPromises } from './waitPromises';
import type { DecideResume } from './waits';
import type { WaitAttempt, WaitSetup } from './waitWorld';
import { WaitWorld } from './waitWorld';

const MINUTE = 60_000;

const attempts: fc.Arbitrary<WaitAttempt> = fc.record({
	kind: fc.constantFrom('browser' as const, 'server' as const),
	settlesAfter: fc.constantFrom(0, 0, 1, 3, 10, 60, 110),
	succeeds: fc.constantFrom(true, true, true, false),
	closesAfter: fc.constantFrom(Infinity, Infinity, 1_000, 30_000),
});

type Act = [name: string, act: (world: WaitWorld) => void | Promise<void>];

const acts: fc.Arbitrary<Act> = fc.oneof(
	...[1, 2, 3, 4].map(() =>
		fc.tuple(fc.nat(4), attempts).map(([place, how]): Act => {
			const what = how.succeeds ? 'paid' : 'failed';
			const name = `attempt at payment ${place}: ${what} after ${how.settlesAfter} s, ${how.kind}`;
			return [name, (world) => world.attempt(place, how)];
		}),
	),
	...[1, 2].map(() =>
		fc
			.constantFrom(100, 1_000, 12_000, MINUTE, 11 * MINUTE)
			.map((ms): Act => [`${ms / 1000} s pass`, async ({ clock }) => await clock.advance(ms)]),
	),
	fc
		.constantFrom<Mood>('well', 'well', 'slow', 'away', 'hanging', 'nonsense', 'refusing')
		.map((mood): Act => [`Konnect is ${mood}`, ({ konnect }) => void (konnect.mood = mood)]),
	fc
		.boolean()
		.map((isAway): Act => [
			`n8n's database ${isAway ? 'goes away' : 'comes back'}`,
			(world) => world.setDatabase(isAway),
		]),
	fc.constantFrom(5, 100).map((n): Act => [`${n} strangers call`, (world) => world.flood(n)]),
	fc.nat(1).map((index): Act => [`processor ${index} is killed`, (world) => world.kill(index)]),
);

const setups: fc.Arbitrary<WaitSetup> = fc.record({
	seed: fc.nat(),
	processors: fc.constantFrom(1 as const, 2 as const),
	payments: fc.constantFrom(1, 2, 5),
	resumeOn: fc.constantFrom<PaymentState[]>(
		['paid', 'expired'],
		['paid', 'expired', 'attemptFailed'],
		['paid', 'attemptFailed', 'partiallyPaid'],
	),
});

/** What a run of histories came to. */
export interface WaitOutcome {
	histories: number;
	/** Executions that went on. */
	resumed: number;
	failure: { seed: number; path: string; history: string; broken: string } | undefined;
}

/** Lets histories of waiting executions happen, until one breaks a promise. */
export async function simulateWaits(
	histories: number,
	{ seed, path, decide }: { seed?: number; path?: string; decide?: DecideResume } = {},
): Promise<WaitOutcome> {
	const outcome: WaitOutcome = { histories: 0, resumed: 0, failure: undefined };
	const property = fc.asyncProperty(
		setups,
		fc.array(acts, { maxLength: 20, size: 'max' }),
		async (setup, steps) => {
			const world = new WaitWorld(setup, decide);
			for (const [, act] of steps) await act(world);
			await world.end();
			outcome.histories++;
			outcome.resumed += world.wait.resumed.length;
			const broken = brokenPromises(world);
			if (broken.length > 0) throw new Error(broken.join('\n'));
		},
	);
	const details = await fc.check(property, { numRuns: histories, seed, path });
	if (details.failed) {
		const [setup, steps = []] = details.counterexample ?? [];
		outcome.failure = {
			seed: details.seed,
			path: details.counterexamplePath ?? '',
			history: `${JSON.stringify(setup)}\n${steps.map(([name]) => name).join(', ')}`,
			broken: String((details.errorInstance as Error | null)?.message ?? ''),
		};
	}
	return outcome;
}
