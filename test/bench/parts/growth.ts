import { startSandbox } from '../../../sandbox/index';
import { paidPayments, chain, startStage, triggerNode, triggerUrl } from '../../e2e/harness';
import { startEngine } from '../engine/engine';
import { lines, svgOf } from '../shared/chart';
import { circumstances } from '../shared/circumstances';
import { quantile, type Target } from '../shared/figures';
import { table } from '../shared/markdown';
import { memoryOf } from '../shared/processes';
import { writeChart, writeSection } from '../shared/page';
import { callsAtRate, type Call } from '../trigger/rate';
import type { Part, Size } from './part';

const AT_ONCE = 10;
/** Of Konnect's answers to the trigger, in milliseconds. */
const LATENCY = 50;

interface ItemsRow {
	items: number;
	seconds: number;
	/** Megabytes of heap that the run took at most, garbage not collected. */
	heap: number;
}

interface CallsRow {
	perSecond: number;
	calls: Call[];
	/** Executions per second, from the first call until the last answer. */
	answered: number;
	/** Megabytes that n8n's process held at most. */
	memory: number;
}

async function growItems(sizes: number[]): Promise<ItemsRow[]> {
	const sandbox = await startSandbox();
	const rows: ItemsRow[] = [];
	try {
		for (const items of sizes) {
			// A process for each, so that none has the heap of the one before.
			const engine = await startEngine();
			const contender = { node: 'konnect', inFlight: AT_ONCE } as const;
			const { apiBaseUrl } = sandbox;
			await engine.run({ contender, items: 100, apiBaseUrl });
			const run = await engine.run({ contender, items, apiBaseUrl });
			rows.push({ items, seconds: run.milliseconds / 1000, heap: run.heapMost - run.heapBefore });
			engine.stop();
			sandbox.reset();
		}
		return rows;
	} finally {
		await sandbox.close();
	}
}

async function growCalls(rates: number[], size: Size): Promise<CallsRow[]> {
	const stage = await startStage({ sandbox: { faults: { latency: LATENCY, match: 'get' } } });
	try {
		const workflow = await stage.client.createWorkflow(chain('Growth', [triggerNode(stage)]));
		await stage.client.publish(workflow.id);
		const url = `${triggerUrl(stage, workflow)}?payment_ref=`;
		const rows: CallsRow[] = [];
		for (const perSecond of [5, ...rates]) {
			const count = size === 'full' ? Math.min(perSecond * 10, 500) : Math.min(perSecond * 2, 20);
			const refs = await paidPayments(stage.sandbox, count);
			let memory = 0;
			const watch = setInterval(() => {
				memory = Math.max(memory, memoryOf(stage.n8n.pid));
			}, 200);
			const { calls, seconds } = await callsAtRate(
				refs.map((ref) => url + ref),
				perSecond,
			);
			clearInterval(watch);
			rows.push({ perSecond, calls, answered: calls.length / seconds, memory });
			await stage.client.waitUntilSettled({ workflowId: workflow.id, timeout: 120_000 });
		}
		// The first row was for n8n to load and compile its code.
		return rows.slice(1);
	} finally {
		await stage.close();
	}
}

const itemsTable = (rows: ItemsRow[]) =>
	table(
		['Items', 'Seconds', 'ms per item', 'Heap, MB', 'kB per item'],
		rows.map(({ items, seconds, heap }) => [
			items,
			seconds.toFixed(2),
			((seconds * 1000) / items).toFixed(2),
			heap.toFixed(0),
			((heap * 1024) / items).toFixed(1),
		]),
	);

const callsTable = (rows: CallsRow[]) =>
	table(
		[
			'Calls/s',
			'Calls',
			'Answered 200',
			'Answered 503',
			'Answered/s',
			'answer p50 / p95, ms',
			'n8n, MB',
		],
		rows.map(({ perSecond, calls, answered, memory }) => {
			const times = calls.map(({ milliseconds }) => milliseconds);
			const count = (status: number) => calls.filter((call) => call.status === status).length;
			const p = (share: number) => quantile(times, share).toFixed(0);
			const rest = [answered.toFixed(1), `${p(0.5)} / ${p(0.95)}`, memory.toFixed(0)];
			return [perSecond, calls.length, count(200), count(503), ...rest];
		}),
	);

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('growth');
	const items = await growItems(size === 'full' ? [10, 100, 1_000, 10_000] : [10, 100]);
	const calls = await growCalls(size === 'full' ? [1, 10, 100] : [1, 10], size);
	await writeSection(
		'growth',
		[
			measured,
			'![Time and memory of a run by its items, and of n8n by the calls of its trigger](images/growth-benchmark.svg)',
			`Init Payment in n8n's engine, ${AT_ONCE} at once, a sandbox that answers at once. The heap is what the run added at most, its input and output and garbage included.`,
			itemsTable(items),
			`Konnect Trigger on a real n8n, one process, SQLite: a call for another paid payment each time, evenly spaced, whether those before are answered or not. Konnect answers after ${LATENCY} ms.`,
			callsTable(calls),
		].join('\n\n'),
	);
	const perItem = items.map((row) => ({ x: row.items, y: row.seconds, series: 'seconds' }));
	const heap = items.map((row) => ({ x: row.items, y: row.heap, series: 'heap, MB' }));
	const answers = calls.map((row) => ({
		x: row.perSecond,
		y: quantile(
			row.calls.map(({ milliseconds }) => milliseconds),
			0.5,
		),
		series: 'answer p50, ms',
	}));
	const memory = calls.map((row) => ({
		x: row.perSecond,
		y: row.memory,
		series: "n8n's memory, MB",
	}));
	const svg = await svgOf([
		lines('Init Payment', 'items', [...perItem, ...heap]),
		lines('Konnect Trigger', 'calls per second', [...answers, ...memory]),
	]);
	await writeChart('growth', svg);
	return [];
}

export const growth: Part = { name: 'growth', run };
