import { randomUUID } from 'node:crypto';

import fetch from 'node-fetch';

import {
	callAll,
	DELIVER,
	delivered,
	openOrder,
	openSale,
	type NodeDraft,
	type Order,
} from '../../harness';
import type { CoreSuite } from './steps';

const CALLS = 10;

/** n8n's own node that stops the execution until somebody opens its resume address. */
export const WAIT: NodeDraft = {
	name: 'Wait',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'webhook', options: {} },
	webhookId: randomUUID(),
};

export function waitSuite({ stage, saw }: CoreSuite): void {
	it('waits for a payment, whatever strangers call, and goes on once when it is paid', async () => {
		const { n8n, sandbox } = stage();
		const order = await openOrder(stage(), {
			// Nobody but this test calls.
			init: { additionalFields: { orderId: '={{ $json.order }}', silentWebhook: false } },
		});
		const { ref } = order;
		await fetch(`${n8n.url}/webhook-waiting/${order.executionId}`);
		await fetch(`${n8n.url}/webhook-waiting/${order.executionId}/konnect?payment_ref=${ref}`);
		await fetch(`${order.url}&payment_ref=${ref}&status=completed`);
		expect(await order.isWaiting()).toBe(true);
		await sandbox.pay(ref);
		const answers = await callAll([order.url], new Array<string>(CALLS).fill(ref));
		expect(answers.filter(({ result }) => result === 'accepted')).toHaveLength(1);
		const execution = await order.ended();
		expect(execution.data.resultData.runData.Deliver).toHaveLength(1);
		expect(delivered(execution)).toEqual([
			expect.objectContaining({ paymentId: ref, state: 'paid', timedOut: false }),
		]);
		saw(
			'Wait for Payment, called by strangers, then paid and called 10 times at once',
			'goes on once',
		);
	});

	it('and n8n’s own Wait node behind it does not go on for a call of Konnect', async () => {
		const { client, sandbox } = stage();
		const sale = await openSale(stage(), { then: [WAIT, DELIVER] });
		const [order] = (await sale.order()) as [Order];
		await sandbox.pay(order.refs[0] ?? '');
		await client.waitForExecution({
			workflowId: sale.workflowId,
			until: ({ status, data }) =>
				status === 'waiting' && data.resultData.lastNodeExecuted === WAIT.name,
		});
		await callAll([order.url], order.refs);
		expect(await sale.isWaiting(order)).toBe(true);
		await fetch(order.url.replace('/konnect', ''));
		const { runData } = (await sale.ended(order)).data.resultData;
		expect([runData['Wait for Payment'], runData.Deliver]).toEqual([
			[expect.anything()],
			[expect.anything()],
		]);
	});
}
