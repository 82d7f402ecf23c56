import { call, errorOf, hasEnded, makeTable, outputOf, paidPayments } from '../../harness';
import type { ExampleShop } from './shop';

/** `payment-received.json` */
export function receivedSuite(shop: () => ExampleShop): void {
	it('leaves one row and one message, however often the workflow starts for a payment', async () => {
		const { sandbox, client, webhook, received, chat } = shop();
		const [ref = ''] = await paidPayments(sandbox, 1);
		const messages = chat.bodies.length;
		expect(await call(webhook, ref)).toEqual({ status: 200, result: 'accepted' });
		await shop().receivedFor(ref);
		expect(chat.bodies).toHaveLength(messages + 1);

		// The test URL starts it again: what the trigger remembers counts for the production URL only.
		await client.runManually(received.id, 'Konnect Trigger');
		const testUrl = webhook.replace('/webhook/', '/webhook-test/');
		expect(await call(testUrl, ref)).toEqual({ status: 200, result: 'accepted' });
		const again = await client.waitForExecution({
			workflowId: received.id,
			until: (execution) => execution.mode === 'manual' && hasEnded(execution),
		});
		expect(again.status).toBe('success');
		expect(outputOf(again, 'Mark as paid')).toEqual([]);
		expect(await shop().rowsOf(ref)).toEqual([
			expect.objectContaining({ state: 'paid', amount: 12.5, currency: 'TND' }),
		]);
		expect(chat.bodies).toHaveLength(messages + 1);
	});

	it('stops rather than write into another table with a similar name', async () => {
		const { sandbox, client, webhook, received } = shop();
		const remove = await makeTable(client, 'Konnect payments of last year');
		const [ref = ''] = await paidPayments(sandbox, 1);
		await call(webhook, ref);
		const stopped = await client.waitForExecution({
			workflowId: received.id,
			until: (execution) =>
				hasEnded(execution) && outputOf(execution, 'Konnect Trigger')[0]?.paymentId === ref,
		});
		await remove();
		expect(stopped.status).toBe('error');
		expect(errorOf(stopped)).toContain('Konnect payments');
		expect(await shop().rowsOf(ref)).toEqual([]);
	});
}
