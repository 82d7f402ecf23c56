import { other, unvalidated, useSandbox } from './harness';

const ISO = '2026-11-01T10:00:00.000Z';
const client = useSandbox({ now: () => Date.parse(ISO) });

describe('reading a payment', () => {
	it('gives a pending payment exactly the fields of the real body', async () => {
		const webhook = 'https://merchant.example/hook';
		const ref = await client.make({ orderId: 'ORDER-1', webhook });
		expect((await client.get(ref)).json()).toEqual({
			payment: {
				id: ref,
				status: 'pending',
				type: 'immediate',
				token: 'TND',
				amount: 10_000,
				convertedAmount: 10_000,
				exchangeRate: 1,
				orderId: 'ORDER-1',
				transactions: [],
				failedTransactions: 0,
				successfulTransactions: 0,
				acceptedPaymentMethods: ['wallet', 'bank_card', 'e-DINAR'],
				webhook: `${webhook}?payment_ref=${ref}`,
				createdAt: ISO,
				updatedAt: ISO,
			},
		});
	});

	it('gives a completed payment the sums of the recorded one: 290 asked, 294 paid, a fee of 5', async () => {
		const ref = await client.make({
			amount: 290,
			addPaymentFeesToAmount: true,
			firstName: 'Test',
			lastName: 'Payer',
			email: 'payer@example.com',
			phoneNumber: '22777777',
			webhook: 'https://merchant.example/webhook?plan=1%20month',
			successUrl: 'http://merchant.example/ok',
			failUrl: 'http://merchant.example/ko#top',
		});
		await client.sandbox.pay(ref, { card: 'mastercard' });
		expect(await client.read(ref)).toMatchObject({
			amount: 290,
			status: 'completed',
			failedTransactions: 0,
			successfulTransactions: 1,
			paymentDetails: {
				phoneNumber: '+21622777777',
				email: 'payer@example.com',
				name: 'Test Payer',
			},
			webhook: `https://merchant.example/webhook?plan=1%20month&payment_ref=${ref}`,
			successUrl: `http://merchant.example/ok?payment_ref=${ref}`,
			failUrl: `http://merchant.example/ko?payment_ref=${ref}#top`,
			transactions: [
				{
					type: 'ePayment',
					method: 'bank_card',
					status: 'success',
					token: 'TND',
					amount: 294,
					totalFee: 5,
					amountAfterFee: 290,
					feeRate: 1.6,
					ext_payment_ref: expect.stringMatching(/^[0-9a-f-]{36}$/),
					from: 'smt',
					details: 'Request processed successfully',
					extSenderInfo: {
						pan: '544021**1110',
						expiration: '202612',
						regionType: 'national',
						email: '',
					},
					id: expect.stringMatching(/^[0-9a-f]{24}$/),
				},
			],
		});
	});

	it('takes the fee from the merchant when the payer does not bear it', async () => {
		const ref = await client.make({ amount: 290 });
		await client.sandbox.pay(ref);
		expect((await client.read(ref)).transactions).toEqual([
			expect.objectContaining({ amount: 290, totalFee: 5, amountAfterFee: 285 }),
		]);
	});

	it('keeps a payment pending after a failed card, with the attempt on record', async () => {
		const ref = await client.make();
		expect(await client.sandbox.pay(ref, { card: 'failing' })).toEqual({ state: 'attemptFailed' });
		const body = await client.read(ref);
		expect(body).toMatchObject({ status: 'pending', failedTransactions: 1 });
		expect(body.transactions).toEqual([
			{
				id: expect.any(String),
				type: 'ePayment',
				method: 'bank_card',
				status: 'failed_payment',
				token: 'TND',
				amount: 10_000,
				from: 'smt',
				details: expect.stringMatching(/^Rejected Authorization/),
			},
		]);
		expect(await client.sandbox.pay(ref)).toEqual({ state: 'paid' });
		expect(await client.read(ref)).toMatchObject({
			status: 'completed',
			failedTransactions: 1,
			successfulTransactions: 1,
		});
	});

	it('counts an attempt that is left open neither as a success nor as a failure, and tells nobody of it', async () => {
		const ref = await client.make({ webhook: 'https://merchant.example/hook' });
		expect(await client.sandbox.pay(ref, { open: true })).toEqual({ state: 'attemptOpen' });
		expect(await client.read(ref)).toMatchObject({
			status: 'pending',
			transactions: [{ status: 'pending_payment' }],
			failedTransactions: 0,
			successfulTransactions: 0,
		});
		expect(client.sandbox.deliveries).toEqual([]);
		expect((await client.sandbox.pay(ref)).state).toBe('paid');
	});

	it.each([
		['EUR', 3.4, 34_000],
		['USD', 3.1, 31_000],
		['GBP', 3.9, 39_000],
	])('converts 10.00 %s to millimes', async (token, exchangeRate, convertedAmount) => {
		const ref = await client.make({ token, amount: 1000 });
		expect(await client.read(ref)).toMatchObject({ token, exchangeRate, convertedAmount });
	});

	it('completes a partial payment when its parts reach the amount', async () => {
		const ref = await client.make({ type: 'partial' });
		expect((await client.sandbox.pay(ref, { amount: 4000 })).state).toBe('partiallyPaid');
		expect((await client.read(ref)).status).toBe('pending');
		await expect(client.sandbox.pay(ref, { amount: 6001 })).rejects.toThrow(
			'more than what is due',
		);
		expect((await client.sandbox.pay(ref, { amount: 6000 })).state).toBe('paid');
		expect(await client.read(ref)).toMatchObject({
			status: 'completed',
			successfulTransactions: 2,
		});
	});

	it('refuses to pay a part of an immediate payment', async () => {
		const ref = await client.make();
		await expect(client.sandbox.pay(ref, { amount: 4000 })).rejects.toThrow('paid at once');
		expect((await client.read(ref)).transactions).toEqual([]);
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

	it('wants a known key of a validated organisation, whoever made the payment', async () => {
		const ref = await client.make();
		expect((await client.get(ref, '')).status).toBe(401);
		expect((await client.get(ref, 'x:y')).status).toBe(401);
		expect((await client.get(ref, unvalidated.apiKey)).status).toBe(401);
		expect((await client.get('malformed', '')).status).toBe(401);
		expect((await client.get(ref, other.apiKey)).status).toBe(200);
	});
});
