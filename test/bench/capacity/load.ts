import { setTimeout as sleep } from 'node:timers/promises';
import { chain, findTable, paidPayments, triggerNode, type ServedStage } from '../../e2e/harness';
import {
	openDeliveryShop,
	paidBesides,
	type DeliveryShop,
} from '../../e2e/suites/examples/deliveryShop';
import { cpuOf } from '../shared/processes';
import { fire, type Shot } from '../trigger/volley';

const AT_ONCE = 20;
const POLL_MS = 50;
const SETTLE_TIMEOUT_MS = 120_000;

/** One kind of work: calls, and the workflow that they start. */
export interface Work {
	workflowId: string;
	/** Calls that are news, each for another payment or order. */
	shots(count: number): Promise<Shot[]>;
}

export interface Works {
	/** Konnect's call for a payment, to a trigger with nothing behind it. */
	trigger: Work;
	/** The example order-to-delivery: Konnect's call for an order whose link is paid. */
	delivery: Work;
	/** The same: a customer opens the link of a new order. */
	link: Work;
	close(): Promise<void>;
}

/** What so much work took. */
export interface Took {
	perSecond: number;
	/** Milliseconds of the processor for each, by process that was watched. */
	cpu: number[];
}

/** Publishes what is to be called, at the first process that takes calls. */
export async function openWorks(stage: ServedStage): Promise<Works> {
	const { client, sandbox } = stage;
	const entrances = stage.entrances.slice(0, 1);
	const node = triggerNode(stage);
	const { id } = await client.createWorkflow(chain('Capacity', [node]));
	await client.publish(id);
	const shop = await openDeliveryShop(stage, entrances);
	// The first order makes the table.
	await shop.refOf('FIRST');
	let orders = 0;
	const trigger = `${entrances[0]}/${node.webhookId}/konnect?payment_ref=`;
	const link = `${entrances[0]}/order?product=ticket&order=L-`;
	return {
		trigger: {
			workflowId: id,
			shots: async (count) =>
				(await paidPayments(sandbox, count)).map((ref) => ({ url: trigger + ref, expected: 200 })),
		},
		delivery: {
			workflowId: shop.workflowId,
			shots: async (count) => await paidOrders(stage, shop, count, () => `D-${orders++}`),
		},
		link: {
			workflowId: shop.workflowId,
			shots: async (count) =>
				Array.from({ length: count }, () => ({ url: `${link}${orders++}`, expected: 302 })),
		},
		close: shop.close,
	};
}

/** Orders whose links are paid, and Konnect's calls for them. */
async function paidOrders(
	{ client, sandbox }: ServedStage,
	{ webhooks }: DeliveryShop,
	count: number,
	name: () => string,
): Promise<Shot[]> {
	const rows = [];
	for (let n = 0; n < count; n++) {
		const orderId = name();
		const paymentId = await paidBesides(sandbox, orderId);
		rows.push({ orderId, paymentId, state: 'open', amount: 12_500, currency: 'TND' });
	}
	await (await findTable(client, 'Konnect orders')).insert(rows);
	return rows.map(({ paymentId }) => ({
		url: `${webhooks[0]}?payment_ref=${paymentId}`,
		expected: 200,
	}));
}

/** What it takes to have calls answered. */
export async function answer(work: Work, count: number, pids: number[]): Promise<Took> {
	const shots = await work.shots(count);
	return await watch(pids, count, async () => void (await fire(shots, AT_ONCE)));
}

/**
 * What it takes to have calls answered and executed.
 *
 * @param begin where the calls were answered before: has their executions begin
 */
export async function execute(
	{ client }: ServedStage,
	work: Work,
	count: number,
	pids: number[],
	begin?: () => void,
): Promise<Took> {
	const shots = begin ? [] : await work.shots(count);
	const { workflowId } = work;
	// Asks for one only: n8n works for the answer too.
	const isOpen = async () =>
		(await client.listExecutions({ workflowId, status: ['new', 'running'], limit: 1 })).length > 0;
	return await watch(pids, count, async () => {
		if (begin) begin();
		else await fire(shots, AT_ONCE);
		const deadline = Date.now() + SETTLE_TIMEOUT_MS;
		while (await isOpen()) {
			if (Date.now() > deadline) throw new Error('The executions do not come to an end');
			await sleep(POLL_MS);
		}
	});
}

/** What an act that does `count` things takes of the clock, and of some processes. */
async function watch(pids: number[], count: number, act: () => Promise<void>): Promise<Took> {
	const before = pids.map(cpuOf);
	const start = performance.now();
	await act();
	const seconds = (performance.now() - start) / 1000;
	const cpu = pids.map((pid, index) => (cpuOf(pid) - (before[index] ?? 0)) / count);
	return { perSecond: count / seconds, cpu };
}
