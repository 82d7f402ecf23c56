import { table } from '../../../scripts/docs/table';
import {
	findTable,
	QUEUE_MODES,
	startQueueStage,
	startSingleStage,
	type ServedStage,
} from '../../e2e/harness';
import { openDeliveryShop, paidBesides } from '../../e2e/suites/examples/deliveryShop';
import type { Part } from '../shared/part';
import { cpuOf, idle } from '../shared/processes';
import { fire, type Shot } from '../shared/volley';

/** Milliseconds after which the sandbox answers when it is asked for a payment. */
const LATENCY = 50;
const AT_ONCE = 20;
const WARM_UP = 20;
/** How busy a process may be for its answers to stay quick. */
const SHARE = 0.7;

const MODES: Array<[name: string, env: Record<string, string>]> = [
	["n8n's default", {}],
	['lazy acquisition', { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' }],
];
const PROCESSES = ['One process that does all', 'Webhook processor', 'Worker'];
const WORKS = ['Call and delivery', 'New link'];

interface Works {
	workflowId: string;
	/** New calls of each kind of work: Konnect's calls for paid orders, and customers who open the links of new orders. */
	shots: Array<(count: number) => Promise<Shot[]>>;
	close(): Promise<void>;
}

/** The example order-to-delivery, to be called at the first process that takes calls. */
async function openWorks(stage: ServedStage): Promise<Works> {
	const { client, sandbox, entrances } = stage;
	const [entrance = ''] = entrances;
	const { workflowId, webhooks, refOf, close } = await openDeliveryShop(stage, [entrance]);
	// The first order makes the table.
	await refOf('FIRST');
	const orders = await findTable(client, 'Konnect orders');
	let known = 0;
	const delivery = async (count: number) => {
		const rows = [];
		for (let n = 0; n < count; n++) {
			const orderId = `D-${known++}`;
			const paymentId = await paidBesides(sandbox, orderId);
			rows.push({ orderId, paymentId, state: 'open', amount: 12_500, currency: 'TND' });
		}
		await orders.insert(rows);
		return rows.map(({ paymentId }) => ({
			url: `${webhooks[0]}?payment_ref=${paymentId}`,
			expected: 200,
		}));
	};
	const link = async (count: number) =>
		Array.from({ length: count }, () => ({
			url: `${entrance}/order?product=ticket&order=L-${known++}`,
			expected: 302,
		}));
	return { workflowId, shots: [delivery, link], close };
}

/** Milliseconds of processor time for each call and all that it starts, by process. */
async function costOf(stage: ServedStage, workflowId: string, shots: Shot[], pids: number[]) {
	const before = pids.map(cpuOf);
	await fire(shots, AT_ONCE);
	await idle(stage, workflowId);
	return pids.map((pid, index) => (cpuOf(pid) - (before[index] ?? 0)) / shots.length);
}

/** The costs by kind of work, and then by process. */
async function measure(
	stage: ServedStage,
	modes: Array<(typeof QUEUE_MODES)[number]>,
	count: number,
): Promise<number[][]> {
	let works: Works | undefined;
	try {
		stage.sandbox.setFaults({ latency: LATENCY, match: 'get' });
		works = await openWorks(stage);
		const pids = modes.map((mode) => stage.servers()[QUEUE_MODES.indexOf(mode)]?.pid ?? 0);
		const { workflowId, shots } = works;
		for (const some of shots) await costOf(stage, workflowId, await some(WARM_UP), []);
		const costs: number[][] = [];
		for (const some of shots) {
			costs.push(await costOf(stage, workflowId, await some(count), pids));
		}
		return costs;
	} finally {
		await works?.close();
		await stage.close();
	}
}

/** By kind of work: the costs of the one process that does all, of the webhook processor, and of the worker. */
async function measureMode(env: Record<string, string>, count: number): Promise<number[][]> {
	const single = await measure(await startSingleStage('postgres', { env }), ['start'], count);
	const queue = await startQueueStage({ env });
	const apart = await measure(queue, ['webhook', 'worker'], count);
	return single.map((costs, work) => [...costs, ...(apart[work] ?? [])]);
}

/** Payments a second, from the costs of one payment of order-to-delivery: one call with its delivery, and one link. */
function arithmetic(mode: string, [delivery = [], link = []]: number[][]): string {
	const [one, processor, worker] = PROCESSES.map((_, index) =>
		((1000 * SHARE) / ((delivery[index] ?? NaN) + (link[index] ?? NaN))).toFixed(1),
	);
	return `With ${mode}, one process that does all takes ${one} payments a second, a webhook processor ${processor}, a worker ${worker}.`;
}

export const capacity: Part = {
	name: 'capacity',
	page: 'scaling.md',
	async run(size) {
		const costs: Array<[mode: string, costs: number[][]]> = [];
		for (const [mode, env] of MODES) {
			costs.push([mode, await measureMode(env, size === 'full' ? 100 : 20)]);
		}
		const rows = costs.flatMap(([mode, works]) =>
			works.map((work, index) => [
				`${WORKS[index]}, ${mode}`,
				...work.map((cost) => cost.toFixed(1)),
			]),
		);
		return {
			text: [
				`PostgreSQL, Redis, Konnect (which answers after ${LATENCY} ms) and the callers were on the same machine. ${AT_ONCE} calls at once. Milliseconds of processor time for each call of _order-to-delivery_ and all that it starts:`,
				table(['Work', ...PROCESSES], rows),
				`A payment takes one new link and one call with its delivery, and a process should be busy for at most ${100 * SHARE} % of the time. ${costs.map((mode) => arithmetic(...mode)).join(' ')} Divide the payments a second that you expect by these figures, and round up. Each process needs a processor of the machine, and PostgreSQL one more.`,
			],
			targets: [],
		};
	},
};
