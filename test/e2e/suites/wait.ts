import fetch from 'node-fetch';

import {
	call,
	callAll,
	credentialFor,
	DELIVER,
	delivered,
	konnectNode,
	openBrowser,
	openOrder,
	openSale,
	outputOf,
} from '../harness';
import type { Execution, OnlyOrder, SaleOptions, ServedStage } from '../harness';
import { shapesSuite } from './shapes';

const CROWD = 20;

/** The execution hears of no payment until a test calls, because Konnect sends the payer's browser, and there is none. */
const UNHEARD: SaleOptions = {
	init: { additionalFields: { orderId: '={{ $json.order }}', silentWebhook: false } },
};

const timesDelivered = (execution: Execution) =>
	execution.data.resultData.runData.Deliver?.length ?? 0;

/** An execution that waits for payments goes on when they are settled, once, and never before. */
export function waitSuite(stage: () => ServedStage): void {
	const open = async (options?: SaleOptions) => await openOrder(stage(), options);

	let late: OnlyOrder;
	beforeAll(async () => {
		// n8n looks once a minute for waits that have run out, so the other tests run meanwhile.
		late = await open({
			...UNHEARD,
			wait: { timeoutMinutes: 0.05 },
			then: [lookAgain(stage()), DELIVER],
		});
		await stage().sandbox.pay(late.ref);
	});

	it('goes on though its workflow was unpublished and emptied meanwhile', async () => {
		const { client, sandbox } = stage();
		const sale = await openSale(stage());
		const [order] = await sale.order();
		await client.unpublish(sale.workflowId);
		await client.updateWorkflow(sale.workflowId, { nodes: [], connections: {} });
		await sandbox.pay(order?.refs[0] ?? '');
		expect(delivered(await sale.ended(order!))).toMatchObject([{ state: 'paid' }]);
	});

	it('goes on though Konnect appends the reference with a second question mark', async () => {
		const order = await open(UNHEARD);
		await stage().sandbox.pay(order.ref);
		const answer = await fetch(`${order.url}?payment_ref=${order.ref}`);
		expect(await answer.json()).toMatchObject({ result: 'accepted' });
		expect(delivered(await order.ended())).toMatchObject([{ state: 'paid' }]);
	});

	it('shows the payer a page after each attempt, and goes on after the one that succeeds', async () => {
		const order = await open(UNHEARD);
		const browser = await openBrowser();
		const page = await browser.newPage({ locale: 'fr-FR' });
		const pay = async (card: 'failing' | 'visa') => {
			const { redirectTo = '' } = await stage().sandbox.pay(order.ref, { card });
			await page.goto(redirectTo);
		};
		await pay('failing');
		await page.getByRole('heading', { name: 'Le paiement n’a pas abouti' }).waitFor();
		expect(await order.isWaiting()).toBe(true);
		await pay('visa');
		await page.getByRole('heading', { name: 'Paiement reçu' }).waitFor();
		await browser.close();
		expect(delivered(await order.ended())).toMatchObject([{ state: 'paid' }]);
	});

	it('goes on when all three payments are paid, in whatever order, with each item’s own', async () => {
		const order = await open({ items: 3 });
		for (const index of [2, 0, 1]) {
			expect(await order.isWaiting()).toBe(true);
			await stage().sandbox.pay(order.refs[index] ?? '');
		}
		const items = delivered(await order.ended());
		expect(items.map(({ paymentId }) => paymentId)).toEqual(order.refs);
		expect(items.map((item) => item.delivered)).toEqual(items.map(({ orderId }) => orderId));
	});

	it(`goes on once, and only when paid, whatever forged calls say, and though ${CROWD} others come at once`, async () => {
		const order = await open(UNHEARD);
		const forge = async () => await forgedCalls(order.url);
		const reads = () =>
			stage().sandbox.requests.filter(
				({ method, paymentRef }) => method === 'GET' && paymentRef === order.ref,
			);
		const before = reads().length;
		expect((await forge()).filter((status) => status < 200 || status > 499)).toEqual([]);
		expect(await order.isWaiting()).toBe(true);
		// None of them names the payment, so nothing is asked for them.
		expect(reads()).toHaveLength(before);
		await stage().sandbox.pay(order.ref);
		expect(await order.isWaiting()).toBe(true);
		const answers = await callAll([order.url], new Array<string>(CROWD).fill(order.ref));
		expect(answers.filter(({ result }) => result === 'accepted')).toHaveLength(1);
		const execution = await order.ended();
		await forge();
		await call(order.url, order.ref);
		expect(timesDelivered(await order.ended())).toBe(1);
		expect(delivered(execution)).toMatchObject([{ state: 'paid' }]);
	});

	describe('with three orders', () => shapesSuite(stage));

	it('times out where the call is lost, and Get Payment then finds it paid', async () => {
		const execution = await late.ended();
		const [missed] = outputOf(execution, 'Wait for Payment');
		expect(missed).toMatchObject({ paymentId: late.ref, state: 'pending', timedOut: true });
		const [found] = delivered(execution);
		expect(found).toMatchObject({ paymentId: late.ref, state: 'paid' });
		expect(found?.delivered).toBe(found?.orderId);
	});

	it(`all go on, once each, where n8n is killed while ${CROWD} wait`, async () => {
		const sale = await openSale(stage());
		const orders = await sale.order(CROWD);
		await stage().restart('SIGKILL');
		for (const { refs } of orders) await stage().sandbox.pay(refs[0] ?? '');
		for (const order of orders) {
			const execution = await sale.ended(order);
			expect(delivered(execution)).toMatchObject([{ paymentId: order.refs[0], state: 'paid' }]);
			expect(timesDelivered(execution)).toBe(1);
		}
	});
}

/** A waiting execution also goes on when the owner has replaced a refused key, even if nobody calls again. */
export function waitKeySuite(stage: () => ServedStage): void {
	it('goes on waiting while the key is revoked, and goes on with the new one, though nobody calls again', async () => {
		const order = await openOrder(stage(), UNHEARD);
		const { client, credential, sandbox } = stage();
		const revoked = credentialFor(sandbox, { apiKey: '5f7a209aeb3f76490ac4a3d1:revoked' });
		await sandbox.pay(order.ref);
		await client.updateCredential(credential.id, revoked);
		const answer = await call(order.url, order.ref);
		expect(await order.isWaiting()).toBe(true);
		await client.updateCredential(credential.id, credentialFor(sandbox));
		expect(answer).toEqual({ status: 502, result: 'failed' });
		expect(delivered(await order.ended())).toMatchObject([{ state: 'paid' }]);
	});
}

/** What the documentation tells people to put behind a wait that timed out. */
const lookAgain = (stage: ServedStage) =>
	konnectNode(stage, 'Look again', {
		operation: 'getPayment',
		paymentId: '={{ $json.paymentId }}',
	});

/** A call of each sort to an execution's address, by somebody who does not know its payment. */
async function forgedCalls(url: string): Promise<number[]> {
	const { origin, pathname } = new URL(url);
	const nobodys = 'payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa';
	const forms: Array<[address: string, method: string]> = [
		[`${url}&${nobodys}&status=completed`, 'GET'],
		[`${url}&payment_ref=__proto__`, 'HEAD'],
		[`${url}&status=completed`, 'POST'],
		[`${origin}${pathname}?${nobodys}`, 'GET'],
		[`${origin}${pathname}?signature=${'0'.repeat(64)}&${nobodys}`, 'GET'],
		[`${origin}${pathname}/paid?${nobodys}`, 'GET'],
	];
	return await Promise.all(
		forms.map(async ([address, method]) => (await fetch(address, { method })).status),
	);
}
