import fc from 'fast-check';

import type { AmountUnit, Token } from '../../../nodes/Konnect/payment/money';
import { toMinorUnits } from '../../../nodes/Konnect/payment/money';
import { problemOf } from '../../fixtures/results';

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
		[true, 'true'],
		[12n, 'It is 12'],
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
		['12 500', /thousands separators/],
		["1'000", /thousands separators/],
		['1\u00a0000', /thousands separators/],
		['1\u202f000.5', /thousands separators/],
		['12,5', /decimal comma/],
		['١٢', /digits only/],
		['１２', /digits only/],
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
	] as const)('%p %s, for its decimals, instead of being rounded', (amount, token, decimals) => {
		const { message, description } = refusal(amount, token);
		expect(message).toBe(`'Expected Amount' has too many decimals: "${amount}"`);
		expect(description).toMatch(decimals);
		expect(description).toMatch(/never rounded/);
	});

	it.each([1_000_000.0005, 500_000.000_1])('%p, however small the rest is beside it', (amount) => {
		expect(refusal(amount).message).toContain('too many decimals');
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

	it('and a text of sixty characters is quoted whole, a longer one as far as they go', () => {
		const text = 'x'.repeat(60);
		expect(refusal(text).message).toContain(`"${text}"`);
		expect(refusal(`${text}y`).message).toContain(`"${text}…"`);
	});

	it('whatever it is, with the name of the field in the message', () => {
		const amounts = fc.oneof(fc.anything(), fc.string(), fc.double());
		const units = fc.constantFrom<AmountUnit>('currency', 'minor');
		fc.assert(
			fc.property(amounts, units, (amount, unit) => {
				const result = toMinorUnits(amount, 'TND', unit, 'Expected Amount');
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
