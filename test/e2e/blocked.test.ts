import fetch from 'node-fetch';

import {
	chain,
	errorOf,
	konnectNode,
	makePayment,
	opened,
	startSingleStage,
	triggerNode,
	triggerUrl,
} from './harness';

const TIMEOUT_MS = 120_000;

jest.setTimeout(2 * TIMEOUT_MS);

const stage = opened(
	async () => await startSingleStage('sqlite', { env: { N8N_SSRF_PROTECTION_ENABLED: 'true' } }),
);

const REFUSED = 'n8n does not let the request to Konnect out';

it('an n8n that lets no request out to its own network says so, and no payment is in doubt', async () => {
	const { client, sandbox } = stage();
	const workflow = await client.createWorkflow(
		chain('Shop', [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
			konnectNode(stage(), 'Init Payment', {
				operation: 'initPayment',
				amount: 12.5,
				notify: 'execution',
			}),
		]),
	);
	await client.runManually(workflow.id, 'Start');
	const execution = await client.waitForExecution({
		workflowId: workflow.id,
		timeout: TIMEOUT_MS,
	});
	expect(errorOf(execution)).toBe(REFUSED);
	expect(JSON.stringify(execution.data.resultData.error)).toContain('ask your n8n administrator');
	expect(sandbox.payments()).toHaveLength(0);
});

it('the owner hears of a call that such an n8n cannot look into, by a failed execution', async () => {
	const { client, n8n, sandbox } = stage();
	const shop = await client.createWorkflow(chain('Shop', [triggerNode(stage())]));
	await client.publish(shop.id);
	const ref = await makePayment(sandbox);
	await sandbox.pay(ref);
	const response = await fetch(`${triggerUrl({ n8n }, shop)}?payment_ref=${ref}`);
	expect(response.status).toBe(502);
	expect(errorOf(await client.waitForExecution({ workflowId: shop.id }))).toBe(REFUSED);
});
