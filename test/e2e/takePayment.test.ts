import fetch from 'node-fetch';

import type { Execution, Stage } from './harness';
import {
	chain,
	errorOf,
	itemsNode,
	konnectNode,
	manualTrigger,
	outputOf,
	startStage,
	triggerNode,
	triggerUrl,
} from './harness';

const BOOT_TIMEOUT_MS = 240_000;

let stage: Stage;
let trigger: { id: string; url: string };

beforeAll(async () => {
	stage = await startStage();
	const workflow = await stage.client.createWorkflow(chain('Paid', [triggerNode(stage)]));
	await stage.client.publish(workflow.id);
	trigger = { id: workflow.id, url: triggerUrl(stage, workflow) };
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

/** Runs a Konnect node once for each item, as the editor's button does. */
async function run(parameters: object, items = [{}], settings: object = {}): Promise<Execution> {
	const konnect = { ...konnectNode(stage, 'Konnect', parameters as never), ...settings };
	const workflow = await stage.client.createWorkflow(
		chain('Run', [manualTrigger(), itemsNode('Items', items), konnect]),
	);
	await stage.client.runManually(workflow.id, 'Start');
	return await stage.client.waitForExecution({ workflowId: workflow.id });
}

async function makePayment(additionalFields: object = {}): Promise<string> {
	const execution = await run({
		operation: 'initPayment',
		amount: 12.5,
		notify: 'url',
		webhook: `${trigger.url}?cart_id=6670`,
		additionalFields: { orderId: 'ORDER-7', ...additionalFields },
	});
	expect(errorOf(execution)).toBeUndefined();
	return String(outputOf(execution, 'Konnect')[0]?.paymentRef);
}

const startedBy = async (ref: string) =>
	outputOf(
		await stage.client.waitForExecution({
			workflowId: trigger.id,
			until: (execution) => outputOf(execution, 'Konnect Trigger')[0]?.paymentId === ref,
		}),
		'Konnect Trigger',
	);

describe('a payment through a real n8n', () => {
	it('starts the second workflow when Konnect calls the webhook itself', async () => {
		const ref = await makePayment({ silentWebhook: true });
		await stage.sandbox.pay(ref);
		expect(stage.sandbox.deliveries.at(-1)).toMatchObject({
			paymentRef: ref,
			mode: 'silent',
			status: 200,
			body: JSON.stringify({ result: 'accepted', state: 'paid' }),
		});
		expect(await startedBy(ref)).toEqual([
			expect.objectContaining({
				paymentId: ref,
				state: 'paid',
				amount: 12500,
				amountInCurrency: '12.500',
				orderId: 'ORDER-7',
				query: { cart_id: '6670' },
				eventId: `${ref}:paid`,
			}),
		]);
	});

	it('starts it when the payer’s browser is sent there, and only once when the page is reloaded', async () => {
		const ref = await makePayment();
		const { redirectTo } = await stage.sandbox.pay(ref);
		const answers = [];
		for (let visit = 0; visit < 3; visit++) {
			const response = await fetch(String(redirectTo));
			answers.push([response.status, ((await response.json()) as { result: string }).result]);
		}
		expect(answers).toEqual([
			[200, 'accepted'],
			[200, 'duplicate'],
			[200, 'duplicate'],
		]);
		await startedBy(ref);
	});

	it('starts nothing while it is not paid, and nothing for calls that name no payment of Konnect’s', async () => {
		const before = (await stage.client.listExecutions({ workflowId: trigger.id })).length;
		const ref = await makePayment({ silentWebhook: true });
		await stage.sandbox.pay(ref, { card: 'failing' });
		expect(stage.sandbox.deliveries.at(-1)?.status).toBe(200);
		const statusOf = async (query: string) => (await fetch(`${trigger.url}${query}`)).status;
		expect(await statusOf('')).toBe(400);
		expect(await statusOf('?payment_ref=1')).toBe(400);
		expect(await statusOf(`?payment_ref=${ref}&payment_ref=${ref}`)).toBe(400);
		expect(await statusOf(`?payment_ref=${'0'.repeat(24)}`)).toBe(404);
		stage.sandbox.setFaults({ status: 500, retryAfter: 0, match: 'get' });
		expect(await statusOf(`?payment_ref=${ref}`)).toBe(503);
		stage.sandbox.clearFaults();
		expect(await stage.client.listExecutions({ workflowId: trigger.id })).toHaveLength(before);
	});

	it('can be read back, with what was expected of it', async () => {
		const ref = await makePayment();
		await stage.sandbox.pay(ref);
		const execution = await run({
			operation: 'getPayment',
			paymentId: `${stage.sandbox.url}/pay?payment_ref=${ref}`,
			options: { expectedAmount: 12.5, expectedOrderId: 'ORDER-8' },
		});
		expect(outputOf(execution, 'Konnect')).toEqual([
			expect.objectContaining({
				paymentId: ref,
				state: 'paid',
				matches: false,
				mismatches: [{ field: 'orderId', expected: 'ORDER-8', actual: 'ORDER-7' }],
			}),
		]);
	});

	it('is listened to at the test URL as often as somebody listens', async () => {
		const ref = await makePayment();
		await stage.sandbox.pay(ref);
		const testUrl = trigger.url.replace('/webhook/', '/webhook-test/');
		for (let time = 0; time < 2; time++) {
			await stage.client.runManually(trigger.id, 'Konnect Trigger');
			const response = await fetch(`${testUrl}?payment_ref=${ref}`);
			expect(await response.json()).toMatchObject({ result: 'accepted' });
		}
	});
});

describe('several items in a real n8n', () => {
	const items = [{ price: 1 }, { price: 'two' }, { price: 3 }];
	const parameters = { operation: 'initPayment', amount: '={{ $json.price }}', notify: 'none' };

	it('go on past the bad one, each with its own order, and the bad one says why', async () => {
		const execution = await run(parameters, items, { onError: 'continueErrorOutput' });
		expect(outputOf(execution, 'Konnect').map(({ amount }) => amount)).toEqual([1000, 3000]);
		expect(outputOf(execution, 'Konnect', { branch: 1 })).toEqual([
			expect.objectContaining({ price: 'two', error: `'Amount' cannot be used: "two"` }),
		]);
	});

	it('stop at the bad one, and the error names what was made', async () => {
		const execution = await run({ ...parameters, options: { concurrency: 1 } }, items);
		expect(execution.status).toBe('error');
		expect(errorOf(execution)).toBe(`'Amount' cannot be used: "two"`);
		const { error } = execution.data.resultData;
		expect(error?.description).toContain(
			`payment ${stage.sandbox.payments().at(-1)?.ref} was made`,
		);
	});
});
