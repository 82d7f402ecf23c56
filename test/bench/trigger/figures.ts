import { atLeast, ratioOf, type Target } from '../shared/figures';
import type { ContenderId } from './contenders';
import type { AtOnce, ContenderResult, ForgedRuns } from './measure';

/** Whether n8n acquires what evaluates expressions for each call, or when an expression comes. */
export type Mode = 'default' | 'lazy';

export type Results = Record<Mode, ContenderResult[]>;

function resultOf(results: ContenderResult[], id: ContenderId): ContenderResult {
	const result = results.find((candidate) => candidate.id === id);
	if (!result) throw new Error(`'${id}' was not measured`);
	return result;
}

/** Good calls of one contender against those of another. */
export const goodRatio = (
	results: ContenderResult[],
	id: ContenderId,
	other: ContenderId,
	atOnce: AtOnce,
) =>
	ratioOf(
		resultOf(results, id).good[atOnce].perSecond,
		resultOf(results, other).good[atOnce].perSecond,
	);

/** Forged calls against the floor's refusals. */
export function forgedRatio(results: ContenderResult[], runs: ForgedRuns): number {
	const [refusals] = Object.values(resultOf(results, 'floor').forged);
	return ratioOf(runs.perSecond, refusals?.perSecond ?? []);
}

const MODES = ['default', 'lazy'] as const;
const MODE_NAMES: Record<Mode, string> = { default: 'by default', lazy: 'with lazy acquisition' };

/** What this package has set itself, and whether a run has shown it. */
export function targetsOf(results: Results): Target[] {
	const forged = MODES.flatMap((mode) =>
		Object.entries(resultOf(results[mode], 'konnect').forged).map(([kind, runs]) =>
			atLeast(
				`Forged calls (${kind}), of the floor's refusals, ${MODE_NAMES[mode]}`,
				0.95,
				forgedRatio(results[mode], runs),
			),
		),
	);
	const runs = MODES.flatMap((mode) => Object.values(resultOf(results[mode], 'konnect').forged));
	const stored = runs.reduce((sum, run) => sum + run.stored, 0);
	return [
		// With lazy acquisition, what remains is the one read of the payment: the part 'once' compares with a floor that reads.
		atLeast(
			`Good calls, 20 at once, of the floor, ${MODE_NAMES.default}`,
			0.65,
			goodRatio(results.default, 'konnect', 'floor', 20),
		),
		...forged,
		{
			what: 'Executions that forged calls stored',
			wanted: '0',
			measured: String(stored),
			met: stored === 0,
		},
		atLeast(
			`Good calls, 20 at once, of the built flow, ${MODE_NAMES.lazy}`,
			0.95,
			goodRatio(results.lazy, 'konnect', 'flow', 20),
		),
	];
}
