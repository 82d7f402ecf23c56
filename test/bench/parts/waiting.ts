import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fetch from 'node-fetch';
import { table } from '../../../scripts/docs/table';
import {
	chain,
	hasEnded,
	konnectNode,
	openSale,
	startSingleStage,
	type Order,
	type ServedStage,
} from '../../e2e/harness';
import { exactly } from '../shared/figures';
import type { Part } from '../shared/part';
import { memoryOf } from '../shared/processes';
import { ifNode, webhookNode } from '../shared/workflows';

/** Orders that are taken first, so that n8n has loaded and compiled its code. */
const WARM_UP = 20;
const PAID_AT_ONCE = 10;
const POLLED = 20;

interface Held {
	executions: number;
	/** Megabytes that the process holds. */
	before: number;
	after: number;
	/** How often Konnect was asked, within a minute. */
	reads: number;
}

/** Has executions begin to wait, and looks at n8n before and after. */
async function hold(
	{ n8n, sandbox }: ServedStage,
	executions: number,
	seconds: number,
	begin: () => Promise<unknown>,
): Promise<Held> {
	const before = await memoryOf(n8n.pid, seconds);
	await begin();
	const after = await memoryOf(n8n.pid, seconds);
	const since = Date.now();
	await sleep(seconds * 1000);
	const reads = sandbox.requests.filter(({ method, at }) => method === 'GET' && at >= since);
	return { executions, before, after, reads: (reads.length * 60) / seconds };
}

async function park(stage: ServedStage, executions: number, seconds: number) {
	const sale = await openSale(stage);
	await sale.order(WARM_UP);
	let orders: Order[] = [];
	const held = await hold(stage, executions, seconds, async () => {
		orders = await sale.order(executions);
	});
	return { held, resumed: await payAll(stage, sale.workflowId, orders) };
}

/** Has all orders paid, and counts those that were delivered once. */
async function payAll({ sandbox, client }: ServedStage, workflowId: string, orders: Order[]) {
	const start = performance.now();
	const queue = orders.values();
	const payer = async () => {
		for (const { refs } of queue) await sandbox.pay(refs[0] ?? '');
	};
	await Promise.all(Array.from({ length: PAID_AT_ONCE }, payer));
	const ids = new Set(orders.map(({ executionId }) => executionId));
	await client.waitUntilAll({
		workflowId,
		timeout: 300_000,
		until: (execution) => !ids.has(execution.id) || hasEnded(execution),
	});
	const seconds = (performance.now() - start) / 1000;
	let once = 0;
	for (const id of ids) {
		const { status, data } = await client.getExecution(id);
		once += status === 'success' && data.resultData.runData.Deliver?.length === 1 ? 1 : 0;
	}
	return { seconds, once };
}

/** What people build without a node that waits: look every ten seconds. n8n keeps so short a wait in memory. */
function pollingWorkflow(stage: ServedStage, webhookId: string) {
	const workflow = chain('Polling', [
		webhookNode(webhookId),
		konnectNode(stage, 'Init Payment', { operation: 'initPayment', amount: 1, notify: 'none' }),
		{
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: 10, unit: 'seconds' },
			webhookId: randomUUID(),
		},
		konnectNode(stage, 'Get Payment', {
			operation: 'getPayment',
			paymentId: "={{ $('Init Payment').item.json.paymentRef }}",
		}),
		ifNode('={{ $json.state }}', 'notEquals', 'paid'),
	]);
	const again = [{ node: 'Wait', type: 'main' as const, index: 0 }];
	return { ...workflow, connections: { ...workflow.connections, If: { main: [again] } } };
}

async function pollFor(stage: ServedStage, executions: number, seconds: number): Promise<Held> {
	const webhookId = randomUUID();
	const { id } = await stage.client.createWorkflow(pollingWorkflow(stage, webhookId));
	await stage.client.publish(id);
	const held = await hold(stage, executions, Math.max(seconds, 10), async () => {
		for (let n = 0; n < executions; n++) await fetch(`${stage.entrances[0]}/${webhookId}`);
	});
	for (const { ref } of stage.sandbox.payments()) await stage.sandbox.pay(ref);
	await stage.client.waitUntilSettled({ workflowId: id, timeout: 120_000 });
	return held;
}

async function onStage<T>(run: (stage: ServedStage) => Promise<T>): Promise<T> {
	const stage = await startSingleStage('sqlite');
	try {
		return await run(stage);
	} finally {
		await stage.close();
	}
}

const row = (name: string, { executions, before, after, reads }: Held) => [
	name,
	executions,
	`${before.toFixed(0)} → ${after.toFixed(0)}`,
	reads.toFixed(0),
];

export const waiting: Part = {
	name: 'waiting',
	page: 'benchmarks.md',
	async run(size) {
		const [executions, seconds] = size === 'full' ? [500, 20] : [10, 2];
		const { held, resumed } = await onStage(
			async (stage) => await park(stage, executions, seconds),
		);
		const polled = await onStage(async (stage) => await pollFor(stage, POLLED, seconds));
		return {
			text: [
				`One n8n process, SQLite. Each execution makes a payment and waits for it. Memory is the least that the process holds within ${seconds} seconds, before the first and after the last of them waits.`,
				table(
					['', 'Executions', "n8n's memory, MB", 'Reads of payments in a minute'],
					[row('Wait for Payment', held), row('Loop of Wait (10 s) → Get Payment → If', polled)],
				),
				`Then all ${executions} were paid, ${PAID_AT_ONCE} at once, with a call of the silent webhook each: after ${resumed.seconds.toFixed(0)} seconds all had gone on.`,
			],
			targets: [
				exactly('Reads of payments in a minute while all wait', 0, held.reads),
				exactly('Executions that went on exactly once', executions, resumed.once),
			],
		};
	},
};
