import { useSandbox } from './harness';

const lines: string[] = [];
const client = useSandbox({ log: (line) => lines.push(line) });

/** A shop that answers GET with 200: the sandbox itself. */
const shop = () => `${client.sandbox.url}/healthz`;
const hook = () => `${shop()}?cart_id=6670`;
const silent = () => ({ webhook: hook(), silentWebhook: true });

/** Who was told, oldest first, and what the sandbox was answered. */
const told = () => client.sandbox.deliveries.map(({ mode, status }) => [mode, status]);

const BY_BROWSER = ['redirect', undefined];
const BY_SERVER = ['silent', 200];

describe('who calls the webhook', () => {
	it.each([
		['the browser', undefined, false, [BY_BROWSER]],
		['the server, of a silent one', undefined, true, [BY_SERVER]],
		['the browser alone, though it is silent', 'browser', true, [BY_BROWSER]],
		['the server alone, though it is not silent', 'server', false, [BY_SERVER]],
		['the browser, when the server has its answer', 'serverFirst', false, [BY_SERVER, BY_BROWSER]],
		['both, without waiting', 'both', false, [BY_BROWSER, ['silent', undefined]]],
	] as const)('%s', async (_, calls, silentWebhook, expected) => {
		client.sandbox.setFaults({ calls });
		const ref = await client.make({ webhook: hook(), silentWebhook, successUrl: `${shop()}?ok` });
		const { redirectTo } = await client.sandbox.pay(ref);
		expect(told()).toEqual(expected);
		const isSentThere = told().some(([mode]) => mode === 'redirect');
		expect(redirectTo).toBe(`${isSentThere ? hook() : `${shop()}?ok`}&payment_ref=${ref}`);
	});
});

describe('a silent webhook', () => {
	it('is called by GET, and what it answered is noted', async () => {
		const ref = await client.make(silent());
		await client.sandbox.pay(ref);
		expect(client.sandbox.deliveries).toEqual([
			expect.objectContaining({
				paymentRef: ref,
				url: `${hook()}&payment_ref=${ref}`,
				mode: 'silent',
				status: 200,
				body: expect.stringContaining('"ok"'),
				headers: expect.objectContaining({ 'content-type': 'application/json' }),
			}),
		]);
		expect(lines).toContainEqual(expect.stringContaining(`webhook ${ref} → 200`));
	});

	it('is called once where the bank is slow, before it has answered', async () => {
		const ref = await client.make(silent());
		await client.sandbox.pay(ref, { settlesAfter: 10_000 });
		client.sandbox.settle(ref);
		expect((await client.read(ref)).status).toBe('completed');
		expect(told()).toEqual([['silent', 200]]);
	});

	it.each([
		['is not followed when it answers with a redirect', '/', 302],
		['is not repeated when it answers with an error', '/nothing', 404],
	])('%s', async (_, path, status) => {
		const webhook = `${client.sandbox.url}${path}`;
		await client.sandbox.pay(await client.make({ webhook, silentWebhook: true }));
		expect(told()).toEqual([['silent', status]]);
	});

	it('that nobody answers is recorded with its error, and the payment counts all the same', async () => {
		const ref = await client.make({ webhook: 'http://127.0.0.1:1/', silentWebhook: true });
		expect((await client.sandbox.pay(ref)).state).toBe('paid');
		expect(client.sandbox.deliveries[0]).toMatchObject({
			error: expect.stringContaining('ECONNREFUSED'),
		});
	});
});

describe('the payer', () => {
	it.each([
		['without a webhook', () => ({}), 0],
		['after each call of a silent webhook', silent, 2],
	])('goes to successUrl or failUrl %s', async (_, webhook, calls) => {
		const urls = { successUrl: `${shop()}?ok`, failUrl: `${shop()}?ko` };
		const ref = await client.make({ ...urls, ...webhook() });
		const failed = await client.sandbox.pay(ref, { card: 'failing' });
		expect(failed.redirectTo).toBe(`${shop()}?ko&payment_ref=${ref}`);
		expect((await client.sandbox.pay(ref)).redirectTo).toBe(`${shop()}?ok&payment_ref=${ref}`);
		expect(told()).toHaveLength(calls);
	});

	it.each(['javascript:alert(1)', 'not a url', 'http://x\r\nset-cookie: a=b', 'http://x/دفع'])(
		'is never sent to %p unless it is a clean web address',
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
		await client.sandbox.pay(await client.make(silent()));
		expect(told()).toEqual(Array(4).fill(BY_SERVER));
		expect(new Set(client.sandbox.deliveries.map(({ url }) => url)).size).toBe(1);
	});

	it('duplicates of a redirect: the sandbox calls beside the browser', async () => {
		client.sandbox.setFaults({ duplicateWebhooks: 2 });
		await client.sandbox.pay(await client.make({ webhook: hook() }));
		expect(told()).toEqual([BY_BROWSER, BY_SERVER, BY_SERVER]);
	});

	it('out of order: the call about the failed attempt comes after the one about success', async () => {
		client.sandbox.setFaults({ outOfOrderWebhooks: true });
		const ref = await client.make(silent());
		await client.sandbox.pay(ref, { card: 'failing' });
		expect(told()).toEqual([]);
		await client.sandbox.pay(ref);
		expect(told()).toEqual([BY_SERVER, BY_SERVER]);
	});
});
