import { merchant, useSandbox } from './harness';

const client = useSandbox({ now: () => Date.parse('2026-11-01T10:00:00Z') });

describe('the documented shape', () => {
	it('has the documented fields and none of those that only real bodies have', async () => {
		client.sandbox.setShape('documented');
		const ref = await client.make({ type: 'partial', description: 'shirts', lifespan: 10 });
		await client.sandbox.pay(ref, { amount: 4000 });
		const body = await client.read(ref);
		expect(body).toMatchObject({
			id: ref,
			receiverWallet: { id: merchant.walletId, type: 'Organisation', name: merchant.name },
			amountDue: 6000,
			reachedAmount: 4000,
			amount: 10_000,
			expirationDate: '2026-11-01',
			shortId: expect.any(String),
			link: `${client.sandbox.url}/pay?payment_ref=${ref}`,
			details: 'shirts',
			transactions: [
				{
					_id: expect.stringMatching(/^[0-9a-f]{24}$/),
					receiverWallet: { id: merchant.walletId },
					senderWallet: { type: 'user' },
					payment: ref,
					status: 'success',
					amount: 4000,
					extSenderInfo: {},
				},
			],
		});
		const realOnly = [
			'failedTransactions',
			'successfulTransactions',
			'paymentDetails',
			'createdAt',
		];
		for (const field of [...realOnly, 'updatedAt']) expect(body).not.toHaveProperty(field);
		expect((body.transactions as object[])[0]).not.toHaveProperty('id');
	});
});
