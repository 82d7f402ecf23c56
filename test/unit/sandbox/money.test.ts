import fc from 'fast-check';
import { chargeFor, decimalText, formatAmount, parseAmount } from '../../../sandbox/money';
import { pushBounded } from '../../../sandbox/store';

const tokens = fc.constantFrom('TND', 'EUR', 'USD', 'GBP');
const amounts = fc.integer({ min: 0, max: 10_000_000 });

describe('amounts of the sandbox', () => {
	it('come back from their text as they were', () => {
		fc.assert(
			fc.property(amounts, tokens, (amount, token) => {
				expect(parseAmount(decimalText(amount, token), token)).toBe(amount);
			}),
		);
	});

	it.each([
		[5, 'TND', '0.005 TND'],
		[5, 'EUR', '0.05 EUR'],
		[10_000_000, 'TND', '10000.000 TND'],
	] as const)(
		'are written with the decimals of the currency: %i %s is %s',
		(minor, token, text) => {
			expect(formatAmount(minor, token)).toBe(text);
		},
	);

	it.each(['', ' ', '1.2345', '1e3', '-1', '+1', '1 000', '1.', '.5', 'NaN', '١٢'])(
		'are not read from %p',
		(text) => {
			expect(parseAmount(text, 'TND')).toBeUndefined();
		},
	);
});

describe('fees', () => {
	it.each([
		[
			'borne by the merchant',
			15_000,
			false,
			{ amount: 15_000, totalFee: 240, amountAfterFee: 14_760 },
		],
		['borne by the payer', 15_000, true, { amount: 15_243, totalFee: 240, amountAfterFee: 15_000 }],
		['of the recorded body', 290, true, { amount: 294, totalFee: 5, amountAfterFee: 290 }],
	])('%s are those that Konnect charges for %i', (_, asked, payerBears, charge) => {
		expect(chargeFor(asked, payerBears)).toEqual(charge);
	});
});

describe('a log', () => {
	it('stays within its limit and keeps the newest', () => {
		const log: number[] = [];
		for (let i = 0; i < 1000; i++) pushBounded(log, i, 100);
		expect(log.length).toBeLessThanOrEqual(100);
		expect(log.at(-1)).toBe(999);
	});
});
