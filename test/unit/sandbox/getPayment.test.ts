import { realCompleted } from '../../fixtures/payments';
import { other, unvalidated, useSandbox } from './harness';

const ISO = '2026-11-01T10:00:00.000Z';
const client = useSandbox({ now: () => Date.parse(ISO) });

describe('reading a payment', () => {
	it('gives what a card has paid with the fields of the recorded body', async () => {
		const ref = await client.make();
		const asked = await client.read(ref);
		for (const field of ['paymentDetails', 'successUrl', 'failUrl', 'webhook', 'orderId']) {
			expect(asked).not.toHaveProperty(field);
		}
		await client.sandbox.pay(ref);
		const [paid, recorded] = [await client.read(ref), realCompleted.payment].map(
			({ transactions }) => (transactions as object[])[0],
		);
		expect(Object.keys(paid ?? {}).sort()).toEqual(Object.keys(recorded ?? {}).sort());
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

	it('merges an update over the body, and hides a field set to undefined', async () => {
		const ref = await client.make();
		client.sandbox.update(ref, { status: 'frozen', amount: '10000', orderId: undefined });
		client.sandbox.update(ref, { receiverWallet: { id: other.walletId }, type: undefined });
		const body = await client.read(ref);
		expect(body).toMatchObject({
			status: 'frozen',
			amount: '10000',
			receiverWallet: { id: other.walletId },
		});
		expect(body).not.toHaveProperty('type');
	});

	it('does not care about the case of an id', async () => {
		const ref = await client.make();
		expect((await client.get(ref.toUpperCase())).status).toBe(200);
	});
});
