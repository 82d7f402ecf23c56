import { startSandbox } from '../../../sandbox/index';
import { table } from '../../../scripts/docs/table';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { startStage, type Stage } from '../../e2e/harness';
import { atLeast, exactly, quantile, ratioOf, type Target } from '../shared/figures';
import type { Findings, Part, Size } from '../shared/part';
import { cpuOf, idle } from '../shared/processes';
import { spread } from '../shared/report';
import { fire, type Shot } from '../shared/volley';
import { publishContenders, type Contender } from '../trigger/contenders';
import { startStripe, writeThrowAwayPackage } from '../trigger/throwAway';

const LATENCY = 50;
const AT_ONCE = 20;
const ROUGH_ROUNDS = 3;
const SETTLE_TIMEOUT_MS = 120_000;
const GOOD = 'good';
/** How many calls of each kind come before measuring, and in a round. */
const CALLS = {
	full: { warmUp: 40, good: 80, forged: 160 },
	small: { warmUp: 5, good: 10, forged: 10 },
};
/** `budget`: milliseconds for the rounds. There are at least two. */
const MODES: Array<{ mode: string; env: Record<string, string>; budget: number }> = [
	{ mode: "n8n's default", env: {}, budget: 90_000 },
	{
		mode: 'lazy acquisition',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		budget: 240_000,
	},
];

/** One kind of call to one contender, and the results of its rounds. */
interface Series {
	of: Contender;
	/** `good`, or what is wrong with them. */
	kind: string;
	shots(count: number): Promise<Shot[]>;
	calls: number;
	/** Milliseconds of processor time that n8n used for each call, until no execution was under way. */
	cost: number[];
	perSecond: number[];
	/** Milliseconds until each answer, of all rounds. */
	answers: number[];
}

function seriesOf(of: Contender): Series[] {
	const series = (kind: string, shots: Series['shots']): Series => {
		return { of, kind, shots, calls: 0, cost: [], perSecond: [], answers: [] };
	};
	const forged = Object.entries(of.forged).map(([kind, shot]) =>
		series(kind, async (count) => Array.from({ length: count }, shot)),
	);
	return [series(GOOD, of.good), ...forged];
}

async function run(stage: Stage, series: Series, count: number, isWarmUp = false): Promise<void> {
	const shots = await series.shots(count);
	const before = cpuOf(stage.n8n.pid);
	const start = performance.now();
	const answers = await fire(shots, AT_ONCE);
	await idle(stage, series.of.workflowId);
	series.calls += count;
	if (isWarmUp) return;
	series.cost.push((cpuOf(stage.n8n.pid) - before) / count);
	series.perSecond.push((1000 * count) / (performance.now() - start));
	series.answers.push(...answers);
}

/** The contenders take turns, because the speed of a machine changes by more than they differ. */
async function measure(stage: Stage, budget: number, size: Size): Promise<Series[]> {
	const { warmUp, good, forged } = CALLS[size];
	const all = (await publishContenders(stage)).flatMap(seriesOf);
	for (const series of all) await run(stage, series, warmUp, true);
	const start = performance.now();
	for (let n = 0; n < 2 || performance.now() - start < budget; n++) {
		const some = all.filter(({ of }) => !of.isRough || n < ROUGH_ROUNDS);
		// Each comes first equally often, because the next one pays for what it leaves behind.
		const turn = n % some.length;
		for (const series of [...some.slice(turn), ...some.slice(0, turn)]) {
			await run(stage, series, series.kind === GOOD ? good : forged);
		}
	}
	return all;
}

/** Executions that n8n has stored for forged calls, by contender. @throws where a good call did not start one */
async function storedFor({ client }: Stage, all: Series[]): Promise<Record<string, number>> {
	const stored: Record<string, number> = {};
	for (const { of, calls } of all.filter(({ kind }) => kind === GOOD)) {
		const { workflowId } = of;
		const found = await client.waitUntilSettled({ workflowId, timeout: SETTLE_TIMEOUT_MS });
		const good = found.filter(({ status }) => status === 'success').length;
		if (good !== calls) throw new Error(`${of.name}: ${good} executions, not ${calls}`);
		stored[of.name] = found.length - calls;
	}
	return stored;
}

/** Calls per second of processor time, as a share of those of another series. */
const rateOf = (one: Series | undefined, other: Series | undefined) =>
	ratioOf((other?.cost ?? []).slice(0, one?.cost.length), one?.cost ?? []);

function findingsOf(mode: string, all: Series[], stored: Record<string, number>): Findings {
	const find = (name: RegExp, kind: string) =>
		all.find((series) => name.test(series.of.name) && series.kind === kind);
	const floorOf = ({ kind }: Series) => find(/^Floor$/, kind === GOOD ? GOOD : 'refused');
	const konnect = find(/^Konnect Trigger$/, GOOD);
	const full = find(/^Konnect Trigger, /, GOOD);
	const p = ({ answers }: Series, share: number) => quantile(answers, share).toFixed(0);
	const rows = all.map((series) => [
		series.of.name,
		series.kind,
		spread(series.cost),
		rateOf(series, floorOf(series)).toFixed(2),
		spread(series.perSecond),
		`${p(series, 0.5)} / ${p(series, 0.95)}`,
	]);
	const forged = all.filter(({ of, kind }) => of === konnect?.of && kind !== GOOD);
	const target = (what: string, least: number, one?: Series, other?: Series): Target =>
		atLeast(`${what}, ${mode}`, least, rateOf(one, other));
	return {
		text: [
			table(
				[
					`${mode}, ${konnect?.cost.length} rounds`,
					'Calls',
					'processor, ms a call',
					'of the floor',
					'calls/s',
					'answer p50 / p95, ms',
				],
				rows,
			),
			`Executions stored for forged calls: ${Object.entries(stored)
				.map(([name, count]) => `${name} ${count}`)
				.join(', ')}.`,
		],
		targets: [
			target('Konnect Trigger, of the floor', 0.94, konnect, konnect && floorOf(konnect)),
			target('A full record, of an empty one', 0.95, full, konnect),
			...forged.map((one) => target(`Forged (${one.kind}), of refusals`, 0.95, one, floorOf(one))),
			exactly(`Executions for forged calls, ${mode}`, 0, stored['Konnect Trigger'] ?? NaN),
		],
	};
}

async function measureMode({ mode, env, budget }: (typeof MODES)[number], size: Size) {
	const userFolder = temporaryFolder('konnect-bench-');
	const stripe = await startStripe();
	// Only reads are slow. Otherwise making the payments would take longer than the benchmark.
	const sandbox = await startSandbox({ faults: { latency: LATENCY, match: 'get' } });
	await writeThrowAwayPackage(userFolder, { stripe: stripe.url, konnect: sandbox.apiBaseUrl });
	const stage = await startStage({ n8n: { userFolder, env }, sandbox });
	try {
		const all = await measure(stage, size === 'full' ? budget : 0, size);
		return findingsOf(mode, all, await storedFor(stage, all));
	} finally {
		await stage.close();
		await sandbox.close();
		stripe.close();
	}
}

export const trigger: Part = {
	name: 'trigger',
	page: 'benchmarks.md',
	async run(size) {
		const about = `One n8n process, SQLite, a Konnect that answers after ${LATENCY} ms, ${AT_ONCE} calls at once. A round has ${CALLS[size].good} good calls of each and ${CALLS[size].forged} forged ones of each kind, in turn; the flow and Stripe Trigger take part in at most ${ROUGH_ROUNDS} rounds. The processor time is that of n8n's process, until no execution is under way. Figures are medians of the rounds, with the lowest and the highest; "of the floor" compares the calls per second of processor time, round by round.`;
		const findings: Findings[] = [];
		for (const mode of MODES) findings.push(await measureMode(mode, size));
		return {
			text: [about, ...findings.flatMap(({ text }) => text)],
			targets: findings.flatMap(({ targets }) => targets),
		};
	},
};
