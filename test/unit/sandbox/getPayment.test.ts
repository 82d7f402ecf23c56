import { documentedPartlyPaid, realCompleted } from '../../fixtures/payments';
import { useSandbox } from './harness';

const client = useSandbox();

const keysOf = (value: unknown) => Object.keys(value as object).sort();

describe('reading a payment', () => {
	it.each([
		['real', realCompleted],
		['documented', documentedPartlyPaid],
	] as const)('gives just the fields of the %s body', async (shape, seen) => {
		client.sandbox.setShape(shape);
		const ref = await client.make({
			orderId: 'A-7',
			description: 'shirts',
			email: 'payer@example.com',
			webhook: 'https://merchant.example/hook',
			successUrl: 'https://merchant.example/ok',
			failUrl: 'https://merchant.example/ko',
		});
		await client.sandbox.pay(ref);
		const [paid, recorded] = [await client.read(ref), seen.payment];
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
