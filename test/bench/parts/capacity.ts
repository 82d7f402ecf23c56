import { table } from '../../../scripts/docs/table';
import {
	findTable,
	paidPayments,
	QUEUE_MODES,
	startQueueStage,
	startSingleStage,
	triggerNode,
	type ServedStage,
} from '../../e2e/harness';
import { openDeliveryShop, paidBesides } from '../../e2e/suites/examples/deliveryShop';
import type { Part } from '../shared/part';
import { cpuOf, idle } from '../shared/processes';
import { fire, type Shot } from '../shared/volley';
import { publish } from '../shared/workflows';

/** Of Konnect's answers when it is asked for a payment, in milliseconds. */
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
const WORKS = [
	'Trigger alone: call and execution',
	'order-to-delivery: call and delivery',
	'order-to-delivery: new link',
];

/** Calls that are news, each for another payment or order, and the workflow that they start. */
interface Work {
	workflowId: string;
	shots(count: number): Promise<Shot[]>;
}

/** The trigger alone; and order-to-delivery: Konnect's call for a paid order, and a customer who opens the link of a new one. */
interface Works {
	trigger: Work;
	delivery: Work;
	link: Work;
	close(): Promise<void>;
}

async function openWorks(stage: ServedStage): Promise<Works> {
	const { client, sandbox } = stage;
	const [entrance = ''] = stage.entrances;
	const node = triggerNode(stage);
	const workflowId = await publish(stage, 'Capacity', [node]);
	const shop = await openDeliveryShop(stage, [entrance]);
	// The first order makes the table.
	await shop.refOf('FIRST');
	const orders = await findTable(client, 'Konnect orders');
	let known = 0;
	const callsOf = (refs: string[], url = '') =>
		refs.map((ref) => ({ url: `${url}?payment_ref=${ref}`, expected: 200 }));
	return {
		trigger: {
			workflowId,
			shots: async (count) =>
				callsOf(await paidPayments(sandbox, count), `${entrance}/${node.webhookId}/konnect`),
		},
		delivery: {
			workflowId: shop.workflowId,
			shots: async (count) => {
				const rows = [];
				for (let n = 0; n < count; n++) {
					const orderId = `D-${known++}`;
					const paymentId = await paidBesides(sandbox, orderId);
					rows.push({ orderId, paymentId, state: 'open', amount: 12_500, currency: 'TND' });
				}
				await orders.insert(rows);
				return callsOf(
					rows.map(({ paymentId }) => paymentId),
					shop.webhooks[0],
				);
			},
		},
		link: {
			workflowId: shop.workflowId,
			shots: async (count) =>
				Array.from({ length: count }, () => ({
					url: `${entrance}/order?product=ticket&order=L-${known++}`,
					expected: 302,
				})),
		},
		close: shop.close,
	};
}

/** Milliseconds of the processor for each of some calls and all that they start, by process. */
async function costOf(stage: ServedStage, work: Work, count: number, pids: number[]) {
	const shots = await work.shots(count);
	const before = pids.map(cpuOf);
	await fire(shots, AT_ONCE);
	await idle(stage, work.workflowId);
	return pids.map((pid, index) => (cpuOf(pid) - (before[index] ?? 0)) / count);
}

/** By work, and then by process. */
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
		const all = [works.trigger, works.delivery, works.link];
		for (const work of all) await costOf(stage, work, WARM_UP, []);
		const costs: number[][] = [];
		for (const work of all) costs.push(await costOf(stage, work, count, pids));
		return costs;
	} finally {
		await works?.close();
		await stage.close();
	}
}

/** By work; the costs of the one process that does all, of the webhook processor, and of the worker. */
async function measureMode(env: Record<string, string>, count: number): Promise<number[][]> {
	const single = await measure(await startSingleStage('postgres', { env }), ['start'], count);
	const queue = await startQueueStage({ env });
	const apart = await measure(queue, ['webhook', 'worker'], count);
	return single.map((costs, work) => [...costs, ...(apart[work] ?? [])]);
}

/** From the costs of one payment of order-to-delivery: one call with its delivery, and one link. */
function arithmetic(mode: string, [, delivery = [], link = []]: number[][]): string {
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
				`PostgreSQL, Redis, Konnect (which answers after ${LATENCY} ms) and the callers were on the same machine. ${AT_ONCE} calls at once. Milliseconds of the processor for each:`,
				table(['Work', ...PROCESSES], rows),
				`A payment of _order-to-delivery_ is one new link and one call with its delivery, and a process is to be busy for ${100 * SHARE} % of the time. ${costs.map((mode) => arithmetic(...mode)).join(' ')} So divide the payments a second that you expect by these, and round up. Each process needs a processor of the machine, and PostgreSQL one more.`,
			],
			targets: [],
		};
	},
};
