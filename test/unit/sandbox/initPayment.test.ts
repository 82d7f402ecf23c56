import { call, merchant, order, useSandbox } from './harness';

const client = useSandbox();

interface Refusal {
	errors: Array<{ source?: { field?: string } }>;
}
const fieldsOf = (answer: { json: () => unknown }) =>
	(answer.json() as Refusal).errors.map(({ source }) => source?.field);

describe('init-payment of the sandbox', () => {
	const TEXTS = [
		...['description', 'firstName', 'lastName', 'phoneNumber', 'email'],
		...['orderId', 'link', 'successUrl', 'failUrl'],
	];
	const SWITCHES = ['checkoutForm', 'addPaymentFeesToAmount', 'silentWebhook'];
	const WRONG: Record<string, unknown[]> = {
		...Object.fromEntries(TEXTS.map((field) => [field, [1, true, {}, []]])),
		...Object.fromEntries(SWITCHES.map((field) => [field, ['true', 1]])),
		receiverWalletId: [undefined, 'wallet', '0123456789abcdef01234567'],
		amount: [undefined, 10_000_001, 100.5, '1000', null],
		token: ['XYZ', 'tnd'],
		type: ['recurring'],
		acceptedPaymentMethods: ['bank_card', [], ['bank_card', 'cash']],
		lifespan: [0, -1, '10'],
		webhook: ['merchant.example/hook', 'ftp://merchant.example/hook', '', false],
		theme: ['sepia'],
	};

	it.each(Object.entries(WRONG))('refuses a wrong %s, and names it', async (field, values) => {
		for (const value of values) {
			const answer = await client.init({ [field]: value });
			expect(answer.status).toBe(400);
			expect([value, fieldsOf(answer)]).toEqual([value, [field]]);
		}
		expect(client.sandbox.payments()).toEqual([]);
	});

	it('lists every field that is wrong', async () => {
		const answer = await client.init({ amount: 1, token: 'X', lifespan: 0 });
		expect(fieldsOf(answer)).toEqual(['amount', 'token', 'lifespan']);
	});

	it.each([
		['broken JSON', '{"amount":', 'application/json'],
		['an array', '[]', 'application/json'],
		['JSON sent as text', JSON.stringify(order), 'text/plain'],
	])('answers %s with 400 and the envelope', async (_, body, type) => {
		const answer = await call(`${client.sandbox.apiBaseUrl}/payments/init-payment`, {
			method: 'POST',
			headers: { 'x-api-key': merchant.apiKey, 'content-type': type },
			body,
		});
		expect(answer.status).toBe(400);
		expect(fieldsOf(answer)).toHaveLength(1);
	});
});
