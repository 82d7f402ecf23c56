import fc from 'fast-check';

import type { AmountUnit, Token } from '../../../nodes/Konnect/payment/money';
import {
	CURRENCY_DECIMALS,
	toCurrencyText,
	toMinorUnits,
	toSpokenText,
} from '../../../nodes/Konnect/payment/money';
import { valueOf } from '../../fixtures/results';

const TOKENS = Object.keys(CURRENCY_DECIMALS) as Token[];
const token = fc.constantFrom(...TOKENS);
const unit = fc.constantFrom<AmountUnit>('currency', 'minor');
/** All that Konnect takes, and what lies below. */
const minorUnits = fc.integer({ min: 1, max: 10_000_000 });

const read = (amount: unknown, of: Token, as: AmountUnit) => toMinorUnits(amount, of, as, 'Amount');
const scaleOf = (of: Token, as: AmountUnit) => (as === 'minor' ? 1 : 10 ** CURRENCY_DECIMALS[of]);

describe('an amount of minor units', () => {
	it.each([
		['TND', 12500, '12.500'],
		['TND', 1, '0.001'],
		['EUR', 1250, '12.50'],
		['USD', 5, '0.05'],
		['USD', 0, '0.00'],
		['TND', -5, '-0.005'],
		['EUR', -1250, '-12.50'],
	] as const)('of %s %i is written %s', (of, minor, text) => {
		expect(toCurrencyText(minor, of)).toBe(text);
	});

	it.each(TOKENS)('comes back from its text in %s, as text and as number', (of) => {
		fc.assert(
			fc.property(minorUnits, (minor) => {
				const text = toCurrencyText(minor, of) ?? '';
				expect(text.replace('.', '').replace(/^0+/, '')).toBe(String(minor));
				expect(text.split('.')[1]).toHaveLength(CURRENCY_DECIMALS[of]);
				expect(valueOf(read(text, of, 'currency'))).toBe(minor);
				expect(valueOf(read(Number(text), of, 'currency'))).toBe(minor);
			}),
			{ numRuns: 2000 },
		);
	});

	it.each([
		[null, 'TND'],
		[12.5, 'TND'],
		[2 ** 53, 'TND'],
		[1250, null],
		[1250, 'tnd'],
		[1250, 'toString'],
		[1250, ['TND'] as never],
	])('has no text where it cannot be said exactly: %p %p', (minor, of) => {
		expect(toCurrencyText(minor, of)).toBeNull();
	});
});

describe('an amount as people say it', () => {
	it.each([
		['TND', 10_000_000, '10 000'],
		['TND', 1_000_000_000, '1 000 000'],
		['TND', 12_345_678, '12 345.678'],
		['TND', 100, '0.100'],
		['TND', 12_500, '12.500'],
		['TND', 100_000, '100'],
		['EUR', 100, '1'],
		['EUR', 10_000_050, '100 000.50'],
		['XXX', 100, null],
		['TND', null, null],
	])('in %s, of %p minor units, is %p', (of, minor, text) => {
		expect(toSpokenText(minor, of)).toBe(text);
	});
});

describe('text and numbers that say an amount', () => {
	it.each([
		['12.5', 'TND', 'currency', 12500],
		[12.5, 'TND', 'currency', 12500],
		['  12.5 ', 'EUR', 'currency', 1250],
		['0.001', 'TND', 'currency', 1],
		[12500, 'TND', 'minor', 12500],
		['12.5000', 'TND', 'currency', 12500],
		['12.500', 'EUR', 'currency', 1250],
		['90071992547409.91', 'EUR', 'currency', Number.MAX_SAFE_INTEGER],
	] as const)('%p %s in %s is %i', (amount, of, as, minor) => {
		expect(valueOf(read(amount, of, as))).toBe(minor);
	});
});

describe('the binary noise of computed numbers', () => {
	it.each([
		[10.1 * 3, 'TND', 30_300],
		[0.1 + 0.2, 'EUR', 30],
		[1.005 * 1000, 'TND', 1_005_000],
		[4.35 * 100, 'USD', 43_500],
		[10_000.001 - 10_000, 'TND', 1],
	] as const)('is forgiven: %p %s is %i', (amount, of, minor) => {
		expect(valueOf(read(amount, of, 'currency'))).toBe(minor);
	});

	it('is forgiven in sums: they equal the exact sum', () => {
		const prices = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 100 });
		fc.assert(
			fc.property(prices, token, (minors, of) => {
				const scale = scaleOf(of, 'currency');
				const computed = minors.reduce((sum, minor) => sum + minor / scale, 0);
				const exact = minors.reduce((sum, minor) => sum + minor, 0);
				expect(valueOf(read(computed, of, 'currency'))).toBe(exact);
			}),
		);
	});

	it('is forgiven in products: they equal the exact product', () => {
		const quantities = fc.integer({ min: 1, max: 1000 });
		fc.assert(
			fc.property(minorUnits, quantities, token, (minor, quantity, of) => {
				const computed = (minor / scaleOf(of, 'currency')) * quantity;
				expect(valueOf(read(computed, of, 'currency'))).toBe(minor * quantity);
			}),
			{ numRuns: 1000 },
		);
	});

	it('is forgiven where an amount in currency is turned into minor units by the user', () => {
		fc.assert(
			fc.property(minorUnits, token, (minor, of) => {
				const scale = scaleOf(of, 'currency');
				expect(valueOf(read((minor / scale) * scale, of, 'minor'))).toBe(minor);
			}),
		);
	});

	it('is not forgiven in text', () => {
		expect(read('30.299999999999997', 'TND', 'currency').ok).toBe(false);
		expect(read('30.300000000000001', 'TND', 'currency').ok).toBe(false);
	});
});

describe('nothing is rounded', () => {
	it('a number between two amounts is refused', () => {
		const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
		fc.assert(
			fc.property(minorUnits, share, token, unit, (minor, beyond, of, as) => {
				expect(read((minor + beyond) / scaleOf(of, as), of, as).ok).toBe(false);
			}),
			{ numRuns: 2000 },
		);
	});

	it('a number that is accepted lies within a billionth part of the amount it is read as', () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 10_000 }), token, unit, (amount, of, as) => {
				const result = read(amount, of, as);
				if (!result.ok) return;
				const distance = Math.abs(result.value / scaleOf(of, as) - amount);
				expect(distance).toBeLessThanOrEqual(amount * 1.000_001e-9);
			}),
		);
	});

	it('text means its digits, or is refused', () => {
		const digits = fc.stringMatching(/^\d{1,20}$/);
		const fractions = fc.stringMatching(/^\d{0,5}$/);
		fc.assert(
			fc.property(digits, fractions, token, unit, (whole, fraction, of, as) => {
				const decimals = as === 'minor' ? 0 : CURRENCY_DECIMALS[of];
				const result = read(fraction ? `${whole}.${fraction}` : whole, of, as);
				const said = as === 'minor' ? fraction : fraction.replace(/0+$/, '');
				const exact = BigInt(whole + said.padEnd(decimals, '0'));
				const isPossible =
					said.length <= decimals && exact > 0n && exact <= BigInt(Number.MAX_SAFE_INTEGER);
				expect(result.ok).toBe(isPossible);
				if (result.ok) expect(BigInt(result.value)).toBe(exact);
			}),
			{ numRuns: 2000 },
		);
	});
});
