import type { N8nClient } from '../../e2e/harness';
import type { Contender, ContenderId } from './contenders';
import { fire } from './volley';

/** How many calls are under way at the same time in the runs with good calls, and how many such a run has. */
export const GOOD_RUNS = { 1: 15, 20: 80 } as const;
export type AtOnce = keyof typeof GOOD_RUNS;

/** The same for the runs with forged calls. */
export const FORGED_RUN = { atOnce: 20, calls: 120 };

const WARM_UP_CALLS = 20;
const SETTLE_TIMEOUT_MS = 60_000;

/** What each round measured, in the order of the rounds. */
export interface GoodRuns {
	/** Executions per second, from the first call until the last execution has ended. */
	perSecond: number[];
	/** Milliseconds until each answer, of all rounds. */
	answers: number[];
}

export interface ForgedRuns {
	/** Answers per second. */
	perSecond: number[];
	/** Executions that n8n stored, of all rounds together. */
	stored: number;
	/** Calls of all rounds together. */
	calls: number;
}

export interface ContenderResult {
	id: ContenderId;
	good: Record<AtOnce, GoodRuns>;
	/** By what is wrong with the calls. */
	forged: Record<string, ForgedRuns>;
}

export interface Rounds {
	atLeast: number;
	/** Milliseconds: beyond `atLeast` there are as many rounds as fit in here. */
	budget: number;
}

/**
 * Measures the contenders by turns: each kind of run with one after the other, then the next kind, and all that again in the
 * next round, because the speed of a machine changes by more than what is to be seen.
 */
export async function measure(
	client: N8nClient,
	contenders: Contender[],
	{ atLeast, budget }: Rounds,
	onRound: (round: number) => void,
): Promise<ContenderResult[]> {
	const results = contenders.map(emptyResult);
	for (const contender of contenders) await warmUp(client, contender);
	const start = Date.now();
	const spent = () => Date.now() - start;
	for (let round = 1; round <= atLeast || (spent() * round) / (round - 1) <= budget; round++) {
		onRound(round);
		await measureRound(client, contenders, results);
	}
	return results;
}

async function measureRound(
	client: N8nClient,
	contenders: Contender[],
	results: ContenderResult[],
): Promise<void> {
	for (const atOnce of [1, 20] as const) {
		for (const [index, contender] of contenders.entries()) {
			await goodRun(client, contender, atOnce, results[index]?.good[atOnce]);
		}
	}
	for (const [index, contender] of contenders.entries()) {
		for (const kind of Object.keys(contender.forged)) {
			await forgedRun(client, contender, kind, results[index]?.forged[kind]);
		}
	}
}

function emptyResult({ id, forged }: Contender): ContenderResult {
	const good = () => ({ perSecond: [], answers: [] });
	const kinds = Object.keys(forged).map((kind) => [kind, { perSecond: [], stored: 0, calls: 0 }]);
	return { id, good: { 1: good(), 20: good() }, forged: Object.fromEntries(kinds) };
}

/** The first calls are slow: n8n loads and compiles code. */
async function warmUp(client: N8nClient, contender: Contender): Promise<void> {
	await fire(await contender.good(WARM_UP_CALLS), 20);
	for (const shot of Object.values(contender.forged)) {
		await fire(Array.from({ length: WARM_UP_CALLS }, shot), 20);
	}
	await executionsSince(client, contender, 0);
}

async function goodRun(
	client: N8nClient,
	contender: Contender,
	atOnce: AtOnce,
	runs?: GoodRuns,
): Promise<void> {
	const calls = GOOD_RUNS[atOnce];
	const { startedAt, answers } = await fire(await contender.good(calls), atOnce);
	const executions = await executionsSince(client, contender, startedAt);
	const good = executions.filter(({ status }) => status === 'success');
	if (good.length !== calls || executions.length !== calls) {
		const found = executions.map(({ id, status }) => `${id} ${status}`).join();
		throw new Error(`${calls} calls of ${contender.id}, but these executions: ${found}`);
	}
	const ended = Math.max(...good.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	runs?.perSecond.push(calls / ((ended - startedAt) / 1000));
	runs?.answers.push(...answers);
}

async function forgedRun(
	client: N8nClient,
	contender: Contender,
	kind: string,
	runs?: ForgedRuns,
): Promise<void> {
	const shot = contender.forged[kind];
	if (!shot || !runs) throw new Error(`No forged call '${kind}'`);
	const { atOnce, calls } = FORGED_RUN;
	const { startedAt, seconds } = await fire(Array.from({ length: calls }, shot), atOnce);
	runs.perSecond.push(calls / seconds);
	runs.stored += (await executionsSince(client, contender, startedAt)).length;
	runs.calls += calls;
}

/** The executions of a workflow that have started since `time`, when all have ended. */
async function executionsSince(client: N8nClient, { workflowId }: Contender, time: number) {
	const all = await client.waitUntilSettled({ workflowId, timeout: SETTLE_TIMEOUT_MS });
	return all.filter(({ startedAt }) => Date.parse(startedAt) >= time);
}
