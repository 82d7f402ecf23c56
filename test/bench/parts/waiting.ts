import { setTimeout as sleep } from 'node:timers/promises';
import { table } from '../../../scripts/docs/table';
import { hasEnded, openSale, startStage, type Order, type ServedStage } from '../../e2e/harness';
import { exactly } from '../shared/figures';
import type { Part } from '../shared/part';
import { memoryOf } from '../shared/processes';

/** Orders that are taken first, so that n8n has loaded and compiled its code. */
const WARM_UP = 20;
const PAID_AT_ONCE = 10;

/** Measures n8n before and after executions begin to wait. Then pays all orders. */
async function measure(stage: ServedStage, executions: number, seconds: number) {
	const { n8n, sandbox } = stage;
	const sale = await openSale(stage);
	await sale.order(WARM_UP);
	const before = await memoryOf(n8n.pid, seconds);
	const orders = await sale.order(executions);
	const after = await memoryOf(n8n.pid, seconds);
	const since = Date.now();
	await sleep(seconds * 1000);
	const reads = sandbox.requests.filter(({ method, at }) => method === 'GET' && at >= since);
	const resumed = await payAll(stage, sale.workflowId, orders);
	return { before, after, reads: (reads.length * 60) / seconds, ...resumed };
}

/** Pays all orders, and counts those that were delivered exactly once. */
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
	const took = (performance.now() - start) / 1000;
	let once = 0;
	for (const id of ids) {
		const { status, data } = await client.getExecution(id);
		once += status === 'success' && data.resultData.runData.Deliver?.length === 1 ? 1 : 0;
	}
	return { took, once };
}

export const waiting: Part = {
	name: 'waiting',
	page: 'benchmarks.md',
	async run(size) {
		const [executions, seconds] = size === 'full' ? [500, 20] : [10, 2];
		const stage = await startStage();
		try {
			const measured = await measure(stage, executions, seconds);
			const { before, after, reads, took, once } = measured;
			return {
				text: [
					`One n8n process, SQLite. Each execution makes a payment and waits for it. Memory is the least that the process holds within ${seconds} seconds, before the first execution waits and after the last one does. Then all are paid, ${PAID_AT_ONCE} at once, each with one call of a silent webhook.`,
					table(
						[
							'Executions that wait',
							"n8n's memory, MB",
							'Reads of payments in a minute',
							'All had gone on after, s',
						],
						[[executions, `${before.toFixed(0)} → ${after.toFixed(0)}`, reads, took.toFixed(0)]],
					),
				],
				targets: [
					exactly('Reads of payments in a minute while all wait', 0, reads),
					exactly('Executions that went on exactly once', executions, once),
				],
			};
		} finally {
			await stage.close();
		}
	},
};
