import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import fetch from 'node-fetch';
import type { WorkflowJson } from '../../../scripts/n8n/workflows';
import {
	chain,
	hasEnded,
	konnectNode,
	openSale,
	startSingleStage,
	type NodeDraft,
	type Order,
	type ServedStage,
} from '../../e2e/harness';
import { circumstances } from '../shared/circumstances';
import type { Target } from '../shared/figures';
import { table } from '../shared/markdown';
import { writeSection } from '../shared/page';
import type { Part, Size } from './part';

/** Orders that are taken first, so that n8n has loaded and compiled its code. */
const WARM_UP = 20;
const PAID_AT_ONCE = 10;
const POLLED = 20;

interface Memory {
	/** Megabytes of objects that are in use: the least of some seconds, in which garbage is collected. */
	heap: number;
	/** Megabytes that the process holds. */
	process: number;
}

interface Held {
	executions: number;
	before: Memory;
	after: Memory;
	/** How often Konnect was asked, within a minute. */
	reads: number;
}

interface Resumed {
	seconds: number;
	/** Executions that delivered once. */
	once: number;
}

async function memoryOf({ n8n }: ServedStage, seconds: number): Promise<Memory> {
	const samples: Memory[] = [];
	for (let n = 0; n < seconds * 2; n++) {
		const text = await (await fetch(`${n8n.url}/metrics`)).text();
		const value = (name: string) =>
			Number(new RegExp(`^n8n_${name} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20;
		samples.push({
			heap: value('nodejs_heap_size_used_bytes'),
			process: value('process_resident_memory_bytes'),
		});
		await sleep(500);
	}
	const least = (key: keyof Memory) => Math.min(...samples.map((sample) => sample[key]));
	return { heap: least('heap'), process: least('process') };
}

/** How often Konnect is asked for a payment while `seconds` go by, as a number for a minute. */
async function readsWithin({ sandbox }: ServedStage, seconds: number): Promise<number> {
	const since = Date.now();
	await sleep(seconds * 1000);
	const reads = sandbox.requests.filter(({ method, at }) => method === 'GET' && at >= since);
	return (reads.length * 60) / seconds;
}

async function park(stage: ServedStage, executions: number, seconds: number) {
	const sale = await openSale(stage);
	await sale.order(WARM_UP);
	const before = await memoryOf(stage, seconds);
	const orders = await sale.order(executions);
	const after = await memoryOf(stage, seconds);
	const reads = await readsWithin(stage, seconds);
	const held: Held = { executions, before, after, reads };
	return { held, resumed: await payAll(stage, sale.workflowId, orders) };
}

async function payAll(
	{ sandbox, client }: ServedStage,
	workflowId: string,
	orders: Order[],
): Promise<Resumed> {
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
function pollingWorkflow(stage: ServedStage, webhookId: string): WorkflowJson {
	const drafts: NodeDraft[] = [
		{
			name: 'Start',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { path: webhookId, options: {} },
			webhookId,
		},
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
		{
			name: 'If',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			parameters: { conditions: IS_OPEN, options: {} },
		},
	];
	const workflow = chain('Polling', drafts);
	const again = [{ node: 'Wait', type: 'main' as const, index: 0 }];
	return { ...workflow, connections: { ...workflow.connections, If: { main: [again] } } };
}

const IS_OPEN = {
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
	conditions: [
		{
			id: '1',
			leftValue: '={{ $json.state }}',
			rightValue: 'paid',
			operator: { type: 'string', operation: 'notEquals' },
		},
	],
	combinator: 'and',
};

async function poll(stage: ServedStage, executions: number, seconds: number): Promise<Held> {
	const webhookId = randomUUID();
	const { id } = await stage.client.createWorkflow(pollingWorkflow(stage, webhookId));
	await stage.client.publish(id);
	const before = await memoryOf(stage, seconds);
	for (let n = 0; n < executions; n++) await fetch(`${stage.entrances[0]}/${webhookId}`);
	const after = await memoryOf(stage, seconds);
	const reads = await readsWithin(stage, Math.max(seconds, 20));
	for (const { ref } of stage.sandbox.payments()) await stage.sandbox.pay(ref);
	await stage.client.waitUntilSettled({ workflowId: id, timeout: 120_000 });
	return { executions, before, after, reads };
}

const change = (before: number, after: number) => `${before.toFixed(0)} → ${after.toFixed(0)}`;

const row = (name: string, { executions, before, after, reads }: Held) => [
	name,
	executions,
	change(before.heap, after.heap),
	change(before.process, after.process),
	reads.toFixed(0),
];

async function onStage<T>(run: (stage: ServedStage) => Promise<T>): Promise<T> {
	const stage = await startSingleStage('sqlite', { env: { N8N_METRICS: 'true' } });
	try {
		return await run(stage);
	} finally {
		await stage.close();
	}
}

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('waiting');
	const [executions, seconds] = size === 'full' ? [500, 20] : [10, 2];
	const { held, resumed } = await onStage(async (stage) => await park(stage, executions, seconds));
	const polled = await onStage(async (stage) => await poll(stage, POLLED, seconds));
	await writeSection(
		'waiting',
		[
			measured,
			`One n8n process, SQLite. Each execution makes a payment and waits for it. Memory is the least within ${seconds} seconds, before the first and after the last of them waits.`,
			table(
				['', 'Executions', 'Heap in use, MB', 'Process, MB', 'Reads of payments in a minute'],
				[row('Wait for Payment', held), row('Loop of Wait (10 s) → Get Payment → If', polled)],
			),
			`Then all ${executions} were paid, ${PAID_AT_ONCE} at once, with a call of the silent webhook each: after ${resumed.seconds.toFixed(0)} seconds all had gone on, ${resumed.once} of them exactly once.`,
		].join('\n\n'),
	);
	const count = (what: string, wanted: number, is: number): Target => ({
		what,
		wanted: String(wanted),
		measured: String(is),
		met: is === wanted,
	});
	return [
		count('Reads of payments in a minute while all wait', 0, held.reads),
		count('Executions that went on exactly once', executions, resumed.once),
	];
}

export const waiting: Part = { name: 'waiting', run };
