import { documentedPartlyPaid, realCompleted } from '../../fixtures/payments';
import { merchant, useSandbox } from './harness';

const client = useSandbox();

const keysOf = (value: unknown) => Object.keys(value as object).sort();

describe('reading a payment', () => {
	it.each([
		['real', realCompleted, { successfulTransactions: 1 }],
		[
			'documented',
			documentedPartlyPaid,
			{ amountDue: 6000, details: 'shirts', receiverWallet: { name: merchant.name } },
		],
	] as const)('gives the %s body, with its fields only', async (shape, example, values) => {
		client.sandbox.setShape(shape);
		const ref = await client.make({
			type: 'partial',
			orderId: 'A-7',
			description: 'shirts',
			email: 'payer@example.com',
			webhook: 'https://merchant.example/hook',
			successUrl: 'https://merchant.example/ok',
			failUrl: 'https://merchant.example/ko',
		});
		await client.sandbox.pay(ref, { amount: 4000 });
		const [paid, recorded] = [await client.read(ref), example.payment];
		expect(paid).toMatchObject({ amount: 10_000, transactions: [{ amount: 4000 }], ...values });
		expect(keysOf(paid)).toEqual(keysOf(recorded));
		const [attempts, recordedAttempts] = [paid, recorded].map(
			({ transactions }) => transactions as unknown[],
		);
		expect(attempts?.map(keysOf)).toEqual(recordedAttempts?.map(keysOf));
	});

	it('leaves out what init-payment was not given', async () => {
		const asked = await client.read(await client.make());
		for (const field of ['paymentDetails', 'successUrl', 'failUrl', 'webhook', 'orderId']) {
			expect(asked).not.toHaveProperty(field);
		}
	});

	it('records a method other than a card without card details', async () => {
		const ref = await client.make();
		await client.sandbox.pay(ref, { method: 'wallet' });
		expect((await client.read(ref)).transactions).toEqual([
			expect.objectContaining({ method: 'wallet', extSenderInfo: { email: '' } }),
		]);
	});

	it('does not care about the case of an id', async () => {
		const ref = await client.make();
		expect((await client.get(ref.toUpperCase())).status).toBe(200);
	});
});
