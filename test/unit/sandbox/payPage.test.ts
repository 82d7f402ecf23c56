import { call, useSandbox } from './harness';

const client = useSandbox();

const open = async (ref: string, query = '') =>
	await call(`${client.sandbox.url}/pay?payment_ref=${ref}${query}`);

const submit = async (ref: string, fields: Record<string, string> = {}) =>
	await call(`${client.sandbox.url}/pay`, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({ payment_ref: ref, card: 'visa', ...fields }).toString(),
	});

const silent = () => ({ webhook: `${client.sandbox.url}/healthz`, silentWebhook: true });

describe('the pay page', () => {
	it('shows what is to be paid, needs no script and says that no money moves', async () => {
		const ref = await client.make({ amount: 12_500, description: 'Two shirts', orderId: 'A-7' });
		const { status, text, headers } = await open(ref);
		expect(status).toBe(200);
		expect(headers['cache-control']).toBe('no-store');
		for (const part of ['Two shirts', '12.500 TND', 'Order <bdi>A-7</bdi>', 'no money moves']) {
			expect(text).toContain(part);
		}
		expect(text).not.toMatch(/<script|onclick|https?:\/\//i);
	});

	it('offers every way to pay by a plain link, and pays what was chosen', async () => {
		const ref = await client.make();
		const { text } = await open(ref);
		expect(text).not.toContain('<button>Pay');
		const links = [...text.matchAll(/payment_ref=\w+&amp;([^"]+)"/g)].map(([, query]) => query);
		expect(links).toEqual([
			...['card=visa', 'card=mastercard', 'card=failing', 'card=visa&amp;slow=10'],
			...['card=visa&amp;open=on', 'closed=on'],
		]);
		const chosen = (await open(ref, '&card=visa&slow=3')).text;
		expect(chosen).toContain('<button>Pay</button>');
		expect(chosen).toMatch(/name="card" value="visa"/);
		expect(chosen).toMatch(/name="slow" value="3"/);
	});

	it('can be closed without paying: nothing is recorded and nobody is called', async () => {
		const ref = await client.make(silent());
		expect((await open(ref, '&closed=on')).text).toContain('Closed without paying');
		expect((await client.read(ref)).transactions).toEqual([]);
		expect(client.sandbox.deliveries).toEqual([]);
	});

	it('says that a payment has expired, and takes no more', async () => {
		const ref = await client.make();
		client.sandbox.expire(ref);
		expect((await open(ref)).text).toContain('Payment expired');
		expect((await submit(ref)).status).toBe(409);
		expect((await client.read(ref)).status).toBe('expired');
	});
});

describe('paying on the page', () => {
	it('completes the payment and shows so, once', async () => {
		const ref = await client.make();
		const paid = await submit(ref);
		expect([paid.status, paid.headers.location]).toEqual([302, `/pay?payment_ref=${ref}`]);
		expect((await open(ref)).text).toContain('Payment complete');
		expect((await submit(ref)).status).toBe(409);
		expect((await client.read(ref)).successfulTransactions).toBe(1);
	});

	it('leaves a payment payable after the card that fails, and says how often it did', async () => {
		const ref = await client.make();
		await submit(ref, { card: 'failing' });
		await submit(ref, { card: 'failing' });
		expect((await open(ref)).text).toContain('Failed attempts: 2. You can try again.');
		expect(await client.read(ref)).toMatchObject({ status: 'pending', failedTransactions: 2 });
	});

	it('can wait for a slow bank, and shows that it has not answered', async () => {
		const ref = await client.make();
		expect((await submit(ref, { slow: '3' })).status).toBe(302);
		expect((await client.read(ref)).transactions).toEqual([]);
		expect((await open(ref)).text).toContain('The bank has not answered yet');
		expect((await submit(ref)).status).toBe(409);
		for (let time = 0; time < 2; time++) client.sandbox.settle(ref);
		expect((await open(ref)).text).toContain('Payment complete');
		expect((await client.read(ref)).successfulTransactions).toBe(1);
	});

	it('can leave an attempt open, which nobody is told of', async () => {
		const ref = await client.make(silent());
		await submit(ref, { open: 'on' });
		expect((await open(ref)).text).toContain('The last attempt is open.');
		expect((await client.read(ref)).transactions).toMatchObject([{ status: 'pending_payment' }]);
		expect(client.sandbox.deliveries).toEqual([]);
	});

	it('takes no card but the test cards', async () => {
		const ref = await client.make();
		expect((await submit(ref, { card: '4000000000000002' })).status).toBe(400);
		expect((await client.read(ref)).transactions).toEqual([]);
	});

	it('asks for name, email and phone where the merchant wants it', async () => {
		const ref = await client.make({ checkoutForm: true, firstName: 'Test', lastName: 'Payer' });
		const { text } = await open(ref, '&card=visa');
		expect(text).toContain('value="Test Payer"');
		for (const name of ['name', 'email', 'phoneNumber']) {
			expect(text).toContain(`<label for="${name}">`);
		}
		const payer = { name: 'Test Payer', email: 'payer@example.com' };
		await submit(ref, { ...payer, phoneNumber: '22777777' });
		const phoneNumber = '+21622777777';
		expect((await client.read(ref)).paymentDetails).toEqual({ ...payer, phoneNumber });
	});

	it('takes a partial payment in parts written in the currency', async () => {
		const ref = await client.make({ type: 'partial', amount: 10_000 });
		for (const amount of ['', '0', '-1', '1e3', '1 000', '10.001', '4.0001', 'abc']) {
			expect((await submit(ref, { amount })).status).toBe(400);
		}
		expect((await submit(ref, { amount: '4.5' })).status).toBe(302);
		const { text } = await open(ref, '&card=visa');
		expect(text).toContain('4.500 TND paid');
		expect(text).toMatch(/name="amount"[^>]*value="5.500"/);
		await submit(ref, { amount: '5,5' });
		expect((await client.read(ref)).status).toBe('completed');
	});
});
