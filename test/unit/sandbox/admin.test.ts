import { asJson, call, useSandbox } from './harness';

const client = useSandbox({ faults: { latency: 1 } });

const admin = async (method: string, path: string, body?: unknown) =>
	await call(
		`${client.sandbox.url}/admin${path}`,
		body === undefined ? { method } : asJson(method, body),
	);

/** A webhook that is answered with 200: the sandbox's own health check. */
const hook = () => `${client.sandbox.url}/healthz`;

describe('the admin routes', () => {
	it('show payments and webhook calls to people, where / leads', async () => {
		expect((await call(client.sandbox.url)).headers.location).toBe('/admin');
		const ref = await client.make({ orderId: 'A-7', webhook: hook() });
		await client.sandbox.pay(ref);
		const { text, headers } = await admin('GET', '');
		expect(headers['content-type']).toContain('text/html');
		for (const part of [ref, 'completed', '10.000 TND', 'A-7', hook()]) {
			expect(text).toContain(part);
		}
	});

	it('pay a payment as its payer would', async () => {
		const ref = await client.make({ type: 'partial', webhook: hook() });
		const pay = async (body: object) => await admin('POST', `/payments/${ref}/pay`, body);
		const redirectTo = `${hook()}?payment_ref=${ref}`;
		expect((await pay({ card: 'failing' })).json()).toEqual({ state: 'attemptFailed', redirectTo });
		expect((await pay({ amount: 4000 })).json().state).toBe('partiallyPaid');
		expect((await pay({ settlesAfter: 60_000 })).json().state).toBe('settling');
		expect((await pay({})).status).toBe(409);
		await admin('POST', `/payments/${ref}/settle`);
		expect((await client.read(ref)).status).toBe('completed');
		expect((await pay({})).status).toBe(409);
	});

	it('refuse a payment that cannot be made so, and say why', async () => {
		const ref = await client.make();
		const wrong = { card: 'amex', amount: '5', method: 1, settlesAfter: '1', open: 1 };
		const fields = Object.entries(wrong).map(([name, value]) => ({ [name]: value }));
		for (const body of [...fields, { amount: 1 }, []]) {
			const answer = await admin('POST', `/payments/${ref}/pay`, body);
			expect([body, answer.status]).toEqual([body, 400]);
			expect(answer.json().error).toEqual(expect.any(String));
		}
		expect((await client.read(ref)).transactions).toEqual([]);
	});

	it('expire and change a payment', async () => {
		const ref = await client.make();
		await admin('POST', `/payments/${ref}/expire`);
		expect((await client.read(ref)).status).toBe('expired');
		await admin('PATCH', `/payments/${ref}`, { status: 'frozen' });
		expect((await client.read(ref)).status).toBe('frozen');
	});

	it('call the webhook again, whatever its mode', async () => {
		const ref = await client.make({ webhook: hook() });
		const again = await admin('POST', `/payments/${ref}/webhook`);
		expect(again.json()).toMatchObject({ mode: 'silent', status: 200 });
		const without = await client.make();
		expect((await admin('POST', `/payments/${without}/webhook`)).status).toBe(400);
	});

	it('list payments, and one with its calls and requests', async () => {
		const ref = await client.make({ webhook: hook(), silentWebhook: true });
		await client.make();
		await client.sandbox.pay(ref);
		await client.get(ref);
		expect((await admin('GET', '/payments')).json()).toHaveLength(2);
		expect((await admin('GET', '/deliveries')).json()).toHaveLength(1);
		expect((await admin('GET', '/requests')).json()).toHaveLength(3);
		expect((await admin('GET', `/payments/${ref}`)).json()).toMatchObject({
			payment: { ref },
			body: { payment: { id: ref, status: 'completed' } },
			deliveries: [{ status: 200 }],
			requests: [{ method: 'POST' }, { method: 'GET' }],
		});
	});

	it('show, set and clear faults, and refuse nonsense', async () => {
		expect((await admin('PUT', '/faults', { status: 503 })).json()).toEqual({ status: 503 });
		expect((await client.init()).status).toBe(503);
		for (const wrong of [{ status: 'x' }, [], undefined]) {
			const body = wrong ? asJson('PUT', wrong) : { method: 'PUT', body: '{' };
			expect((await call(`${client.sandbox.url}/admin/faults`, body)).status).toBe(400);
		}
		expect((await admin('GET', '/faults')).json()).toEqual({ status: 503 });
		expect((await admin('DELETE', '/faults')).json()).toEqual({});
		expect((await client.init()).status).toBe(200);
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
		expect([client.sandbox.payments(), client.sandbox.requests]).toEqual([[], []]);
		expect((await admin('GET', '/faults')).json()).toEqual({ latency: 1 });
		expect((await admin('GET', '/settings')).json()).toMatchObject({ shape: 'real' });
	});
});
