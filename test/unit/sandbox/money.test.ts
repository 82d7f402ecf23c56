import { chargeFor, formatAmount, parseAmount } from '../../../sandbox/money';

describe('amounts of the sandbox', () => {
	it('are written and read with the decimals of the currency', () => {
		expect(formatAmount(5, 'EUR')).toBe('0.05 EUR');
		expect(parseAmount('0.05', 'EUR')).toBe(5);
		expect(parseAmount('0.051', 'EUR')).toBeUndefined();
		expect(formatAmount(10_000_000, 'TND')).toBe('10000.000 TND');
		expect(parseAmount('10000.000', 'TND')).toBe(10_000_000);
	});
});

describe('fees', () => {
	it.each([
		['borne by the merchant', 15_000, false, [15_000, 240, 14_760]],
		['borne by the payer', 15_000, true, [15_243, 240, 15_000]],
		['of the recorded body', 290, true, [294, 5, 290]],
	])('%s are those that Konnect charges for %i', (_, asked, payerBears, charge) => {
		const [amount, totalFee, amountAfterFee] = charge;
		expect(chargeFor(asked, payerBears)).toEqual({ amount, totalFee, amountAfterFee });
	});
});
