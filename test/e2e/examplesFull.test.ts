import fetch from 'node-fetch';
import { errorOf, opened, outputOf, publishExample, startStage, USER_AGENT } from './harness';

jest.setTimeout(240_000);

const stage = opened(
	async () => await startStage({ n8n: { env: { N8N_DATA_TABLES_MAX_SIZE_BYTES: '1' } } }),
);

it('order-to-delivery.json makes no payment when n8n’s data tables are full', async () => {
	const { client, n8n, sandbox } = stage();
	const { id: workflowId } = await publishExample(stage(), 'order-to-delivery', {
		'Init Payment': { parameters: { webhook: 'https://n8n.example.com/webhook/any/konnect' } },
	});
	const answer = await fetch(`${n8n.webhookUrl}/order?order=1001&product=ticket`, {
		headers: { 'user-agent': USER_AGENT },
		redirect: 'manual',
	});
	expect(answer.status).toBe(500);
	const execution = await client.waitForExecution({ workflowId, status: ['error'] });
	expect(errorOf(execution)).toContain('limit');
	expect(outputOf(execution, 'Orders table')).toHaveLength(1);
	expect(sandbox.payments()).toEqual([]);
});
