import { asJson, call, useSandbox, useShop } from './harness';

let time = Date.parse('2026-11-01T10:00:00Z');
const client = useSandbox({ now: () => time });
const shop = useShop();

const SECONDS = 1000;

describe('a slow bank', () => {
	it('sends the payer back at once, shows no attempt meanwhile, and completes the payment later', async () => {
		const ref = await client.make({ webhook: `${shop.url}/hook` });
		const paid = await client.sandbox.pay(ref, { settlesAfter: 3 * SECONDS });
		expect(paid).toEqual({ state: 'settling', redirectTo: `${shop.url}/hook?payment_ref=${ref}` });
		time += 3 * SECONDS - 1;
		expect(await client.read(ref)).toMatchObject({
			status: 'pending',
			transactions: [],
			failedTransactions: 0,
			updatedAt: '2026-11-01T10:00:00.000Z',
		});
		time += 1;
		expect(await client.read(ref)).toMatchObject({
			status: 'completed',
			successfulTransactions: 1,
			updatedAt: '2026-11-01T10:00:03.000Z',
		});
		expect(client.sandbox.deliveries).toHaveLength(1);
	});

	it('calls a silent webhook once, before it has answered', async () => {
		const ref = await client.make({ webhook: `${shop.url}/hook`, silentWebhook: true });
		await client.sandbox.pay(ref, { settlesAfter: 10 * SECONDS });
		expect(shop.calls).toEqual([`GET /hook?payment_ref=${ref}`]);
		time += 10 * SECONDS;
		expect((await client.read(ref)).status).toBe('completed');
		expect(shop.calls).toHaveLength(1);
	});

	it('can refuse the card in the end', async () => {
		const ref = await client.make();
		await client.sandbox.pay(ref, { card: 'failing', settlesAfter: SECONDS });
		expect((await client.read(ref)).failedTransactions).toBe(0);
		time += SECONDS;
		expect(await client.read(ref)).toMatchObject({ status: 'pending', failedTransactions: 1 });
	});

	it('keeps a payment that was paid in time, though its lifespan ends before it answers', async () => {
		const ref = await client.make({ lifespan: 1 });
		await client.sandbox.pay(ref, { settlesAfter: 10 * 60 * SECONDS });
		time += 5 * 60 * SECONDS;
		client.sandbox.expire(ref);
		expect((await client.read(ref)).status).toBe('pending');
		time += 5 * 60 * SECONDS;
		expect((await client.read(ref)).status).toBe('completed');
	});

	it('can be the bank of all payments, and of one otherwise', async () => {
		client.sandbox.setFaults({ settlesAfter: SECONDS });
		const [slow, quick] = [await client.make(), await client.make()];
		await client.sandbox.pay(slow);
		await client.sandbox.pay(quick, { settlesAfter: 0 });
		expect((await client.read(slow)).status).toBe('pending');
		expect((await client.read(quick)).status).toBe('completed');
		time += SECONDS;
		expect((await client.read(slow)).status).toBe('completed');
	});

	it('is there over HTTP too', async () => {
		const ref = await client.make();
		const at = `${client.sandbox.url}/admin/payments/${ref}`;
		expect((await call(`${at}/pay`, asJson('POST', { settlesAfter: '1' }))).status).toBe(400);
		const paid = await call(`${at}/pay`, asJson('POST', { settlesAfter: SECONDS }));
		expect(paid.json()).toEqual({ state: 'settling' });
		expect((await call(`${at}/pay`, asJson('POST', {}))).status).toBe(409);
		expect((await client.read(ref)).status).toBe('pending');
		await call(`${at}/settle`, { method: 'POST' });
		expect((await client.read(ref)).status).toBe('completed');
	});
});

describe('who calls the webhook', () => {
	const hook = () => ({ webhook: `${shop.url}/hook`, successUrl: `${shop.url}/ok` });
	const modes = () => client.sandbox.deliveries.map(({ mode }) => mode);

	it.each([false, true])('the browser alone, silent or not (%p)', async (silentWebhook) => {
		client.sandbox.setFaults({ calls: 'browser' });
		const ref = await client.make({ ...hook(), silentWebhook });
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(redirectTo).toBe(`${shop.url}/hook?payment_ref=${ref}`);
		expect(shop.calls).toEqual([]);
	});

	it.each([false, true])('the server alone, silent or not (%p)', async (silentWebhook) => {
		client.sandbox.setFaults({ calls: 'server' });
		const ref = await client.make({ ...hook(), silentWebhook });
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(redirectTo).toBe(`${shop.url}/ok?payment_ref=${ref}`);
		expect(shop.calls).toHaveLength(1);
	});

	it('the server first: it has its answer before the browser is sent', async () => {
		client.sandbox.setFaults({ calls: 'serverFirst' });
		const ref = await client.make(hook());
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(client.sandbox.deliveries[0]).toMatchObject({ mode: 'silent', status: 200 });
		expect(modes()).toEqual(['silent', 'redirect']);
		expect(redirectTo).toBe(`${shop.url}/hook?payment_ref=${ref}`);
	});

	it('both at once: the browser is sent while the server still waits', async () => {
		client.sandbox.setFaults({ calls: 'both' });
		const ref = await client.make(hook());
		shop.hold();
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(redirectTo).toBe(`${shop.url}/hook?payment_ref=${ref}`);
		expect(modes()).toEqual(['redirect', 'silent']);
		expect(client.sandbox.deliveries[1]).not.toHaveProperty('status');
		await shop.release();
	});
});
