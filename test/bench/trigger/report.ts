import { quantile } from '../shared/figures';
import { machine, spread, table, targetTable } from '../shared/markdown';
import type { ContenderId } from './contenders';
import { forgedRatio, goodRatio, targetsOf, type Mode, type Results } from './figures';
import { TRIGGER_VERSION } from './throwAway';
import { FORGED_RUN, GOOD_RUNS, type AtOnce, type ContenderResult } from './measure';

export const NAMES: Record<ContenderId, string> = {
	floor: 'Floor',
	konnect: 'Konnect Trigger',
	flow: 'Webhook → HTTP Request → If',
	stripe: 'Stripe Trigger',
};

export interface Circumstances {
	/** Versions as `2.41.1`. */
	n8n: string;
	n8nNode: string;
	package: string;
	/** How long the sandbox takes for each answer, in milliseconds. */
	latency: number;
	/** Of the machine, over the minute before the run. */
	load: number;
	command: string;
	date: Date;
}

const HEADINGS: Record<Mode, string> = {
	default: "n8n's default",
	lazy: '`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`',
};

const milliseconds = (answers: number[]) =>
	`${quantile(answers, 0.5).toFixed(0)} / ${quantile(answers, 0.95).toFixed(0)}`;

function goodTable(results: ContenderResult[]): string {
	const cells = ({ id, good }: ContenderResult, atOnce: AtOnce) => [
		spread(good[atOnce].perSecond),
		goodRatio(results, id, 'floor', atOnce).toFixed(2),
		milliseconds(good[atOnce].answers),
	];
	const head = ['Good calls', '1 at once: executions/s', 'of the floor', 'answer p50 / p95, ms'];
	return table(
		[...head, '20 at once: executions/s', 'of the floor', 'answer p50 / p95, ms'],
		results.map((result) => [NAMES[result.id], ...cells(result, 1), ...cells(result, 20)]),
	);
}

function forgedTable(results: ContenderResult[]): string {
	const rows = results.flatMap(({ id, forged }) =>
		Object.entries(forged).map(([kind, runs]) => [
			NAMES[id],
			kind,
			spread(runs.perSecond),
			forgedRatio(results, runs).toFixed(2),
			`${runs.stored} of ${runs.calls} calls`,
		]),
	);
	return table(
		['Forged calls, 20 at once', 'The call', 'answers/s', 'of the floor', 'executions stored'],
		rows,
	);
}

const roundsOf = ([first]: ContenderResult[]) => first?.good[1].perSecond.length ?? 0;

function circumstancesOf(results: Results, given: Circumstances): string {
	return [
		`Measured on ${given.date.toISOString().slice(0, 10)} with \`${given.command}\`:`,
		`n8n ${given.n8n} (one process, SQLite) on Node ${given.n8nNode},`,
		`n8n-nodes-konnect ${given.package}, a Konnect on the same machine that answers after`,
		`${given.latency} ms, ${machine()}.`,
		`Load of the machine in the minute before: ${given.load.toFixed(1)}.`,
		`A round has, for each contender, ${GOOD_RUNS[1]} good calls one at a time,`,
		`${GOOD_RUNS[20]} good calls 20 at once, and ${FORGED_RUN.calls} forged calls of each kind.`,
		`${roundsOf(results.default)} such rounds by default, ${roundsOf(results.lazy)} with lazy acquisition.`,
		`The floor and Konnect Trigger are nodes of version ${TRIGGER_VERSION}.`,
		'Figures are medians of the rounds, with the lowest and the highest in brackets;',
		'"of the floor" is the median of each round compared with the floor in the same round.',
	].join(' ');
}

/** The generated section of the page of benchmarks, in Markdown. */
export function reportOf(results: Results, given: Circumstances): string {
	const sections = (['default', 'lazy'] as const).flatMap((mode) => [
		`### ${HEADINGS[mode]}`,
		goodTable(results[mode]),
		forgedTable(results[mode]),
	]);
	return [
		circumstancesOf(results, given),
		'![Executions per second of good calls, and answers per second under forged calls, of four ways to hear of a payment](images/trigger-benchmark.svg)',
		...sections,
		'### Targets',
		targetTable(targetsOf(results)),
	].join('\n\n');
}
