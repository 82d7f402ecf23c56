import {
	chain,
	DELIVER,
	konnectNode,
	opened,
	openBrowser,
	openSale,
	outputOf,
	startSingleStage,
	type Execution,
	type Order,
} from './harness';

const TIMEOUT_MS = 120_000;

jest.setTimeout(2 * TIMEOUT_MS);

const stage = opened(async () => await startSingleStage('sqlite', { prefix: '/tools/n8n' }));
const browser = opened(openBrowser);

const delivered = (execution: Execution) => outputOf(execution, 'Deliver');

describe('an execution that waits, in an n8n behind a proxy at a path of its own', () => {
	it('is called at its address outside', async () => {
		const sale = await openSale(stage());
		const [order] = (await sale.order()) as [Order];
		expect(new URL(order.url).pathname).toMatch(/^\/tools\/n8n\/webhook-waiting\/\d+$/);
		await stage().sandbox.pay(order.refs[0] ?? '');
		expect(delivered(await sale.ended(order))).toMatchObject([{ state: 'paid' }]);
	});

	it('sends the payer on to the shop’s own page', async () => {
		const { url } = stage().sandbox;
		const sale = await openSale(stage(), {
			init: { additionalFields: { silentWebhook: false } },
			wait: {
				options: { successUrl: `${url}/health?thanks`, failUrl: url },
			},
		});
		const [order] = (await sale.order()) as [Order];
		const { redirectTo = '' } = await stage().sandbox.pay(order.refs[0] ?? '');
		const page = await browser().newPage();
		await page.goto(redirectTo);
		expect(page.url()).toContain(`thanks=&payment_ref=${order.refs[0]}`);
		await page.close();
		expect(delivered(await sale.ended(order))).toMatchObject([{ state: 'paid' }]);
	});
});

describe('a sub-workflow that waits', () => {
	it('lets the workflow that called it wait as well, and gives it the payment', async () => {
		const { client } = stage();
		const child = await client.createWorkflow(
			chain('Take payment', [
				{
					name: 'When called',
					type: 'n8n-nodes-base.executeWorkflowTrigger',
					typeVersion: 1.1,
					parameters: { inputSource: 'passthrough' },
				},
				konnectNode(stage(), 'Init Payment', {
					operation: 'initPayment',
					amount: 12.5,
					notify: 'execution',
					additionalFields: { silentWebhook: true },
				}),
				konnectNode(stage(), 'Wait for Payment', {
					operation: 'waitForPayment',
					paymentId: '={{ $json.paymentRef }}',
				}),
			]),
		);
		await client.publish(child.id);
		const parent = await client.createWorkflow(
			chain('Shop', [
				{
					name: 'Start',
					type: 'n8n-nodes-base.manualTrigger',
					parameters: {},
				},
				{ ...ORDER },
				{
					name: 'Take payment',
					type: 'n8n-nodes-base.executeWorkflow',
					typeVersion: 1.2,
					parameters: {
						workflowId: { __rl: true, mode: 'id', value: child.id },
						options: { waitForSubWorkflow: true },
					},
				},
				DELIVER,
			]),
		);
		await client.runManually(parent.id, 'Start');
		const waiting = await client.waitForExecution({
			workflowId: child.id,
			until: ({ status }) => status === 'waiting',
			timeout: TIMEOUT_MS,
		});
		const ref = String(outputOf(waiting, 'Init Payment')[0]?.paymentRef);
		await stage().sandbox.pay(ref);
		const execution = await client.waitForExecution({
			workflowId: parent.id,
			timeout: TIMEOUT_MS,
		});
		expect(delivered(execution)).toMatchObject([{ paymentId: ref, state: 'paid' }]);
	});
});

const ORDER = {
	name: 'Order',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode: "return [{ json: { order: 'A-1' } }];" },
};
