import fetch from 'node-fetch';

import {
	call,
	callUntilAnswered,
	makePayment,
	openShop,
	outputOf,
	paidPayments,
} from '../../harness';
import { konnectOutput, run, type CoreSuite } from './steps';

const IDENTICAL = 20;

export function paymentSuite({ stage, saw }: CoreSuite): void {
	it('makes a payment, and starts the other workflow once when it is paid, whoever calls: server, browser or both', async () => {
		const shop = await openShop(stage());
		const { sandbox } = stage();
		const made = async (silentWebhook: boolean) => {
			const webhook = `${shop.url}?cart_id=6670`;
			const pages = { successUrl: webhook, failUrl: webhook };
			const additionalFields = { orderId: 'ORDER-7', silentWebhook, ...pages };
			const fields = { operation: 'initPayment', amount: 12.5, notify: 'url', webhook };
			const [made] = konnectOutput(await run(stage(), { ...fields, additionalFields }));
			return String(made?.paymentRef);
		};
		/** Comes back from the pay page to the trigger's address, and calls that twice more. */
		const comeBack = async (redirectTo: string | undefined) => {
			const page = await fetch(String(redirectTo), { headers: { accept: 'text/html' } });
			expect(await page.text()).toContain('Payment received');
			for (let visit = 0; visit < 2; visit++) {
				const again = await fetch(String(redirectTo));
				expect([again.status, await again.json()]).toMatchObject([200, { result: 'duplicate' }]);
			}
		};
		const silent = await made(true);
		const { redirectTo } = await sandbox.pay(silent);
		expect(sandbox.deliveries.at(-1)).toMatchObject({
			paymentRef: silent,
			mode: 'silent',
			status: 200,
			body: JSON.stringify({ result: 'accepted', state: 'paid' }),
		});
		await comeBack(redirectTo);
		const loud = await made(false);
		await comeBack((await sandbox.pay(loud)).redirectTo);

		const payments = await shop.payments();
		const wanted = [silent, loud].map((ref) =>
			expect.objectContaining({
				paymentId: ref,
				state: 'paid',
				amount: 12_500,
				amountInCurrency: '12.500',
				orderId: 'ORDER-7',
				query: { cart_id: '6670' },
				eventId: `${ref}:paid`,
			}),
		);
		expect(payments).toHaveLength(wanted.length);
		expect(payments).toEqual(expect.arrayContaining(wanted));
		saw('Init Payment, and Konnect Trigger by the server’s call or the payer’s browser', 'works');
	});

	it(`starts a workflow once for ${IDENTICAL} identical calls at once, and not again later`, async () => {
		const shop = await openShop(stage());
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		await callUntilAnswered([shop.url], new Array<string>(IDENTICAL).fill(ref));
		// After a burst n8n may refuse everything for a moment: it takes its busy database for a lost one.
		await stage().ready();
		expect(await call(shop.url, ref)).toEqual({ status: 200, result: 'duplicate' });
		expect(await shop.started()).toHaveLength(1);
		saw(`${IDENTICAL} identical calls at once`, 'one execution');
	});

	it('reads a payment, and compares it with what was expected', async () => {
		const { sandbox } = stage();
		const [ref = ''] = await paidPayments(sandbox, 1);
		sandbox.update(ref, { orderId: 'ORDER-7' });
		const options = { expectedAmount: 12.5, expectedOrderId: 'ORDER-8' };
		const paymentId = `${sandbox.url}/pay?payment_ref=${ref}`;
		const fields = { operation: 'getPayment', paymentId, options };
		expect(konnectOutput(await run(stage(), fields))).toEqual([
			expect.objectContaining({
				paymentId: ref,
				state: 'paid',
				matches: false,
				mismatches: [{ field: 'orderId', expected: 'ORDER-8', actual: 'ORDER-7' }],
			}),
		]);
		saw('Get Payment, with expectations', 'works');
	});
}

export function refusalSuite({ stage, saw }: CoreSuite): void {
	it('starts nothing for hostile calls and while Konnect is away, and answers each', async () => {
		// Other tests try what a call finds that keeps looking after its answer.
		const options = { keepLooking: 0, timeout: 2 };
		const shop = await openShop(stage(), [], { options });
		const { sandbox } = stage();
		const [ref = ''] = await paidPayments(sandbox, 1);
		const statusOf = async (query: string) => (await fetch(`${shop.url}${query}`)).status;
		expect(await statusOf('')).toBe(400);
		expect(await statusOf(`?payment_ref=${ref}&payment_ref=${'0'.repeat(24)}`)).toBe(400);
		expect(await statusOf(`?payment_ref=${'0'.repeat(24)}`)).toBe(404);
		sandbox.setFaults({ status: 500, retryAfter: 0, match: 'get' });
		expect(await statusOf(`?payment_ref=${ref}`)).toBe(503);
		sandbox.clearFaults();
		const refused = await makePayment(sandbox, shop.url);
		await sandbox.pay(refused, { card: 'failing' });
		expect(await call(shop.url, refused)).toEqual({ status: 503, result: 'failed' });
		expect(await shop.started()).toEqual([]);
		expect(await call(shop.url, ref)).toEqual({ status: 200, result: 'accepted' });
		saw('Forged and malformed calls', 'refused');
	});

	it('goes on past a bad item, which says why', async () => {
		const items = [{ price: 1 }, { price: 'two' }, { price: 3 }];
		const fields = { operation: 'initPayment', amount: '={{ $json.price }}', notify: 'none' };
		const settings = { onError: 'continueErrorOutput' };
		const execution = await run(stage(), fields, items, settings);
		expect(outputOf(execution, 'Konnect').map(({ amount }) => amount)).toEqual([1000, 3000]);
		expect(outputOf(execution, 'Konnect', 1)).toEqual([
			expect.objectContaining({ error: `'Amount' cannot be used: "two"` }),
		]);
		saw('Several items, of which one fails', 'the others go on');
	});
}
