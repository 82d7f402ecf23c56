import type { Expectations } from '../../../nodes/Konnect/payment/expectations';
import { checkedOutput, mismatchesOf } from '../../../nodes/Konnect/payment/expectations';
import type { Payment } from '../../../nodes/Konnect/payment/payment';
import { readPayment } from '../../../nodes/Konnect/payment/payment';
import { changed, documentedPartlyPaid, realCompleted } from '../../fixtures/payments';

const WALLET = '6706b08e0d21eb0194727cb3';
const paymentOf = (body: typeof realCompleted) => readPayment(body, body.payment.id) as Payment;
const real = paymentOf(realCompleted);
const documented = paymentOf(documentedPartlyPaid);
const numbered = paymentOf(changed(realCompleted, { orderId: 1042 }));

describe('a payment is as expected', () => {
	it.each<[string, Payment, Expectations]>([
		['where nothing is expected', real, {}],
		['in all that is compared', real, { amount: 290, token: 'TND', orderId: 'ORDER-1' }],
		['in the wallet that its body names', documented, { receiverWalletId: WALLET }],
		['in the wallet written in capitals', documented, { receiverWalletId: WALLET.toUpperCase() }],
		['where its body names no wallet', real, { receiverWalletId: WALLET }],
		['in a currency written small', real, { token: 'tnd' }],
		['in an order id that its body has as a number', numbered, { orderId: '1042' }],
	])('%s', (_how, payment, expected) => {
		expect(mismatchesOf(payment, expected)).toEqual([]);
	});
});

describe('a payment is not as expected', () => {
	it('and each difference is told with what was expected and what came', () => {
		const expected = {
			amount: 29_000,
			token: 'EUR',
			orderId: 'ORDER-2',
			receiverWalletId: 'a'.repeat(24),
		};
		expect(mismatchesOf(documented, expected)).toEqual([
			{ field: 'amount', expected: 29_000, actual: 1000 },
			{ field: 'token', expected: 'EUR', actual: 'TND' },
			{ field: 'orderId', expected: 'ORDER-2', actual: '123456' },
			{ field: 'receiverWalletId', expected: 'a'.repeat(24), actual: WALLET },
		]);
	});

	it('by an order id that differs in case or in spaces only', () => {
		expect(mismatchesOf(real, { orderId: 'order-1' })).toHaveLength(1);
		expect(mismatchesOf(real, { orderId: 'ORDER-1 ' })).toHaveLength(1);
	});

	it('by an order id that reads like nothing, where it has none', () => {
		const payment = paymentOf(changed(realCompleted, { orderId: null }));
		expect(mismatchesOf(payment, { orderId: 'null' })).toHaveLength(1);
	});

	it.each([
		['amount', 290],
		['token', 'TND'],
		['orderId', 'ORDER-1'],
	])('where it lacks the %s that is expected', (field, expected) => {
		const payment = paymentOf(changed(realCompleted, { [field]: undefined }) as never);
		expect(mismatchesOf(payment, { [field]: expected })).toEqual([
			{ field, expected, actual: null },
		]);
	});

	it.each([{}, [], 42, { id: 7 }, ''])('where the wallet it names cannot be read: %p', (wallet) => {
		const payment = paymentOf(changed(realCompleted, { receiverWallet: wallet }) as never);
		expect(mismatchesOf(payment, { receiverWalletId: WALLET })).toHaveLength(1);
	});

	it.each([289, 294, 2900, 0])('in an amount that is not its price: %i', (amount) => {
		expect(mismatchesOf(real, { amount })).toHaveLength(1);
	});
});

describe('what is put out of a payment that was expected', () => {
	const here = { environment: 'sandbox', walletId: WALLET };
	const put = (payment: Payment, expected?: Expectations) =>
		checkedOutput(payment, here, { simplify: true, expected });

	it('says nothing of a match where nothing was expected', () => {
		expect(put(real)).not.toHaveProperty('matches');
		expect(put(real)).not.toHaveProperty('mismatches');
	});

	it('is the payment, with whether it matches', () => {
		expect(put(real, { amount: 290 })).toEqual({ ...put(real), matches: true, mismatches: [] });
		const actual = { field: 'amount', expected: 291, actual: 290 };
		expect(put(real, { amount: 291 })).toMatchObject({ matches: false, mismatches: [actual] });
	});

	it('does not match where the money goes to another wallet than the credential’s', () => {
		const payment = { ...real, receiverWalletId: 'a'.repeat(24) };
		expect(put(payment, { amount: 290 })).toMatchObject({
			matches: false,
			mismatches: [{ field: 'receiverWalletId', expected: WALLET }],
		});
	});

	it('does not match where Konnect calls it complete, and less than the price was paid', () => {
		expect(put({ ...real, amountPaid: 289 }, { amount: 290 })).toMatchObject({
			matches: false,
			mismatches: [{ field: 'amountPaid', expected: 290, actual: 289 }],
		});
	});

	it.each<[string, Partial<Payment>]>([
		['all of it was paid', { amountPaid: 290 }],
		['more was paid', { amountPaid: 291 }],
		['nobody knows what was paid', { amountPaid: null }],
		['nobody knows the price', { amount: null }],
		['it is not complete yet', { state: 'pending', amountPaid: 0 }],
	])('misses nothing of the price where %s', (_name, changes) => {
		expect(put({ ...real, ...changes }, { token: 'TND' })).toMatchObject({ mismatches: [] });
	});
});
