import { documentedPartlyPaid, realCompleted } from '../../fixtures/payments';
import { merchant, other, unvalidated, useSandbox } from './harness';

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

	it('says in the documented body whom it is for, and how much of it has come', async () => {
		client.sandbox.setShape('documented');
		const ref = await client.make({ type: 'partial', description: 'shirts' });
		await client.sandbox.pay(ref, { amount: 4000 });
		expect(await client.read(ref)).toMatchObject({
			receiverWallet: { id: merchant.walletId, type: 'Organisation', name: merchant.name },
			amountDue: 6000,
			reachedAmount: 4000,
			amount: 10_000,
			link: `${client.sandbox.url}/pay?payment_ref=${ref}`,
			details: 'shirts',
			transactions: [{ payment: ref, status: 'success', amount: 4000 }],
		});
	});

	it.each([
		['USD', 3.1, 31_000],
		['GBP', 3.9, 39_000],
	])('converts 10.00 %s to millimes', async (token, exchangeRate, convertedAmount) => {
		const ref = await client.make({ token, amount: 1000 });
		expect(await client.read(ref)).toMatchObject({ token, exchangeRate, convertedAmount });
	});

	it('is not for an organisation that is not validated', async () => {
		expect((await client.get(await client.make(), unvalidated.apiKey)).status).toBe(401);
	});

	it('records a method other than a card without card details', async () => {
		const ref = await client.make();
		await client.sandbox.pay(ref, { method: 'wallet' });
		expect((await client.read(ref)).transactions).toEqual([
			expect.objectContaining({ method: 'wallet', extSenderInfo: { email: '' } }),
		]);
	});

	it('merges updates over the body, and hides a field set to undefined', async () => {
		const ref = await client.make();
		client.sandbox.update(ref, { status: 'frozen', receiverWallet: {} });
		client.sandbox.update(ref, { receiverWallet: { id: other.walletId }, type: undefined });
		const body = await client.read(ref);
		expect(body).toMatchObject({ status: 'frozen', receiverWallet: { id: other.walletId } });
		expect(body).not.toHaveProperty('type');
	});

	it('does not care about the case of an id', async () => {
		const ref = await client.make();
		expect((await client.get(ref.toUpperCase())).status).toBe(200);
	});
});
