import fetch from 'node-fetch';

import {
	callAll,
	chain,
	credentialFor,
	DELIVER,
	delivered,
	errorOf,
	itemsNode,
	konnectNode,
	manualTrigger,
	opened,
	openBrowser,
	openOrder,
	openShop,
	outputOf,
	paidPayments,
	publishExample,
	runFrom,
	startSingleStage,
	USER_AGENT,
} from './harness';
import { paidEvents, sorted } from './suites/once';
import { callEach, takePayment } from './suites/shapes';

const TIMEOUT_MS = 120_000;

jest.setTimeout(2 * TIMEOUT_MS);

/** All settings of an n8n administrator that concern us, at once. */
const env = {
	N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
	N8N_DATA_TABLES_MAX_SIZE_BYTES: '1',
	// Lets requests to the sandbox out, and none to anything else in n8n's own network.
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
};
const stage = opened(async () => await startSingleStage('sqlite', { prefix: '/tools/n8n', env }));
const browser = opened(openBrowser);

it('an execution that waits behind a proxy at a path of its own is called at its address outside, and sends the payer on to the shop’s own page', async () => {
	const { url } = stage().sandbox;
	const order = await openOrder(stage(), {
		init: { additionalFields: { silentWebhook: false } },
		wait: { options: { successUrl: `${url}/health?thanks`, failUrl: url } },
	});
	expect(new URL(order.url).pathname).toMatch(/^\/tools\/n8n\/webhook-waiting\/\d+\/konnect$/);
	const { redirectTo = '' } = await stage().sandbox.pay(order.ref);
	const page = await browser().newPage();
	await page.goto(redirectTo);
	expect(page.url()).toContain(`thanks=&payment_ref=${order.ref}`);
	await page.close();
	expect(delivered(await order.ended())).toMatchObject([{ state: 'paid' }]);
});

it('a sub-workflow that waits lets the workflow that called it wait as well, and gives it the payment', async () => {
	const { client, sandbox } = stage();
	const child = await client.createWorkflow(chain('Take payment', takePayment(stage())));
	await client.publish(child.id);
	const shop = [
		manualTrigger(),
		itemsNode('Order', [{ order: 'A-1' }]),
		callEach(child.id, true),
		DELIVER,
	];
	const parent = await client.createWorkflow(chain('Shop', shop));
	await client.runManually(parent.id, 'Start');
	const waiting = await client.waitForExecution({
		workflowId: child.id,
		until: ({ status }) => status === 'waiting',
		timeout: TIMEOUT_MS,
	});
	const ref = String(outputOf(waiting, 'Init Payment')[0]?.paymentRef);
	await sandbox.pay(ref);
	const ended = { workflowId: parent.id, timeout: TIMEOUT_MS };
	expect(delivered(await client.waitForExecution(ended))).toMatchObject([
		{ paymentId: ref, state: 'paid' },
	]);
});

it('an n8n that runs one execution at a time runs one for each of six payments called at once, and refuses none', async () => {
	/** n8n holds the answers of the calls that wait for their turn. */
	const slow = {
		name: 'Slow',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: { amount: 3, unit: 'seconds' },
	};
	const shop = await openShop(stage(), [slow]);
	const refs = await paidPayments(stage().sandbox, 6);
	const answers = await callAll(shop.urls, refs);
	expect(answers).toEqual(refs.map(() => ({ status: 200, result: 'accepted' })));
	expect(sorted(await shop.started())).toEqual(paidEvents(refs));
});

it('order-to-delivery.json makes no payment when n8n’s data tables are full', async () => {
	const { client, entrances, sandbox } = stage();
	const before = sandbox.payments().length;
	const { id: workflowId } = await publishExample(stage(), 'order-to-delivery', {
		'Init Payment': { parameters: { webhook: 'https://n8n.example.com/webhook/any/konnect' } },
	});
	const answer = await fetch(`${entrances[0]}/order?order=1001&product=ticket`, {
		headers: { 'user-agent': USER_AGENT },
		redirect: 'manual',
	});
	expect(answer.status).toBe(500);
	const execution = await client.waitForExecution({ workflowId, status: ['error'] });
	expect(errorOf(execution)).toContain('limit');
	expect(outputOf(execution, 'Orders table')).toHaveLength(1);
	expect(sandbox.payments()).toHaveLength(before);
});

it('an n8n that does not let a request to Konnect out says so, and no payment is in doubt', async () => {
	const { client, sandbox } = stage();
	const before = sandbox.payments().length;
	const baseUrl = sandbox.apiBaseUrl.replace('127.0.0.1', '127.0.0.2');
	const credential = await client.createCredential(credentialFor(sandbox, { baseUrl }));
	const fields = { operation: 'initPayment', amount: 12.5, notify: 'execution' };
	const konnect = konnectNode({ credential }, 'Init Payment', fields);
	const workflow = await client.createWorkflow(chain('Shop', [manualTrigger(), konnect]));
	const execution = await runFrom(stage(), workflow.id, 'Start');
	expect(errorOf(execution)).toBe('n8n blocked the request to Konnect');
	expect(JSON.stringify(execution.data.resultData.error)).toContain('ask your n8n administrator');
	expect(sandbox.payments()).toHaveLength(before);
});
