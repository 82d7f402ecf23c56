import fc from 'fast-check';

import type { AmountUnit, Token } from '../../../nodes/Konnect/payment/money';
import {
	CURRENCY_DECIMALS,
	toCurrencyText,
	toMinorUnits,
	toSpokenText,
} from '../../../nodes/Konnect/payment/money';
import { problemOf, valueOf } from '../../fixtures/results';

const TOKENS = Object.keys(CURRENCY_DECIMALS) as Token[];
const token = fc.constantFrom(...TOKENS);
const unit = fc.constantFrom<AmountUnit>('currency', 'minor');
/** All amounts that Konnect takes, and smaller ones. */
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
		// Binary noise is forgiven.
		[10.1 * 3, 'TND', 'currency', 30_300],
		[0.1 + 0.2, 'EUR', 'currency', 30],
		[1.005 * 1000, 'TND', 'currency', 1_005_000],
		[4.35 * 100, 'USD', 'currency', 43_500],
		[10_000.001 - 10_000, 'TND', 'currency', 1],
	] as const)('%p %s in %s is %i', (amount, of, as, minor) => {
		expect(valueOf(read(amount, of, as))).toBe(minor);
	});
});

describe('the binary noise of computed numbers', () => {
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

const refusal = (amount: unknown, token: Token = 'TND', unit: AmountUnit = 'currency') =>
	problemOf(toMinorUnits(amount, token, unit, 'Expected Amount'));

describe('an amount that cannot be used is refused', () => {
	it.each([undefined, null, '', '   ', '\u00a0'])('because it is empty: %p', (amount) => {
		expect(refusal(amount)).toEqual({
			message: "'Expected Amount' is empty",
			description: "Fill in 'Expected Amount' with a number above zero.",
		});
	});

	it.each([
		[[12.5], 'a list'],
		[{ amount: 12.5 }, 'an object'],
		[true, 'It is true'],
	])('because it is not a number: %p is %s', (amount, type) => {
		const { message, description } = refusal(amount);
		expect(message).toBe("'Expected Amount' is not a number");
		expect(description).toContain(type);
	});

	it.each([0, '0', '0.000', -0, '00'])('because it is zero: %p', (amount) => {
		expect(refusal(amount).message).toBe("'Expected Amount' is zero");
	});

	it.each([
		['-5', /negative/],
		[-5, /negative/],
		[-0.001, /negative/],
		[NaN, /calculation/],
		[Infinity, /calculation/],
		['+Infinity', /calculation/],
		['-Infinity', /negative/],
		[' 10e10 ', /exponent/],
		['1.55e-10', /exponent/],
		[' 12,500 ', /12\.500 or as 12500/],
		[' 1 000 000.25 ', /thousands separators/],
		['10.000 000', /digits only/],
		[' 12,55 ', /decimal comma/],
		['1000,000', /decimal comma/],
		['1e3', /exponent/],
		['1E3', /exponent/],
		[1e21, /exponent/],
		[1e-9, /exponent/],
		['12,500', /12\.500 or as 12500/],
		['1,000,000.500', /thousands separators/],
		['1 000', /thousands separators/],
		["1'000", /thousands separators/],
		['1\u00a0000', /thousands separators/],
		['1\u202f000.5', /thousands separators/],
		['12,5', /decimal comma/],
		['١٢', /digits only/],
		['12 TND', /digits only/],
		['12.', /digits only/],
		['.5', /digits only/],
		['+5', /digits only/],
		['0x10', /digits only/],
		['1.000.000', /digits only/],
		['1.000,5', /digits only/],
		['xNaN', /digits only/],
		['NaNx', /digits only/],
		['x1e3', /digits only/],
		['1e3x', /digits only/],
		['1,000x', /digits only/],
		['1,000,000.', /digits only/],
		[',5', /digits only/],
		['1\u200b2', /digits only/],
	])('%p, saying what was read and what to do', (amount, advice) => {
		const { message, description } = refusal(amount);
		// A number may be shown with the decimals of its currency: -5 as -5.000.
		expect(message).toContain(`'Expected Amount' cannot be used: "${String(amount)}`);
		expect(description).toMatch(advice);
	});

	it.each([
		['12.5001', 'TND', /TND has 3 decimals/],
		['12.5010', 'EUR', /EUR has 2 decimals/],
		['12.50010', 'TND', /TND has 3 decimals/],
		[12.5001, 'TND', /TND has 3 decimals/],
		['12.505', 'EUR', /EUR has 2 decimals/],
		[12.505, 'USD', /USD has 2 decimals/],
		// However small the excess is beside the amount.
		[1_000_000.0005, 'TND', /TND has 3 decimals/],
		[500_000.000_1, 'TND', /TND has 3 decimals/],
		// Noise that is forgiven in a number is not forgiven in text.
		['30.299999999999997', 'TND', /TND has 3 decimals/],
		['30.300000000000001', 'TND', /TND has 3 decimals/],
	] as const)('%p %s, for its decimals, instead of being rounded', (amount, token, decimals) => {
		const { message, description } = refusal(amount, token);
		expect(message).toBe(`'Expected Amount' has too many decimals: "${amount}"`);
		expect(description).toMatch(decimals);
		expect(description).toMatch(/never rounded/);
	});

	it.each([12.5, '12.5', '12.0', '12.000', 0.5])('%p, as a part of the smallest unit', (amount) => {
		const { message, description } = refusal(amount, 'TND', 'minor');
		expect(message).toBe(`'Expected Amount' is not a whole number: "${amount}"`);
		expect(description).toContain("'Amount Unit'");
	});

	it.each(['9007199254740992', '9007199254740993', '9'.repeat(400)])(
		'because it is too large to be exact: %p',
		(amount) => {
			const { message } = refusal(amount, 'TND', 'minor');
			expect(message).toMatch(/^'Expected Amount' is too large: "9/);
			expect(message.length).toBeLessThan(100);
		},
	);

	it('and a text of sixty characters is quoted whole, a longer one cut there', () => {
		const text = 'x'.repeat(60);
		expect(refusal(text).message).toContain(`"${text}"`);
		expect(refusal(`${text}y`).message).toContain(`"${text}…"`);
	});

	it('whatever it is, with the name of the field in the message', () => {
		const amounts = fc.oneof(fc.anything(), fc.string(), fc.double());
		fc.assert(
			fc.property(amounts, unit, (amount, as) => {
				const result = toMinorUnits(amount, 'TND', as, 'Expected Amount');
				if (result.ok) {
					expect(Number.isSafeInteger(result.value) && result.value > 0).toBe(true);
					expect(['number', 'string']).toContain(typeof amount);
				} else {
					expect(result.problem.message).toMatch(/^'Expected Amount' /);
					expect(result.problem.description).not.toBe('');
				}
			}),
			{ numRuns: 5000 },
		);
	});

	it('if it is text other than plain digits with a point', () => {
		const characters = fc.constantFrom(...'0123456789.,-+eE \u00a0xX١_\'"');
		const texts = fc.array(characters, { maxLength: 8 }).map((list) => list.join(''));
		fc.assert(
			fc.property(texts, (text) => {
				const { ok } = toMinorUnits(text, 'TND', 'currency', 'Amount');
				if (ok) expect(text.trim()).toMatch(/^[0-9]+(\.[0-9]{1,3}0*)?$/);
			}),
			{ numRuns: 5000 },
		);
	});
});
