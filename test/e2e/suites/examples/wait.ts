import fetch from 'node-fetch';
import { outputOf, publishExample, USER_AGENT } from '../../harness';
import type { Execution } from '../../harness';
import type { ExampleShop } from './shop';

const headers = { 'user-agent': USER_AGENT };

/** `link-wait-deliver.json`, by itself. */
export function waitExampleSuite(shop: () => ExampleShop): void {
	let workflowId: string;
	let address: string;

	beforeAll(async () => {
		const { id, nodes } = await publishExample(shop(), 'link-wait-deliver');
		workflowId = id;
		const trigger = nodes.find(({ name }) => name === 'Message from the customer');
		address = `${shop().n8n.webhookUrl}/${String(trigger?.parameters.path)}`;
	});

	/** Asks for a link, and resolves with its payment when the workflow waits for it. */
	const ask = async (): Promise<{ ref: string; executionId: string }> => {
		const page = await (await fetch(address, { headers })).text();
		const ref = /payment_ref=([0-9a-f]{24})/.exec(page)?.[1] ?? '';
		const { id } = await shop().client.waitForExecution({
			workflowId,
			until: (execution) => execution.status === 'waiting' && refOf(execution) === ref,
		});
		return { ref, executionId: id };
	};
	const ended = async (executionId: string) =>
		await shop().client.waitForExecution({
			workflowId,
			until: ({ id, status }) => id === executionId && status === 'success',
		});

	it('delivers when the link is paid', async () => {
		const { ref, executionId } = await ask();
		await shop().sandbox.pay(ref);
		const execution = await ended(executionId);
		expect(outputOf(execution, 'Deliver')).toEqual([
			{
				message: 'Thank you, 12.500 TND received. Here is your ticket.',
				orderId: `CHAT-${executionId}`,
				paymentId: ref,
			},
		]);
		expect(outputOf(execution, 'Look again')).toEqual([]);
	});

	it('says so when the link has run out', async () => {
		const { ref, executionId } = await ask();
		const { sandbox } = shop();
		sandbox.expire(ref);
		await fetch(`${String(sandbox.payment(ref)?.request.webhook)}&payment_ref=${ref}`);
		const execution = await ended(executionId);
		expect(outputOf(execution, 'Not paid')).toMatchObject([{ state: 'expired' }]);
		expect(outputOf(execution, 'Deliver')).toEqual([]);
	});
}

const refOf = (execution: Execution) => outputOf(execution, 'Init Payment')[0]?.paymentRef;
