import { useSandbox, useShop } from './harness';

const lines: string[] = [];
const client = useSandbox({ log: (line) => lines.push(line) });
const shop = useShop();

const silent = () => ({ webhook: `${shop.url}/hook?cart_id=6670`, silentWebhook: true });

describe('a webhook that is not silent', () => {
	it('is where the payer is sent, the query kept, and the sandbox itself calls nobody', async () => {
		const ref = await client.make({
			webhook: `${shop.url}/hook?cart_id=6670`,
			successUrl: `${shop.url}/ok`,
		});
		const url = `${shop.url}/hook?cart_id=6670&payment_ref=${ref}`;
		expect(await client.sandbox.pay(ref)).toEqual({ state: 'paid', redirectTo: url });
		expect(client.sandbox.deliveries).toEqual([
			{ paymentRef: ref, url, mode: 'redirect', at: expect.any(Number) },
		]);
		expect(shop.calls).toEqual([]);
	});
});

describe('a silent webhook', () => {
	it('is called by GET before the payer goes on to successUrl', async () => {
		const ref = await client.make({ ...silent(), successUrl: `${shop.url}/ok?a=1` });
		expect(await client.sandbox.pay(ref)).toEqual({
			state: 'paid',
			redirectTo: `${shop.url}/ok?a=1&payment_ref=${ref}`,
		});
		expect(shop.calls).toEqual([`GET /hook?cart_id=6670&payment_ref=${ref}`]);
		expect(client.sandbox.deliveries).toEqual([
			expect.objectContaining({
				paymentRef: ref,
				mode: 'silent',
				status: 200,
				body: 'thanks',
				headers: expect.objectContaining({ 'x-shop': 'yes' }),
			}),
		]);
		expect(lines).toContainEqual(expect.stringContaining(`webhook ${ref} → 200`));
	});

	it('is followed by failUrl when the attempt failed, and called again when the next one succeeds', async () => {
		const ref = await client.make({ ...silent(), failUrl: `${shop.url}/ko` });
		const failed = await client.sandbox.pay(ref, { card: 'failing' });
		expect(failed.redirectTo).toBe(`${shop.url}/ko?payment_ref=${ref}`);
		await client.sandbox.pay(ref);
		expect(shop.calls).toHaveLength(2);
	});

	it('is not followed when it answers with a redirect, and is not repeated when it answers 500', async () => {
		const ref = await client.make(silent());
		shop.status = 302;
		await client.sandbox.pay(ref, { card: 'failing' });
		shop.status = 500;
		await client.sandbox.pay(ref);
		expect(client.sandbox.deliveries.map(({ status }) => status)).toEqual([302, 500]);
		expect(shop.calls).toHaveLength(2);
	});

	it('that nobody answers is recorded with its error, and the payment counts all the same', async () => {
		const ref = await client.make({ webhook: 'http://127.0.0.1:1/', silentWebhook: true });
		expect((await client.sandbox.pay(ref)).state).toBe('paid');
		expect(client.sandbox.deliveries[0]).toMatchObject({
			error: expect.stringContaining('ECONNREFUSED'),
		});
	});
});

describe('without a webhook', () => {
	it('the payer goes to successUrl or failUrl', async () => {
		const urls = { successUrl: `${shop.url}/ok`, failUrl: `${shop.url}/ko` };
		const ref = await client.make(urls);
		const failed = await client.sandbox.pay(ref, { card: 'failing' });
		expect(failed.redirectTo).toBe(`${shop.url}/ko?payment_ref=${ref}`);
		const paid = await client.sandbox.pay(ref);
		expect(paid.redirectTo).toBe(`${shop.url}/ok?payment_ref=${ref}`);
		expect(client.sandbox.deliveries).toEqual([]);
	});

	it.each(['javascript:alert(1)', 'not a url', 'http://x\r\nset-cookie: a=b', 'http://x/دفع'])(
		'the payer is never sent to %p unless it is a clean web address',
		async (successUrl) => {
			const ref = await client.make({ successUrl });
			const { redirectTo = '' } = await client.sandbox.pay(ref);
			expect(redirectTo).toMatch(/^$|^http:\/\/[\x21-\x7e]+$/);
		},
	);
});

describe('faults of webhooks', () => {
	it('duplicates: as many identical calls beside the first as asked for', async () => {
		client.sandbox.setFaults({ duplicateWebhooks: 3 });
		const ref = await client.make(silent());
		await client.sandbox.pay(ref);
		expect(shop.calls).toEqual(Array(4).fill(`GET /hook?cart_id=6670&payment_ref=${ref}`));
	});

	it('duplicates of a redirect: the sandbox calls beside the browser', async () => {
		client.sandbox.setFaults({ duplicateWebhooks: 2 });
		const ref = await client.make({ webhook: `${shop.url}/hook` });
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(redirectTo).toBe(`${shop.url}/hook?payment_ref=${ref}`);
		expect(shop.calls).toHaveLength(2);
	});

	it('out of order: the call about the failed attempt comes after the one about success', async () => {
		client.sandbox.setFaults({ outOfOrderWebhooks: true });
		const webhook = `${shop.url}/hook`;
		const ref = await client.make({ webhook, silentWebhook: true });
		await client.sandbox.pay(ref, { card: 'failing' });
		expect(shop.calls).toHaveLength(0);
		await client.sandbox.pay(ref);
		expect(shop.calls).toHaveLength(2);
	});
});
