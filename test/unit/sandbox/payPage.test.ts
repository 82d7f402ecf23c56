import { call, useSandbox, useShop, UNKNOWN_REF } from './harness';

const client = useSandbox();
const shop = useShop();

const VISA = { cardNumber: '4509 2111 1111 1119', expiry: '12/26', cvc: '748' };
const FAILING = { cardNumber: '5471251111111116', expiry: '11 / 2023', cvc: '858' };

const open = async (ref: string, query = '') =>
	await call(`${client.sandbox.url}/pay?payment_ref=${ref}${query}`);

const submit = async (ref: string, fields: Record<string, string>) =>
	await call(`${client.sandbox.url}/pay`, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({ payment_ref: ref, ...fields }).toString(),
	});

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
		expect(text).toContain('<html lang="en"');
	});

	it('gives every field a label and an autocomplete of its own', async () => {
		const ref = await client.make({ type: 'partial', checkoutForm: true });
		const { text } = await open(ref);
		const inputs = [...text.matchAll(/<input\s+id="(\w+)"[^>]*autocomplete="([\w-]+)"/g)];
		expect(inputs.map(([, id, autocomplete]) => `${id} ${autocomplete}`)).toEqual([
			...['name name', 'email email', 'phone tel', 'amount off'],
			...['cardNumber cc-number', 'expiry cc-exp', 'cvc cc-csc'],
		]);
		for (const [, id] of inputs) expect(text).toContain(`<label for="${id}">`);
	});

	it.each([
		['EUR', '100.05 EUR'],
		['TND', '10.005 TND'],
	])('writes an amount of 10005 in %s as %s', async (token, shown) => {
		expect((await open(await client.make({ token, amount: 10_005 }))).text).toContain(shown);
	});

	it('fills in a test card by a plain link', async () => {
		const ref = await client.make();
		const { text } = await open(ref, '&card=visa');
		expect(text).toContain('value="4509211111111119"');
		expect(text).toContain('value="748"');
		expect(text).toContain(`href="/pay?payment_ref=${ref}&amp;card=failing"`);
	});

	it('fills in what the merchant knows of the payer', async () => {
		const payer = { firstName: 'Test', lastName: 'Payer', email: 'payer@example.com' };
		const { text } = await open(await client.make({ ...payer, checkoutForm: true }));
		expect(text).toContain('value="Test Payer"');
		expect(text).toContain('value="payer@example.com"');
	});

	it('follows the theme of the link', async () => {
		const ref = await client.make({ theme: 'dark' });
		const link = client.sandbox.payment(ref) && `${client.sandbox.url}/pay?payment_ref=${ref}`;
		expect((await call(`${link}&theme=dark`)).text).toContain('data-theme="dark"');
		expect((await call(`${link}&theme="><script>`)).text).not.toContain('<script');
	});

	it('escapes whatever the merchant or the payer wrote', async () => {
		const hostile = '"><script>alert(1)</script><b title=\'';
		const ref = await client.make({
			description: hostile,
			orderId: hostile,
			firstName: hostile,
			checkoutForm: true,
			webhook: `https://merchant.example/?q=${hostile}`,
			silentWebhook: false,
		});
		const refused = await submit(ref, { cardNumber: hostile, expiry: hostile, name: hostile });
		await client.sandbox.pay(ref, { card: 'failing' });
		const admin = await call(`${client.sandbox.url}/admin`);
		for (const text of [(await open(ref)).text, refused.text, admin.text]) {
			expect(text).not.toMatch(/<script|<b title/);
			expect(text).toContain('&lt;script&gt;');
		}
	});

	it('is 404 for a payment that nobody knows', async () => {
		expect((await open(UNKNOWN_REF)).status).toBe(404);
		expect((await submit(UNKNOWN_REF, VISA)).status).toBe(404);
		expect((await call(`${client.sandbox.url}/pay`)).status).toBe(404);
	});

	it('says that a payment has expired, and takes no more', async () => {
		const ref = await client.make();
		client.sandbox.expire(ref);
		expect((await open(ref)).text).toContain('Payment expired');
		expect((await submit(ref, VISA)).status).toBe(409);
		expect((await client.read(ref)).status).toBe('expired');
	});
});

describe('the language of the pay page', () => {
	const openIn = async (ref: string, language: string) =>
		await call(`${client.sandbox.url}/pay?payment_ref=${ref}`, {
			headers: { 'accept-language': language },
		});

	it.each([
		['fr-TN,fr;q=0.9,en;q=0.8', 'lang="fr" dir="ltr"', 'Numéro de carte'],
		['fr', 'lang="fr" dir="ltr"', 'MM/AA'],
		['en;q=0.3,ar-TN;q=0.7', 'lang="ar" dir="rtl"', 'رقم البطاقة'],
		['de,it;q=0.5', 'lang="en" dir="ltr"', 'Card number'],
		['*', 'lang="en" dir="ltr"', 'Card number'],
		['fr;q=0', 'lang="en" dir="ltr"', 'Card number'],
	])('for %s', async (wished, attributes, label) => {
		const { text } = await openIn(await client.make(), wished);
		expect(text).toContain(attributes);
		expect(text).toContain(label);
	});

	it('is that of mistakes, and of what is left to say', async () => {
		const ref = await client.make();
		const wrong = await call(`${client.sandbox.url}/pay`, {
			method: 'POST',
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				'accept-language': 'fr',
			},
			body: new URLSearchParams({ payment_ref: ref, cardNumber: '1' }).toString(),
		});
		expect(wrong.text).toContain('Ce n’est pas l’une des cartes de test de cette page.');
		client.sandbox.expire(ref);
		expect((await openIn(ref, 'ar')).text).toContain('انتهت صلاحية الدفع');
		expect((await openIn(UNKNOWN_REF, 'fr')).text).toContain('Paiement introuvable');
	});
});

describe('the slow bank on the page', () => {
	it('is chosen by a plain link, takes other times too, and shows that it has not answered', async () => {
		const ref = await client.make();
		expect((await open(ref)).text).not.toContain('name="slow"');
		expect((await open(ref)).text).toContain(
			`href="/pay?payment_ref=${ref}&amp;card=visa&amp;slow=10"`,
		);
		expect((await open(ref, '&card=visa&slow=3')).text).toMatch(/name="slow"[^>]*value="3"/);

		expect((await submit(ref, { ...VISA, slow: 'a while' })).status).toBe(422);
		expect((await submit(ref, { ...VISA, slow: '3' })).status).toBe(302);
		expect((await client.read(ref)).transactions).toEqual([]);
		expect((await open(ref)).text).toContain('The bank has not answered yet');
		expect((await submit(ref, VISA)).status).toBe(409);
		client.sandbox.settle(ref);
		expect((await open(ref)).text).toContain('Payment complete');
		expect(await client.read(ref)).toMatchObject({ successfulTransactions: 1 });
	});
});

describe('paying on the page', () => {
	it('completes the payment and shows so, once', async () => {
		const ref = await client.make();
		const paid = await submit(ref, { ...VISA, theme: 'dark' });
		expect(paid.status).toBe(302);
		expect(paid.headers.location).toBe(`/pay?payment_ref=${ref}&theme=dark`);
		expect((await open(ref)).text).toContain('Payment complete');
		expect((await submit(ref, VISA)).status).toBe(409);
		expect(await client.read(ref)).toMatchObject({
			status: 'completed',
			successfulTransactions: 1,
		});
	});

	it('sends the browser to the webhook, or to successUrl when the webhook is silent', async () => {
		const webhook = `${shop.url}/hook`;
		const loud = await client.make({ webhook });
		expect((await submit(loud, VISA)).headers.location).toBe(`${webhook}?payment_ref=${loud}`);
		expect(shop.calls).toEqual([]);
		const quiet = await client.make({
			webhook,
			silentWebhook: true,
			successUrl: `${shop.url}/ok`,
		});
		const answer = await submit(quiet, VISA);
		expect([answer.status, answer.headers.location]).toEqual([
			302,
			`${shop.url}/ok?payment_ref=${quiet}`,
		]);
		expect(shop.calls).toEqual([`GET /hook?payment_ref=${quiet}`]);
	});

	it('leaves a payment payable after the card that fails', async () => {
		const ref = await client.make();
		expect((await submit(ref, FAILING)).status).toBe(302);
		expect((await open(ref)).text).toContain('The last attempt failed. You can try again.');
		await submit(ref, FAILING);
		expect((await open(ref)).text).toContain('2 attempts have failed.');
		expect(await client.read(ref)).toMatchObject({ status: 'pending', failedTransactions: 2 });
	});

	it.each([
		['cardNumber', { cardNumber: '4000 0000 0000 0002' }],
		['cardNumber', { cardNumber: '' }],
		['expiry', { expiry: '11/26' }],
		['cvc', { cvc: '000' }],
	])('ties an error to %s and records no attempt for %j', async (field, wrong) => {
		const ref = await client.make();
		const { status, text } = await submit(ref, { ...VISA, ...wrong });
		expect(status).toBe(422);
		expect(text).toContain(`aria-describedby="${field}-error"`);
		expect(text).toContain(`id="${field}-error"`);
		expect(text.match(/aria-invalid="true"/g)).toHaveLength(1);
		expect((await client.read(ref)).transactions).toEqual([]);
	});

	it('wants name, email and phone where the merchant asks for the form', async () => {
		const ref = await client.make({ checkoutForm: true });
		const { text } = await submit(ref, { ...VISA, email: 'nobody' });
		for (const field of ['name', 'email', 'phone']) expect(text).toContain(`id="${field}-error"`);
		const payer = { name: 'Test Payer', email: 'payer@example.com', phone: '22777777' };
		expect((await submit(ref, { ...VISA, ...payer })).status).toBe(302);
		expect((await client.read(ref)).paymentDetails).toEqual({
			name: 'Test Payer',
			email: 'payer@example.com',
			phoneNumber: '+21622777777',
		});
	});

	it('takes a partial payment in parts written in the currency', async () => {
		const ref = await client.make({ type: 'partial', amount: 10_000 });
		for (const amount of ['', '0', '-1', '1e3', '10.001', '4.0001', 'abc']) {
			expect((await submit(ref, { ...VISA, amount })).status).toBe(422);
		}
		expect((await submit(ref, { ...VISA, amount: '4.5' })).status).toBe(302);
		expect((await open(ref)).text).toMatch(
			/4\.500 TND<\/bdi> paid ·\s*<strong><bdi dir="ltr">5\.500 TND<\/bdi> due/,
		);
		await submit(ref, { ...VISA, amount: '5,5' });
		expect((await client.read(ref)).status).toBe('completed');
	});
});
