import { randomUUID } from 'node:crypto';

import {
	chain,
	DELIVER,
	delivered,
	itemsNode,
	manualTrigger,
	openSale,
	outputOf,
	sellNodes,
} from '../harness';
import type { Execution, NodeDraft, Order, ServedStage } from '../harness';

/** The order in which links are paid, which is not that in which they were made. */
const AS_PAID = [2, 0, 1];

/** The ways that docs/waiting.md recommends for delivering payments one by one, each with three orders. */
export function shapesSuite(stage: () => ServedStage): void {
	it('an execution for each order: each goes on when its own payment is paid', async () => {
		const sale = await openSale(stage());
		const orders = await sale.order(AS_PAID.length);
		for (const index of AS_PAID) {
			const order = orders[index] as Order;
			expect(await sale.isWaiting(order)).toBe(true);
			await stage().sandbox.pay(order.refs[0] ?? '');
			const execution = await sale.ended(order);
			expect(delivered(execution)).toMatchObject([{ paymentId: order.refs[0], state: 'paid' }]);
		}
	});

	it('a sub-workflow that is not waited for: each goes on when its own payment is paid', async () => {
		const { client, sandbox } = stage();
		const child = await client.createWorkflow(chain('Take payment', takePayment(stage())));
		await client.publish(child.id);
		const orders = AS_PAID.map(() => ({ order: randomUUID() }));
		const parent = await client.createWorkflow(
			chain('Shop', [manualTrigger(), itemsNode('Orders', orders), callEach(child.id, false)]),
		);
		await client.runManually(parent.id, 'Start');
		await client.waitForExecution({ workflowId: parent.id });
		const listed = await client.waitUntilAll({
			workflowId: child.id,
			count: orders.length,
			until: ({ status }) => status === 'waiting',
		});
		const executions = await Promise.all(listed.map(({ id }) => client.getExecution(id)));
		for (const index of AS_PAID) {
			const [made] = outputOf(executions[index] as Execution, 'Init Payment');
			await sandbox.pay(String(made?.paymentRef));
			const ended = await client.waitForExecution({
				workflowId: child.id,
				until: ({ id, status }) => id === listed[index]?.id && status === 'success',
			});
			expect(delivered(ended)).toMatchObject([
				{ paymentId: made?.paymentRef, state: 'paid', delivered: made?.orderId },
			]);
		}
		const made = executions.map((one) => outputOf(one, 'Order')[0]?.order);
		expect(made.sort()).toEqual(orders.map(({ order }) => order).sort());
	});

	it('Loop Over Items: each turn waits for its own payment', async () => {
		const sale = await openSale(stage(), { items: AS_PAID.length, loop: true });
		const [first] = (await sale.order()) as [Order];
		let order = first;
		for (let turn = 1; turn <= AS_PAID.length; turn++) {
			order = await sale.waitingFor(first, turn);
			await stage().sandbox.pay(order.refs[turn - 1] ?? '');
		}
		const items = delivered(await sale.ended(order));
		expect(items.map(({ paymentId }) => paymentId)).toEqual(order.refs);
		expect(items.map((item) => item.delivered)).toEqual(items.map(({ orderId }) => orderId));
	});
}

/** The nodes of a workflow that is called with an order, takes its payment, and delivers. */
export function takePayment(stage: ServedStage): NodeDraft[] {
	return [
		{
			name: 'Order',
			type: 'n8n-nodes-base.executeWorkflowTrigger',
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		},
		...sellNodes(stage),
		DELIVER,
	];
}

/** Calls a workflow once for each item. */
export function callEach(workflowId: string, waitForSubWorkflow: boolean): NodeDraft {
	return {
		name: 'Take payment',
		type: 'n8n-nodes-base.executeWorkflow',
		typeVersion: 1.2,
		parameters: {
			mode: 'each',
			workflowId: { __rl: true, mode: 'id', value: workflowId },
			options: { waitForSubWorkflow },
		},
	};
}
