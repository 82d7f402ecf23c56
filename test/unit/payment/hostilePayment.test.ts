import fc from 'fast-check';

import { readPayment } from '../../../nodes/Konnect/payment/payment';
import {
	changed,
	documentedPartlyPaid,
	failedAttempt,
	pending,
	realCompleted,
} from '../../fixtures/payments';

const ID = pending.payment.id;

describe('no payment is read', () => {
	it.each([
		['null', null],
		['a payment that is not wrapped', pending.payment],
		['a payment as a list', { payment: [pending.payment] }],
		['another payment', changed(realCompleted, {})],
		['an id in a list', changed(realCompleted, { id: [ID] })],
		['another id beside the right one', changed(realCompleted, { _id: ID })],
		['no status', changed(pending, { status: undefined })],
		['a status in a list', changed(pending, { status: ['completed'] })],
		['an amount as text that is no digits', changed(pending, { amount: '10 000' })],
		['an amount with decimals as text', changed(pending, { amount: '10.000' })],
		['an amount as empty text', changed(pending, { amount: '' })],
		['a negative amount', changed(pending, { amount: -10_000 })],
		['an amount with decimals', changed(pending, { amount: 10.5 })],
		['an amount beyond exact numbers', changed(pending, { amount: 2 ** 53 })],
		['an amount in an object', changed(pending, { amount: { $numberInt: '10000' } })],
		['a currency that is no text', changed(pending, { token: 788 })],
	])('from %s', (_name, body) => {
		expect(readPayment(body, ID)).toBeUndefined();
	});

	it('from any value that is no body of this payment, and reading it never fails', () => {
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.json(), fc.object()), (body) => {
				expect(readPayment(body, ID)).toBeUndefined();
				expect(readPayment({ payment: body }, ID)).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('a payment is read', () => {
	it('by its id in any case, and put out in lower case', () => {
		const body = changed(pending, { id: ID.toUpperCase() });
		expect(readPayment(body, ID)?.paymentId).toBe(ID);
		expect(readPayment(pending, ID.toUpperCase())?.paymentId).toBe(ID);
	});

	it('by _id where there is no id', () => {
		expect(readPayment(changed(pending, { id: undefined, _id: ID }), ID)?.paymentId).toBe(ID);
	});
});

/** Any value at all, and more often those that are most easily mistaken for another. */
const anyValue = fc.oneof(
	fc.anything(),
	fc.jsonValue(),
	fc.constantFrom<unknown>('completed', ['completed'], { status: 'completed' }, true, 1, '1', ''),
);
const bodies = fc.constantFrom(realCompleted, documentedPartlyPaid, failedAttempt, pending);
const AMOUNTS = ['amount', 'amountPaid', 'fees', 'net', 'failedAttempts'];
const FIELDS = [
	...new Set([realCompleted, documentedPartlyPaid].flatMap(({ payment }) => Object.keys(payment))),
];

describe('whatever stands in the fields of a payment', () => {
	const hostile = fc
		.tuple(bodies, fc.dictionary(fc.constantFrom(...FIELDS), anyValue))
		.map(([body, changes]) => ({ body: changed(body, changes), id: body.payment.id }));

	it('it is paid only if its status is the word completed', () => {
		fc.assert(
			fc.property(hostile, ({ body, id }) => {
				const payment = readPayment(body, id);
				if (payment) expect(payment.state === 'paid').toBe(body.payment.status === 'completed');
			}),
			{ numRuns: 5000 },
		);
	});

	it.each(FIELDS.filter((field) => field !== 'status'))('%s never makes it paid', (field) => {
		fc.assert(
			fc.property(fc.constantFrom(documentedPartlyPaid, failedAttempt), anyValue, (body, value) => {
				const payment = readPayment(changed(body, { [field]: value }), body.payment.id);
				expect(payment?.state).not.toBe('paid');
			}),
			{ numRuns: 200 },
		);
	});

	it('amounts are whole numbers of minor units or null, and texts are texts or null', () => {
		fc.assert(
			fc.property(hostile, ({ body, id }) => {
				const payment = readPayment(body, id);
				if (!payment) return;
				for (const [name, value] of Object.entries({ ...payment, raw: null, refunded: null })) {
					const isAmount = Number.isSafeInteger(value) && Number(value) >= 0;
					const fits = AMOUNTS.includes(name) ? isAmount : typeof value === 'string';
					expect([name, value === null || fits]).toEqual([name, true]);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	it('broken transactions are no money', () => {
		const transaction = fc.record({
			status: fc.constantFrom<unknown>('success', ['success'], 'failed_payment', true, null),
			amount: fc.constantFrom<unknown>('5000.0', '5 000', -5000, 0.5, NaN, Infinity, null, [5000]),
		});
		const lists = fc.array(fc.oneof(transaction, fc.anything()), { maxLength: 5 });
		fc.assert(
			fc.property(lists, (transactions) => {
				const payment = readPayment(changed(pending, { transactions }), ID);
				expect(payment?.amountPaid).toBe(0);
			}),
			{ numRuns: 2000 },
		);
	});
});
