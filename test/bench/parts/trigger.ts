import { startSandbox } from '../../../sandbox/index';
import { table } from '../../../scripts/docs/table';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { startStage, type Stage } from '../../e2e/harness';
import { atLeast, exactly, quantile, ratioOf, type Target } from '../shared/figures';
import type { Part, Size } from '../shared/part';
import { cpuOf, idle } from '../shared/processes';
import { spread } from '../shared/report';
import { fire, type Shot } from '../shared/volley';
import { MOST_PAID, publishContenders, type Contender } from '../trigger/contenders';
import { startStripe, writeThrowAwayPackage } from '../trigger/throwAway';

const LATENCY = 50;
const AT_ONCE = 20;
const WARM_UP = 40;
const ROUGH_ROUNDS = 3;
const GOOD_CALLS = 80;
const FORGED_CALLS = 160;
const SETTLE_TIMEOUT_MS = 120_000;

const MODES: Array<{ name: string; env: Record<string, string>; budget: number }> = [
	{ name: "n8n's default", env: {}, budget: 90_000 },
	{
		name: 'lazy acquisition',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		budget: 240_000,
	},
];

/** By round. */
interface Runs {
	/** Milliseconds of the processor that n8n used for a call. */
	cost: number[];
	/** Executions of good calls a second, answers to forged ones. */
	perSecond: number[];
	/** Milliseconds until each answer, of all rounds. */
	answers: number[];
}

interface Measured extends Contender {
	goodRuns: Runs;
	forgedRuns: Record<string, Runs>;
	/** Executions that n8n has stored for forged calls. */
	stored: number;
	forgedCalls: number;
}

const noRuns = (): Runs => ({ cost: [], perSecond: [], answers: [] });

/** From the first call until no execution runs. */
async function run(stage: Stage, workflowId: string, shots: Shot[], runs: Runs): Promise<void> {
	const before = cpuOf(stage.n8n.pid);
	const start = performance.now();
	const { answers, seconds } = await fire(shots, AT_ONCE);
	await idle(stage, workflowId);
	const isForged = shots[0]?.expected !== 200;
	const whole = isForged ? seconds : (performance.now() - start) / 1000;
	runs.cost.push((cpuOf(stage.n8n.pid) - before) / shots.length);
	runs.perSecond.push(shots.length / whole);
	runs.answers.push(...answers);
}

/** By turns, because the speed of a machine changes by more than what is to be seen. */
async function measure(stage: Stage, budget: number): Promise<Measured[]> {
	const contenders = (await publishContenders(stage)).map((contender): Measured => {
		const kinds = Object.keys(contender.forged).map((kind) => [kind, noRuns()]);
		const forgedRuns = Object.fromEntries(kinds) as Record<string, Runs>;
		return { ...contender, goodRuns: noRuns(), forgedRuns, stored: 0, forgedCalls: 0 };
	});
	const round = async (one: Measured, [good, forged]: [number, number], isWarmUp = false) => {
		const { workflowId, goodRuns, forgedRuns } = one;
		await run(stage, workflowId, await one.good(good), isWarmUp ? noRuns() : goodRuns);
		for (const [kind, shot] of Object.entries(one.forged)) {
			const shots = Array.from({ length: forged }, shot);
			const runs = isWarmUp ? noRuns() : (forgedRuns[kind] ?? noRuns());
			await run(stage, workflowId, shots, runs);
			one.forgedCalls += forged;
		}
	};
	for (const one of contenders) await round(one, [WARM_UP, WARM_UP], true);
	const start = performance.now();
	for (let n = 0; n < 2 || performance.now() - start < budget; n++) {
		const some = contenders.filter(({ isRough }) => !isRough || n < ROUGH_ROUNDS);
		// Each begins as often as the others: what one leaves behind, the next one pays for.
		const turn = n % some.length;
		for (const one of [...some.slice(turn), ...some.slice(0, turn)]) {
			await round(one, [GOOD_CALLS, FORGED_CALLS]);
		}
	}
	for (const one of contenders) await check(stage, one);
	return contenders;
}

/** Every good call must have started one execution. */
async function check({ client }: Stage, one: Measured): Promise<void> {
	const { name, workflowId, goodRuns } = one;
	const wanted = goodRuns.answers.length + WARM_UP;
	const all = await client.waitUntilSettled({ workflowId, timeout: SETTLE_TIMEOUT_MS });
	const good = all.filter(({ status }) => status === 'success').length;
	if (good !== wanted) throw new Error(`${name}: ${good} executions, not ${wanted}`);
	one.stored = all.length - wanted;
}

async function measureMode(env: Record<string, string>, budget: number): Promise<Measured[]> {
	const userFolder = temporaryFolder('konnect-bench-');
	const stripe = await startStripe();
	// Only reads are slow, or making the payments would take longer than the benchmark.
	const sandbox = await startSandbox({ faults: { latency: LATENCY, match: 'get' } });
	await writeThrowAwayPackage(userFolder, { stripe: stripe.url, konnect: sandbox.apiBaseUrl });
	const stage = await startStage({ n8n: { userFolder, env }, sandbox });
	try {
		return await measure(stage, budget);
	} finally {
		await stage.close();
		await sandbox.close();
		stripe.close();
	}
}

/** Calls for each second of the processor, of those of another. */
const rateOf = (one: Runs | undefined, other: Runs | undefined) =>
	ratioOf((other?.cost ?? []).slice(0, one?.cost.length), one?.cost ?? []);

const refusalsOf = (floor: Measured | undefined) => Object.values(floor?.forgedRuns ?? {})[0];

function goodTable(mode: string, measured: Measured[]): string {
	const milliseconds = (answers: number[]) =>
		`${quantile(answers, 0.5).toFixed(0)} / ${quantile(answers, 0.95).toFixed(0)}`;
	return table(
		[
			`Good calls, ${mode}`,
			'processor, ms per call',
			'of the floor',
			'executions/s',
			'answer p50 / p95, ms',
		],
		measured.map(({ name, goodRuns }) => [
			name,
			spread(goodRuns.cost),
			rateOf(goodRuns, measured[0]?.goodRuns).toFixed(2),
			spread(goodRuns.perSecond),
			milliseconds(goodRuns.answers),
		]),
	);
}

const forgedTable = (mode: string, measured: Measured[]) =>
	table(
		[
			`Forged calls, ${mode}`,
			'The call',
			'processor, ms per call',
			'of the floor',
			'executions stored',
		],
		measured.flatMap(({ name, forgedRuns, stored, forgedCalls }) =>
			Object.entries(forgedRuns).map(([kind, runs]) => [
				name,
				kind,
				spread(runs.cost),
				rateOf(runs, refusalsOf(measured[0])).toFixed(2),
				`${stored} of ${forgedCalls} calls`,
			]),
		),
	);

function targetsOf(mode: string, [floor, konnect, full]: Measured[]): Target[] {
	const ofFloor = rateOf(konnect?.goodRuns, floor?.goodRuns);
	return [
		atLeast(`Konnect Trigger, of the floor, ${mode}`, 0.94, ofFloor),
		atLeast(
			`With a full record, of the same with an empty one, ${mode}`,
			0.95,
			rateOf(full?.goodRuns, konnect?.goodRuns),
		),
		...Object.entries(konnect?.forgedRuns ?? {}).map(([kind, runs]) =>
			atLeast(
				`Forged calls (${kind}), of the floor's refusals, ${mode}`,
				0.95,
				rateOf(runs, refusalsOf(floor)),
			),
		),
		exactly(`Executions that forged calls stored, ${mode}`, 0, konnect?.stored ?? NaN),
	];
}

async function measureAll(size: Size) {
	const text: string[] = [];
	const targets: Target[] = [];
	for (const { name, env, budget } of MODES) {
		const measured = await measureMode(env, size === 'full' ? budget : 0);
		const rounds = measured[0]?.goodRuns.cost.length;
		text.push(`${goodTable(`${name}, ${rounds} rounds`, measured)}`, forgedTable(name, measured));
		targets.push(...targetsOf(name, measured));
	}
	return { text, targets };
}

export const trigger: Part = {
	name: 'trigger',
	page: 'benchmarks.md',
	async run(size) {
		const { text, targets } = await measureAll(size);
		const about = `One n8n process, SQLite, a Konnect that answers after ${LATENCY} ms, ${AT_ONCE} calls at once. A round has, for each, ${GOOD_CALLS} good calls and ${FORGED_CALLS} forged ones of each kind, by turns; the flow and Stripe Trigger take part in ${ROUGH_ROUNDS} rounds. The processor time is that of n8n's process, from the first call until the last execution has ended. Figures are medians of the rounds, with the lowest and the highest; "of the floor" compares calls for each second of the processor, round by round. Lazy acquisition is \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true\`. The full record is one of ${MOST_PAID.toLocaleString('en')} paid payments.`;
		return { text: [about, ...text], targets };
	},
};
