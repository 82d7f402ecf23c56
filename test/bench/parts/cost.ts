import { startSandbox } from '../../../sandbox/index';
import { bars, svgOf } from '../shared/chart';
import { circumstances } from '../shared/circumstances';
import { atMost, median, ratioOf, type Target } from '../shared/figures';
import { spread, table, targetTable } from '../shared/markdown';
import { writeChart, writeSection } from '../shared/page';
import type { Contender } from '../engine/contender';
import { startEngine } from '../engine/engine';
import { openServer } from '../engine/server';
import type { Part, Size } from './part';

const AT_ONCE = 10;
const ROUNDS = 3;

const CONTENDERS = {
	'Init Payment': { node: 'konnect', inFlight: AT_ONCE },
	'HTTP Request, in batches': { node: 'http', batch: { size: AT_ONCE, interval: 1 } },
	'HTTP Request, all at once': { node: 'http', batch: undefined },
} as const satisfies Record<string, Contender>;

type Name = keyof typeof CONTENDERS;

/** Milliseconds per item, by round. */
interface Costs {
	cpu: number[];
	wall: number[];
}

type Results = Record<Name, Costs>;

const NAMES = Object.keys(CONTENDERS) as Name[];
const RIVAL: Name = 'HTTP Request, in batches';

const empty = () =>
	Object.fromEntries(NAMES.map((name) => [name, { cpu: [], wall: [] }])) as unknown as Results;

type Run = (contender: Contender, round: number) => Promise<{ cpu: number; wall: number }>;

/** All contenders by turns, because the speed of a machine changes by more than what is to be seen. */
async function byTurns(items: number, run: Run): Promise<Results> {
	const results = empty();
	for (let round = 0; round < ROUNDS; round++) {
		for (const name of NAMES) {
			const { cpu, wall } = await run(CONTENDERS[name], round);
			results[name].cpu.push(cpu / items);
			results[name].wall.push(wall / items);
		}
	}
	return results;
}

async function inEngine(items: number): Promise<Results> {
	const sandbox = await startSandbox({ host: '0.0.0.0' });
	const engine = await startEngine();
	let runs = 0;
	// Each run at an address of its own: ten thousand closed connections keep their ports for a while.
	const address = () =>
		process.platform === 'linux' ? `127.0.0.${2 + (runs++ % 200)}` : '127.0.0.1';
	const run = async (contender: Contender, count: number) => {
		sandbox.reset();
		const apiBaseUrl = sandbox.apiBaseUrl.replace('127.0.0.1', address());
		const measured = await engine.run({ contender, items: count, apiBaseUrl });
		return { cpu: measured.cpuMilliseconds, wall: measured.milliseconds };
	};
	try {
		for (const name of NAMES) await run(CONTENDERS[name], Math.min(items, 500));
		return await byTurns(items, async (contender) => await run(contender, items));
	} finally {
		engine.stop();
		await sandbox.close();
	}
}

async function onServer(items: number): Promise<Results> {
	const server = await openServer();
	try {
		for (const name of NAMES) await server.run(CONTENDERS[name], Math.min(items, 100));
		return await byTurns(items, async (contender) => await server.run(contender, items));
	} finally {
		await server.close();
	}
}

const targetOf = (where: string, results: Results): Target =>
	atMost(
		`Processor time of Init Payment, of HTTP Request's in batches, ${where}`,
		1,
		ratioOf(results['Init Payment'].cpu, results[RIVAL].cpu),
	);

const tableOf = (where: string, results: Results) =>
	table(
		[where, 'processor, ms per item', 'of HTTP Request in batches', 'wall clock, ms per item'],
		NAMES.map((name) => [
			name,
			spread(results[name].cpu, 2),
			ratioOf(results[name].cpu, results[RIVAL].cpu).toFixed(2),
			spread(results[name].wall, 2),
		]),
	);

const barsOf = (title: string, results: Results) =>
	bars(
		title,
		NAMES.map((label) => ({
			label,
			series: 'processor time',
			value: median(results[label].cpu),
		})),
		'.2f',
	);

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('cost');
	const [many, some] = size === 'full' ? [10_000, 1_000] : [200, 50];
	const engine = await inEngine(many);
	const server = await onServer(some);
	const targets = [
		targetOf(`engine, ${many} items`, engine),
		targetOf(`real n8n, ${some} items`, server),
	];
	await writeSection(
		'cost',
		[
			`${measured} A sandbox in another process answers at once, so what is left is what each node costs n8n itself. Medians of ${ROUNDS} rounds by turns, with the lowest and the highest. The processor time is that of the whole process: of the engine while the node ran, of n8n from the start of the execution until it was stored, with the making of the items in it. HTTP Request has a header credential. Both have two expressions, one for the amount and one for the order. ${AT_ONCE} items are under way at once, in HTTP Request a batch of ${AT_ONCE} begins each millisecond.`,
			'![Processor time per item of Init Payment and HTTP Request](images/cost-benchmark.svg)',
			tableOf(`Engine, ${many} items`, engine),
			tableOf(`Real n8n, ${some} items`, server),
			targetTable(targets),
		].join('\n\n'),
	);
	const svg = await svgOf([
		barsOf(`Engine, ${many} items: ms of processor time per item`, engine),
		barsOf(`Real n8n, ${some} items: ms of processor time per item`, server),
	]);
	await writeChart('cost', svg);
	return targets;
}

export const cost: Part = { name: 'cost', run };
