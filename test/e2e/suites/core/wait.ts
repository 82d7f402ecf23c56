import fetch from 'node-fetch';

import { callAll, delivered, openOrder } from '../../harness';
import type { CoreSuite } from './steps';

const CALLS = 10;

export function waitSuite({ stage, saw }: CoreSuite): void {
	it('waits for a payment, whatever strangers call, and goes on once when it is paid', async () => {
		const { n8n, sandbox } = stage();
		const order = await openOrder(stage(), {
			// Nobody but this test calls.
			init: { additionalFields: { orderId: '={{ $json.order }}', silentWebhook: false } },
		});
		const { ref } = order;
		await fetch(`${n8n.url}/webhook-waiting/${order.executionId}`);
		await fetch(`${n8n.url}/webhook-waiting/${order.executionId}?payment_ref=${ref}`);
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
}
