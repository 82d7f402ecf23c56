import { asJson, call, useSandbox, useShop } from './harness';

const client = useSandbox({ faults: { latency: 1 } });
const shop = useShop();

const admin = async (method: string, path: string, body?: unknown) =>
	await call(
		`${client.sandbox.url}/admin${path}`,
		body === undefined ? { method } : asJson(method, body),
	);

describe('the admin routes', () => {
	it('are where / leads, and /healthz is well', async () => {
		expect((await call(client.sandbox.url)).headers.location).toBe('/admin');
		expect((await call(`${client.sandbox.url}/healthz`)).json()).toEqual({
			status: 'ok',
			service: 'konnect-sandbox',
		});
	});

	it('show payments and webhook calls to people', async () => {
		const ref = await client.make({ orderId: 'A-7', webhook: `${shop.url}/hook` });
		await client.sandbox.pay(ref);
		const { text, headers } = await admin('GET', '');
		expect(headers['content-type']).toContain('text/html');
		for (const part of [ref, 'completed', '10.000 TND', 'A-7', `${shop.url}/hook`]) {
			expect(text).toContain(part);
		}
	});

	it('pay a payment as its payer would', async () => {
		const ref = await client.make({ type: 'partial', webhook: `${shop.url}/hook` });
		const failed = await admin('POST', `/payments/${ref}/pay`, { card: 'failing' });
		expect(failed.json()).toEqual({
			state: 'attemptFailed',
			redirectTo: `${shop.url}/hook?payment_ref=${ref}`,
		});
		const part = await admin('POST', `/payments/${ref}/pay`, { amount: 4000 });
		expect(part.json().state).toBe('partiallyPaid');
		expect((await admin('POST', `/payments/${ref}/pay`)).json().state).toBe('paid');
		expect((await admin('POST', `/payments/${ref}/pay`)).status).toBe(409);
	});

	it('refuse a payment that cannot be made so, and say why', async () => {
		const ref = await client.make();
		for (const body of [
			{ card: 'amex' },
			{ amount: '5' },
			{ amount: 1 },
			{ method: 1 },
			{ open: 1 },
			[],
		]) {
			const answer = await admin('POST', `/payments/${ref}/pay`, body);
			expect(answer.status).toBe(400);
			expect(answer.json().error).toEqual(expect.any(String));
		}
		expect((await client.read(ref)).transactions).toEqual([]);
	});

	it('expire and change a payment', async () => {
		const ref = await client.make();
		await admin('PATCH', `/payments/${ref}`, { status: 'frozen' });
		expect((await client.read(ref)).status).toBe('frozen');
		const second = await client.make();
		await admin('POST', `/payments/${second}/expire`);
		expect((await client.read(second)).status).toBe('expired');
	});

	it('call the webhook again, whatever its mode', async () => {
		const ref = await client.make({ webhook: `${shop.url}/hook` });
		const again = await admin('POST', `/payments/${ref}/webhook`);
		expect(again.json()).toMatchObject({ mode: 'silent', status: 200 });
		expect(shop.calls).toEqual([`GET /hook?payment_ref=${ref}`]);
		const without = await client.make();
		expect((await admin('POST', `/payments/${without}/webhook`)).status).toBe(400);
	});

	it('list payments, and one with its calls and requests', async () => {
		const ref = await client.make({ webhook: `${shop.url}/hook`, silentWebhook: true });
		await client.make();
		await client.sandbox.pay(ref);
		await client.get(ref);
		expect(JSON.parse((await admin('GET', '/payments')).text)).toHaveLength(2);
		expect(JSON.parse((await admin('GET', '/deliveries')).text)).toHaveLength(1);
		expect(JSON.parse((await admin('GET', '/requests')).text)).toHaveLength(3);
		const one = (await admin('GET', `/payments/${ref}`)).json();
		expect(one).toMatchObject({
			payment: { ref },
			body: { payment: { id: ref, status: 'completed' } },
			deliveries: [{ status: 200 }],
			requests: [{ method: 'POST' }, { method: 'GET' }],
		});
	});

	it('show, set and clear faults, and refuse nonsense', async () => {
		expect((await admin('GET', '/faults')).json()).toEqual({ latency: 1 });
		expect((await admin('PUT', '/faults', { status: 503 })).json()).toEqual({ status: 503 });
		expect((await client.init()).status).toBe(503);
		expect((await admin('PUT', '/faults', { status: 'x' })).status).toBe(400);
		expect((await admin('DELETE', '/faults')).json()).toEqual({});
		expect((await client.init()).status).toBe(200);
	});

	it('set and clear faults by the form of the overview, and refuse nonsense there', async () => {
		const send = async (fields: Record<string, string>) =>
			await call(`${client.sandbox.url}/admin/faults`, {
				method: 'POST',
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams(fields).toString(),
			});
		const faults = async () => (await admin('GET', '/faults')).json();
		const typed = { status: '503', retryAfter: '5', html: 'true', calls: 'both', latency: '' };
		expect((await send(typed)).status).toBe(303);
		expect(await faults()).toEqual({ status: 503, retryAfter: '5', html: true, calls: 'both' });
		const { text } = await admin('GET', '');
		expect(text).toMatch(/id="status"[^>]*value="503"/);
		expect(text).toContain('<option selected>both</option>');
		expect((await send({ status: '42' })).status).toBe(400);
		expect(await faults()).toMatchObject({ status: 503 });
		await send({});
		expect(await faults()).toEqual({});
	});

	it('set the shape and whether GET wants a key, and refuse nonsense', async () => {
		const settings = { shape: 'documented', getKey: 'ignored' };
		expect((await admin('PUT', '/settings', settings)).json()).toEqual(settings);
		const ref = await client.make();
		expect((await client.get(ref, '')).json().payment).toHaveProperty('amountDue');
		for (const wrong of [{ shape: 'round' }, { getKey: true }, { colour: 'red' }]) {
			expect((await admin('PUT', '/settings', wrong)).status).toBe(400);
		}
		expect((await admin('GET', '/settings')).json()).toEqual(settings);
	});

	it('go back to the start', async () => {
		await client.make();
		await admin('PUT', '/settings', { shape: 'documented' });
		await admin('PUT', '/faults', { status: 503 });
		await admin('POST', '/reset');
		expect(client.sandbox.payments()).toEqual([]);
		expect(client.sandbox.requests).toEqual([]);
		expect((await admin('GET', '/faults')).json()).toEqual({ latency: 1 });
		expect((await admin('GET', '/settings')).json()).toMatchObject({ shape: 'real' });
	});

	it('are not upset by a body that is no JSON', async () => {
		const answer = await call(`${client.sandbox.url}/admin/faults`, { method: 'PUT', body: '{' });
		expect(answer.status).toBe(400);
	});
});
