import { call, merchant, order, other, unvalidated, useSandbox } from './harness';

const client = useSandbox();

interface ErrorEntry {
	code: string;
	target: string;
	message: string;
	source?: { field?: string };
}
const errorsOf = (answer: { json: () => Record<string, unknown> }) =>
	answer.json().errors as ErrorEntry[];

describe('init-payment of the sandbox', () => {
	it('takes every field of both versions of the gateway', async () => {
		const fields = {
			type: 'partial',
			description: 'Two shirts',
			acceptedPaymentMethods: [
				'wallet',
				'bank_card',
				'e-DINAR',
				'flouci',
				'MCOIN',
				'wire_transfer',
			],
			lifespan: 10,
			checkoutForm: true,
			addPaymentFeesToAmount: true,
			firstName: 'Test',
			lastName: 'Payer',
			phoneNumber: '22777777',
			email: 'payer@example.com',
			orderId: '1234657',
			webhook: 'https://merchant.example/hook',
			silentWebhook: true,
			successUrl: 'https://merchant.example/ok',
			failUrl: 'https://merchant.example/ko',
			theme: 'light',
			link: 'https://merchant.example/link',
		};
		const ref = await client.make(fields);
		expect(client.sandbox.payment(ref)?.request).toEqual({ ...order, ...fields });
	});

	it('ignores unknown fields but keeps them in the request record', async () => {
		const ref = await client.make({ returnUrl: 'https://merchant.example' });
		expect(client.sandbox.payment(ref)?.request).not.toHaveProperty('returnUrl');
		expect(client.sandbox.requests).toEqual([
			expect.objectContaining({
				method: 'POST',
				path: '/api/v2/payments/init-payment',
				status: 200,
				paymentRef: ref,
				body: { ...order, returnUrl: 'https://merchant.example' },
				headers: expect.objectContaining({ 'x-api-key': merchant.apiKey }),
			}),
		]);
	});

	it.each([
		['no key', ''],
		['an unknown key', '6137ad140c181c5eb44a7f88:nobody'],
	])('refuses %s before it looks at the body', async (_, key) => {
		const answer = await client.init({ amount: 0 }, key);
		expect(answer.status).toBe(401);
		expect(answer.json()).toEqual({
			errors: [
				{
					code: 'AUTHENTICATE_TOKEN_INVALID',
					target: 'common',
					message: 'Error: Invalid Api Key',
				},
			],
		});
	});

	it('tells an organisation that is not validated from a wrong key', async () => {
		const answer = await client.init({}, unvalidated.apiKey);
		expect(answer.status).toBe(401);
		expect(errorsOf(answer)[0]).toMatchObject({
			code: 'AUTHENTICATE_TOKEN_INVALID',
			message: expect.stringContaining('status de cette organisation'),
		});
	});

	it('says what is wrong with an amount in the words of Konnect', async () => {
		const answer = await client.init({ amount: 99 });
		expect(answer.status).toBe(400);
		expect(errorsOf(answer)).toEqual([
			{
				code: 'is_invalid',
				target: 'field',
				message: 'Amount must be an integer number between 100 and 10000000.',
				source: { field: 'amount' },
			},
		]);
	});

	it.each([
		['amount', 10_000_001],
		['amount', 100.5],
		['amount', '1000'],
		['amount', null],
		['receiverWalletId', 'wallet'],
		['receiverWalletId', '0123456789abcdef01234567'],
		['token', 'XYZ'],
		['token', 'tnd'],
		['type', 'recurring'],
		['description', 5],
		['acceptedPaymentMethods', 'bank_card'],
		['acceptedPaymentMethods', []],
		['acceptedPaymentMethods', ['bank_card', 'cash']],
		['lifespan', 0],
		['lifespan', -1],
		['lifespan', '10'],
		['checkoutForm', 'true'],
		['addPaymentFeesToAmount', 1],
		['silentWebhook', 'false'],
		['firstName', 1],
		['lastName', []],
		['phoneNumber', 22777777],
		['email', {}],
		['orderId', 42],
		['link', true],
		['webhook', 'merchant.example/hook'],
		['webhook', 'ftp://merchant.example/hook'],
		['webhook', ''],
		['webhook', false],
		['successUrl', 1],
		['failUrl', 1],
		['theme', 'sepia'],
	])('refuses %s: %p, and names the field', async (field, value) => {
		const answer = await client.init({ [field]: value });
		expect(answer.status).toBe(400);
		expect(errorsOf(answer).map(({ source }) => source?.field)).toEqual([field]);
		expect(client.sandbox.payments()).toEqual([]);
	});

	it.each(['receiverWalletId', 'amount'])('requires %s', async (field) => {
		const answer = await client.init({ [field]: undefined });
		expect(answer.status).toBe(400);
		expect(errorsOf(answer)[0]?.source).toEqual({ field });
	});

	it('lists every field that is wrong', async () => {
		const answer = await client.init({ amount: 1, token: 'X', lifespan: 0 });
		expect(errorsOf(answer).map(({ source }) => source?.field)).toEqual([
			'amount',
			'token',
			'lifespan',
		]);
	});

	it('accepts the limits 100 and 10000000 and the wallet of another merchant', async () => {
		expect((await client.init({ amount: 100 })).status).toBe(200);
		expect((await client.init({ amount: 10_000_000 })).status).toBe(200);
		expect((await client.init({ receiverWalletId: other.walletId })).status).toBe(200);
	});

	it.each([
		['broken JSON', '{"amount":', 'application/json'],
		['an array', '[]', 'application/json'],
		['nothing', '', 'application/json'],
		['a form', 'amount=1000', 'application/x-www-form-urlencoded'],
		['JSON sent as text', JSON.stringify(order), 'text/plain'],
	])('answers %s with 400 and the envelope', async (_, body, type) => {
		const answer = await call(`${client.sandbox.apiBaseUrl}/payments/init-payment`, {
			method: 'POST',
			headers: { 'x-api-key': merchant.apiKey, 'content-type': type },
			body,
		});
		expect(answer.status).toBe(400);
		expect(errorsOf(answer)).toHaveLength(1);
	});
});
