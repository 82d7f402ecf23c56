import {
	readBoolean,
	readNumber,
	readOption,
	readOptionalText,
	readOptions,
	readText,
	readTimeout,
} from '../../../nodes/Konnect/payment/parameters';

import type { Result } from '../../../nodes/Konnect/payment/result';
import { problemOf } from '../../fixtures/results';

const UNITS = [
	{ name: 'Dinars, Euros, Dollars or Pounds', value: 'currency' },
	{ name: 'Millimes, Cents or Pence', value: 'minor' },
] as const;
const readWhole = readNumber({ min: 1, max: 100, whole: true });

const readers = {
	readOption: (value: unknown) => readOption(value, 'Field', UNITS),
	readOptions: (value: unknown) => readOptions(value, 'Field', UNITS),
	readText: (value: unknown) => readText(value, 'Field'),
	readBoolean: (value: unknown) => readBoolean(value, 'Field'),
	readNumber: (value: unknown) => readWhole(value, 'Field', []),
};
const messageOf = (read: Result<unknown>) => problemOf(read).message;

describe.each(Object.entries(readers))('%s', (_, read) => {
	it.each([[undefined], [null], [''], ['  ']])('says that %p is empty', (nothing) => {
		expect(messageOf(read(nothing))).toMatch(/^'Field' is empty: /);
	});

	it.each([[NaN], [Infinity], [{ a: 1 }], [[{}]]])('refuses %p by its label', (value) => {
		expect(messageOf(read(value))).toMatch(/^'Field' (is|contains) /);
	});
});

it('takes an option exactly, and names the choices for any other word', () => {
	expect(readOption('minor', 'Amount Unit', UNITS)).toEqual({ ok: true, value: 'minor' });
	expect(messageOf(readOption('Minor', 'Amount Unit', UNITS))).toBe(
		`'Amount Unit' is "Minor": choose Dinars, Euros, Dollars or Pounds (currency) or Millimes, Cents or Pence (minor)`,
	);
	for (const word of ['minor ', ['minor'], true, 0]) {
		expect(readOption(word, 'Amount Unit', UNITS).ok).toBe(false);
	}
});

it('takes a list of options each once, and refuses an empty one and one with a stranger in it', () => {
	const read = readOptions(['minor', 'currency', 'minor'], 'Units', UNITS);
	expect(read).toEqual({ ok: true, value: ['minor', 'currency'] });
	expect(messageOf(readOptions([], 'Units', UNITS))).toMatch(/^'Units' is empty/);
	expect(readOptions('minor', 'Units', UNITS).ok).toBe(false);
	expect(messageOf(readOptions(['minor', ''], 'Units', UNITS))).toBe(
		"'Units' contains nothing: choose from Dinars, Euros, Dollars or Pounds (currency) and Millimes, Cents or Pence (minor)",
	);
	expect(messageOf(readOptions([['minor']], 'Units', UNITS))).toMatch(/contains a list/);
	expect(messageOf(readOptions([{}], 'Units', UNITS))).toMatch(/contains an object/);
});

it('reads text without the spaces around it, and a number as its digits', () => {
	expect(readText(' A-7 ', 'Order ID')).toEqual({ ok: true, value: 'A-7' });
	expect(readText(0, 'Order ID')).toEqual({ ok: true, value: '0' });
	for (const inexact of [2 ** 53, 1e21]) expect(readText(inexact, 'Order ID').ok).toBe(false);
});

it.each([[undefined], [null], [''], [' ']])('lets optional text be %p', (nothing) => {
	expect(readOptionalText(nothing, 'Description')).toEqual({ ok: true, value: '' });
});

it('takes no word or number for a boolean', () => {
	expect(readBoolean(false, 'Simplify')).toEqual({ ok: true, value: false });
	for (const value of ['true', 'false', 0, 1])
		expect(readBoolean(value, 'Simplify').ok).toBe(false);
});

it('reads numbers within their bounds, also as plain text', () => {
	for (const value of [1, 100, '30', ' 30 ']) expect(readWhole(value, 'Timeout', []).ok).toBe(true);
	for (const value of [0, 101, 1.5, -1, '1e1', '0x10', '1,5', true, [5]]) {
		expect(readWhole(value, 'Timeout', []).ok).toBe(false);
	}
	const read = readNumber({ min: 1, max: 2 });
	expect(read('1.25', 'Timeout', [])).toEqual({ ok: true, value: 1.25 });
	expect(read([1.5], 'Timeout', []).ok).toBe(false);
	expect(messageOf(readWhole(0, 'Timeout', []))).toBe(
		`'Timeout' is 0: it needs a whole number from 1 to 100`,
	);
});

it('names a choice once if its label is its value, and a single choice without "or"', () => {
	const tokens = ['EUR', 'TND', 'USD'].map((value) => ({ name: value, value }));
	expect(messageOf(readOption('tnd', 'Currency', tokens))).toBe(
		`'Currency' is "tnd": choose EUR, TND or USD`,
	);
	expect(messageOf(readOption('x', 'Currency', tokens.slice(0, 1)))).toBe(
		`'Currency' is "x": choose EUR`,
	);
});

it('says what is needed instead', () => {
	expect(messageOf(readText(' ', 'Order ID'))).toBe("'Order ID' is empty: it needs text");
	expect(messageOf(readOptionalText([], 'Email'))).toBe("'Email' is a list: it needs text");
	expect(messageOf(readBoolean(1, 'Simplify'))).toBe("'Simplify' is 1: it needs true or false");
	expect(messageOf(readNumber({ min: 0.5, max: 9 })('', 'Minutes', []))).toBe(
		"'Minutes' is empty: it needs a number from 0.5 to 9",
	);
});

it('reads a timeout from a hundredth of a second to an hour', () => {
	for (const value of [0.01, 30, 3_600, '1.5'])
		expect(readTimeout(value, 'Timeout', []).ok).toBe(true);
	for (const value of [0, 0.009, 3_601, -1])
		expect(readTimeout(value, 'Timeout', []).ok).toBe(false);
});

it('quotes a text of sixty characters whole, and cuts a longer one there', () => {
	const text = 'x'.repeat(60);
	expect(messageOf(readOption(text, 'Field', UNITS))).toContain(`"${text}"`);
	expect(messageOf(readOption(`${text}y`, 'Field', UNITS))).toContain(`"${text}…"`);
});

it('shows no key that was typed into the wrong field, and everything else as it is', () => {
	const key = '6137ad140c181c5eb44a7f88:invented_key-0123456789';
	expect(messageOf(readOption(`my ${key} key`, 'Field', UNITS))).toContain(
		`'Field' is "my [API key] key": choose`,
	);
	expect(messageOf(readOption('a:b', 'Field', UNITS))).toContain(`'Field' is "a:b": choose`);
});
