import { LARGEST_AMOUNT } from '../../../nodes/Konnect/payment/money';
import { paymentOutput, readPayment } from '../../../nodes/Konnect/payment/payment';
import { stateOf } from '../../../nodes/Konnect/payment/state';
import {
	changed,
	documentedPartlyPaid,
	expired,
	failedAttempt,
	partial,
	pending,
	realCompleted,
} from '../../fixtures/payments';

const read = (body: typeof pending) => {
	const payment = readPayment(body, body.payment.id);
	if (!payment) throw new Error('not read as a payment');
	return payment;
};
const simplified = (body: typeof pending) => paymentOutput(read(body), 'sandbox', true);

describe('a payment put out simplified', () => {
	it('is flat and complete for a real body that names no wallet and no amount reached', () => {
		expect(simplified(realCompleted)).toEqual({
			paymentId: '68a9fb9922c44ea00bbbda98',
			state: 'paid',
			status: 'completed',
			amount: 290,
			amountInCurrency: '0.290',
			amountPaid: 290,
			fees: 5,
			net: 290,
			refunded: false,
			failureReason: null,
			token: 'TND',
			orderId: 'ORDER-1',
			method: 'bank_card',
			payerName: 'Test Payer',
			payerEmail: 'payer@example.com',
			payerPhone: '+216XXXXXXXX',
			createdAt: '2025-08-23T17:34:17.211Z',
			updatedAt: '2025-08-23T17:35:25.840Z',
			environment: 'sandbox',
		});
	});

	it('has null for what the documented body lacks', () => {
		expect(simplified(documentedPartlyPaid)).toMatchObject({
			// Its amount is reached, but Konnect does not say that it is completed.
			state: 'pending',
			amountPaid: 1000,
			method: 'bank_card',
			...{ fees: null, net: null, failureReason: null },
			...{ payerName: null, payerEmail: null, payerPhone: null },
			...{ createdAt: null, updatedAt: null },
		});
	});

	it.each([
		['pending', pending, 'pending', 0, null],
		['with a failed attempt', failedAttempt, 'attemptFailed', 0, 'bank_card'],
		['expired', expired, 'expired', 0, null],
		['paid in part', partial, 'partiallyPaid', 4000, null],
	])('tells a payment %s', (_name, body, state, amountPaid, method) => {
		expect(simplified(body)).toMatchObject({ state, amountPaid, method, amount: 10_000 });
	});

	it('keeps a currency that nobody knows, and guesses no decimals for it', () => {
		const yen = changed(pending, { token: 'JPY' });
		expect(simplified(yen)).toMatchObject({ token: 'JPY', amount: 10_000, amountInCurrency: null });
	});
});

describe('a payment put out whole', () => {
	it("is Konnect's own object with the state beside it", () => {
		expect(paymentOutput(read(realCompleted), 'production', false)).toEqual({
			...realCompleted.payment,
			paymentId: '68a9fb9922c44ea00bbbda98',
			state: 'paid',
			environment: 'production',
		});
	});

	it('has the state that was read, whatever a field of that name says', () => {
		const body = changed(pending, { state: 'paid', environment: 'x', paymentId: 'y' });
		expect(paymentOutput(read(body), 'sandbox', false)).toMatchObject({
			state: 'pending',
			environment: 'sandbox',
			paymentId: pending.payment.id,
		});
	});
});

it('addresses are shown without our signature, and the shop’s own otherwise as they are', () => {
	const address = 'https://shop.example/ok?signature=abc&konnect_terms=x.y';
	const payment = read(changed(pending, { successUrl: address, webhook: address }));
	expect(paymentOutput(payment, 'sandbox', false)).toMatchObject({
		successUrl: 'https://shop.example/ok?signature=abc',
		webhook: 'https://shop.example/ok',
	});
});

/** A transaction that has paid a part. */
const PART = { status: 'success', method: 'wallet', amount: 3000 };

describe('what was paid so far', () => {
	it('is the price for a completed payment whose transactions do not say so', () => {
		const transactions = [PART];
		expect(read(changed(pending, { status: 'completed', transactions })).amountPaid).toBe(10_000);
	});

	it.each([0, LARGEST_AMOUNT])('can be %i', (reachedAmount) => {
		const body = changed(pending, { transactions: [PART], reachedAmount });
		expect(read(body).amountPaid).toBe(reachedAmount);
	});

	it.each([-1, 0.5, LARGEST_AMOUNT + 1, '4 000', null])('is never %p', (reachedAmount) => {
		const body = changed(pending, { transactions: [PART], reachedAmount });
		expect(read(body).amountPaid).toBe(3000);
	});

	it('is the sum of the successful transactions where Konnect names none', () => {
		const failed = { ...PART, status: 'failed_payment' };
		const transactions = [PART, { ...PART, amount: 2000 }, failed];
		const failedTransactions = undefined;
		const payment = read(changed(pending, { transactions, failedTransactions }));
		expect(payment).toMatchObject({ amountPaid: 5000, state: 'partiallyPaid', failedAttempts: 1 });
		expect(read(changed(pending, { transactions, amount: undefined })).amountPaid).toBe(5000);
	});

	it.each([
		['EUR', 'TND', { amountPaid: null, fees: null, net: null, state: 'pending' }],
		['EUR', ' eur', { amountPaid: 3000, fees: 48, net: 2952, state: 'partiallyPaid' }],
		['EUR', undefined, { amountPaid: 3000, fees: 48, net: 2952, state: 'partiallyPaid' }],
	])('of a payment in %s is not added up in %p', (token, other, expected) => {
		const part = { ...PART, token: other, totalFee: 48, amountAfterFee: 2952 };
		const transactions = [part, { ...PART, status: 'failed_payment' }];
		expect(read(changed(pending, { token, transactions }))).toMatchObject(expected);
	});

	it('is no more than the price where fees on top are in the transactions', () => {
		const transactions = [{ ...PART, amount: 10_160, totalFee: 160 }];
		expect(read(changed(pending, { transactions })).amountPaid).toBe(10_000);
	});

	it('was paid by the method of the last success, not of a later failure', () => {
		const transactions = [
			{ ...PART, method: 'flouci' },
			{ ...PART, method: 'e-DINAR' },
			PART,
			{ status: 'declined', method: 'bank_card' },
		];
		expect(read(changed(pending, { transactions })).method).toBe('wallet');
	});
});

describe('the fees', () => {
	const success = (totalFee?: number) => ({ status: 'success', amount: 3000, totalFee });

	it.each([
		[[], null],
		[[success(30)], 30],
		[[success(30), success(0)], 30],
		[[success(30), success()], null],
		[[success(30), { status: 'failed', totalFee: 7 }], 30],
	])('of %j are %p', (transactions, fees) => {
		expect(read(changed(pending, { transactions })).fees).toBe(fees);
	});
});

describe('texts', () => {
	it.each(['', null, undefined, 7.5, 2 ** 53, {}])('that are %p are none', (nothing) => {
		const body = changed(pending, { orderId: nothing, createdAt: nothing });
		expect(read(body)).toMatchObject({ orderId: null, createdAt: null });
	});
});

describe('failed attempts', () => {
	it.each(['failed_payment', 'failed_transfer', 'canceled', 'expired', 'blocked'])(
		'are transactions that ended without money: %p',
		(status) => {
			const transactions = [{ status, amount: 10_000 }];
			const payment = read(changed(pending, { transactions, failedTransactions: undefined }));
			expect(payment).toMatchObject({ state: 'attemptFailed', failedAttempts: 1 });
		},
	);

	it.each(['pending', 'pending_payment', 'a word of tomorrow', undefined])(
		'are not those that are still open: %p',
		(status) => {
			const transactions = [{ status: 'failed_payment' }, { status, amount: 10_000 }];
			const first = read(changed(pending, { transactions: transactions.slice(1) }));
			expect(first).toMatchObject({ state: 'pending', failedAttempts: 0, amountPaid: 0 });
			const uncounted = changed(pending, { transactions, failedTransactions: undefined });
			expect(read(uncounted)).toMatchObject({ state: 'pending', failedAttempts: 1 });
			const counted = changed(pending, { transactions, failedTransactions: 1 });
			expect(read(counted)).toMatchObject({ state: 'pending', failedAttempts: 1 });
		},
	);
});

describe('the state', () => {
	it.each(['failed', 'cancelled', 'refunded', 'complete', 'completed.', 'success', 'paid', ''])(
		'of a payment whose status is %p is unknown, and the status is kept',
		(status) => {
			const body = changed(realCompleted, { status });
			expect(simplified(body)).toMatchObject({ state: 'unknown', status });
		},
	);

	it.each([
		['COMPLETED', 'paid'],
		['completed ', 'paid'],
		['Expired', 'expired'],
		['PENDING', 'pending'],
	])(
		'of a payment whose status is %p is %s, and the status is put out as it came',
		(status, state) => {
			expect(simplified(changed(pending, { status }))).toMatchObject({ state, status });
		},
	);

	it.each<[string, Partial<Parameters<typeof stateOf>[0]>, string]>([
		['paid, where an attempt failed before', { status: 'completed' }, 'paid'],
		['expired, where a part was paid or an attempt failed', { status: 'expired' }, 'expired'],
		['partly paid, where an attempt failed before', {}, 'partiallyPaid'],
		['partly paid, where the price is not known', { amount: null }, 'partiallyPaid'],
		['pending, where all was reached and nobody says completed', { amountPaid: 1000 }, 'pending'],
		['pending, where more was reached', { amountPaid: 1001 }, 'pending'],
	])('is %s', (_name, changes, state) => {
		const some = { amount: 1000, amountPaid: 100, failedAttempts: 2, openAttempts: 0 };
		expect(stateOf({ status: 'pending', ...some, ...changes })).toBe(state);
	});
});

describe('what is certain is read in whatever form it comes', () => {
	it.each([
		['orderId', 1042, { orderId: '1042' }],
		['amount', '10000', { amount: 10_000, amountPaid: 0 }],
		['reachedAmount', '4000', { amountPaid: 4000, state: 'partiallyPaid' }],
		['failedTransactions', '1', { failedAttempts: 1, state: 'attemptFailed' }],
		['token', 'tnd', { token: 'TND' }],
		['token', 'Eur ', { token: 'EUR' }],
	])('such as %s %p', (field, value, expected) => {
		expect(read(changed(pending, { [field]: value }))).toMatchObject(expected);
	});

	it('in transactions too', () => {
		const transactions = [
			{ status: 'Success', amount: '4000', totalFee: '64', amountAfterFee: '3936' },
		];
		expect(read(changed(pending, { transactions }))).toMatchObject({
			amountPaid: 4000,
			fees: 64,
			net: 3936,
		});
	});
});

describe('refunds', () => {
	const success = { ...PART, totalFee: 48, amountAfterFee: 2952 };
	const paid = { ...pending.payment, status: 'completed' };

	it.each([
		['none', [success], false],
		['the status', [{ ...success, status: 'refunded' }], true],
		['the mark', [{ ...success, refunded: true }], true],
		['a transaction of its own', [success, { ...success, type: 'Refund', method: 'x' }], true],
		['none that failed', [success, { ...success, type: 'refund', status: 'pending' }], false],
	])(
		'told by %s leave fees, net, method and amount as they were',
		(_how, transactions, refunded) => {
			expect(read({ payment: { ...paid, transactions } })).toMatchObject({
				state: 'paid',
				refunded,
				fees: 48,
				net: 2952,
				method: 'wallet',
				amountPaid: 10_000,
			});
		},
	);

	it.each([[[]], [undefined], ['x']])(
		'are not known where the transactions are %j',
		(transactions) => {
			expect(read(changed(pending, { transactions }))).toMatchObject({ refunded: null, net: null });
		},
	);
});

describe('why an attempt failed', () => {
	const failed = (details: unknown) => ({ status: 'failed_payment', details });

	it.each([
		['the last failed attempt says it', [failed('one'), failed('two')], 'two'],
		[
			'a success that came later does not',
			[failed('one'), { status: 'success', details: 'x' }],
			'one',
		],
		['nobody says it', [failed(undefined)], null],
		['it is no text', [failed({ code: 1 })], null],
		['no attempt failed', [{ status: 'success', details: 'Request processed successfully' }], null],
	])('is told where %s', (_where, transactions, failureReason) => {
		expect(read(changed(pending, { transactions })).failureReason).toBe(failureReason);
	});
});

describe('the wallet', () => {
	const WALLET = '5f7a209aeb3f76490ac4a3d1';

	it.each([{ _id: WALLET }, WALLET])('is read from %p', (receiverWallet) => {
		expect(read(changed(pending, { receiverWallet })).receiverWalletId).toBe(WALLET);
	});

	it('is unknown where the body names none', () => {
		expect(read(realCompleted).receiverWalletId).toBeNull();
		expect(read(changed(pending, { receiverWallet: null })).receiverWalletId).toBeNull();
	});

	it.each([{}, [], 7, '', { id: 7 }])('matches no other where it is %p', (receiverWallet) => {
		expect(read(changed(pending, { receiverWallet })).receiverWalletId).toBe('');
	});
});
