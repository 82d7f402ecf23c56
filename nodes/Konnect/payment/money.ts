import { describe, isNothing } from './parameters';
import type { Result } from './result';
import { ok, refuse } from './result';

/** How many decimals each currency ("token" in Konnect's words) has: 1 TND is 1000 millimes, 1 EUR is 100 cents. */
export const CURRENCY_DECIMALS = { TND: 3, EUR: 2, GBP: 2, USD: 2 } as const;

export type Token = keyof typeof CURRENCY_DECIMALS;

/** The unit in which an amount is given: 12.500 TND is 12.5 in `currency` and 12500 in `minor`. */
export type AmountUnit = 'currency' | 'minor';

function isToken(value: unknown): value is Token {
	return typeof value === 'string' && Object.hasOwn(CURRENCY_DECIMALS, value);
}

const PLAIN_DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/**
 * The rounding error that a computed number may have and still mean an exact amount: 10.1 * 3 is 30.299999999999997. At most a
 * billionth of the amount, and at most a hundredth of the smallest unit.
 */
const NOISE = { ofAmount: 1e-9, ofSmallestUnit: 0.01 };

/** In minor units. A body of Konnect with a larger amount is not believed: Konnect's own limit is 10 000 000. */
export const LARGEST_AMOUNT = 999_999_999_999;

/**
 * Reads an amount as a whole number of minor units (millimes for TND, cents or pence for the others).
 * Works on decimal text and never rounds: an amount that the unit cannot express exactly is refused.
 *
 * @param amount what the user gave: a number, or text such as "12.500"
 * @param label the name of the field as the user sees it, for the error texts
 */
export function toMinorUnits(
	amount: unknown,
	token: Token,
	unit: AmountUnit,
	label: string,
): Result<number> {
	if (isNothing(amount)) {
		return refuse(`'${label}' is empty`, `Fill in '${label}' with a number above zero.`);
	}
	const decimals = unit === 'minor' ? 0 : CURRENCY_DECIMALS[token];
	const text = typeof amount === 'number' ? numberToText(amount, decimals) : amount;
	if (typeof text !== 'string') {
		return refuse(
			`'${label}' is not a number`,
			`It is ${describe(amount)}. Use a number such as 12.5, or text such as "12.500".`,
		);
	}
	const match = PLAIN_DECIMAL.exec(text.trim());
	if (!match) return refuse(`'${label}' cannot be used: ${describe(text)}`, adviceFor(text));
	const [, whole = '', given = ''] = match;
	// Zeros at the end change nothing. In minor units they are refused: "12.000" is most likely an amount in dinars.
	const fraction = unit === 'currency' ? given.replace(/0+$/, '') : given;
	if (fraction.length > decimals) return tooManyDecimals(label, text, token, unit);
	const minor = Number(whole + fraction.padEnd(decimals, '0'));
	if (minor === 0) {
		return refuse(`'${label}' is zero`, 'A payment needs an amount above zero.');
	}
	if (!Number.isSafeInteger(minor)) {
		return refuse(
			`'${label}' is too large: ${describe(text)}`,
			'No payment can be that large. Check the amount and its unit.',
		);
	}
	return ok(minor);
}

/**
 * Turns minor units into exact text in the currency: 12500 with TND is "12.500".
 * Null if the currency is unknown, or if the amount is not a whole number from 0 up.
 */
export function toCurrencyText(minor: unknown, token: unknown): string | null {
	if (!Number.isSafeInteger(minor) || Number(minor) < 0 || !isToken(token)) return null;
	const decimals = CURRENCY_DECIMALS[token];
	const digits = String(minor).padStart(decimals + 1, '0');
	return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The same amount as people say it: 10000000 with TND is "10 000". Only for texts that people read. */
export function toSpokenText(minor: unknown, token: unknown): string | null {
	const text = toCurrencyText(minor, token)?.replace(/\.0+$/, '');
	return text?.replace(/\d(?=(\d{3})+(\.|$))/g, '$& ') ?? null;
}

/** The decimal text of a number. A number within `NOISE` of an exact amount gives the text of that amount. */
function numberToText(amount: number, decimals: number): string {
	const exact = amount.toFixed(decimals);
	const distance = Math.abs(amount - Number(exact));
	const noise = Math.min(Math.abs(amount) * NOISE.ofAmount, NOISE.ofSmallestUnit / 10 ** decimals);
	return distance <= noise ? exact : String(amount);
}

function tooManyDecimals(label: string, text: string, token: Token, unit: AmountUnit) {
	if (unit === 'minor') {
		return refuse(
			`'${label}' is not a whole number: ${describe(text)}`,
			`'Amount Unit' says millimes, cents or pence, which cannot be divided. Use a whole number, or choose 'Dinars, Euros, Dollars or Pounds' in 'Amount Unit'.`,
		);
	}
	return refuse(
		`'${label}' has too many decimals: ${describe(text)}`,
		`${token} has ${CURRENCY_DECIMALS[token]} decimals. The amount is never rounded for you: round it in the expression, if that is what you mean.`,
	);
}

/** Advice for text that is not a plain decimal number, one row for each way people write amounts. Each matches the whole text. */
const ADVICE: ReadonlyArray<[pattern: RegExp, advice: string]> = [
	[/^\s*-.*$/s, 'The amount is negative. A payment needs an amount above zero.'],
	[
		/^\s*(NaN|[+-]?Infinity)\s*$/,
		'A calculation before this node gave no usable number. Check it.',
	],
	[
		/^\s*\d+(\.\d+)?e[+-]?\d+\s*$/i,
		'It is written with an exponent. Write all digits, such as 1000 instead of 1e3.',
	],
	[/^\s*(\d{1,3}),(\d{3})\s*$/, 'It can be read as $1.$2 or as $1$2. Write the one that you mean.'],
	[
		/^\s*\d{1,3}([,'\s\u00a0\u202f]\d{3})+(\.\d+)?\s*$/,
		'It was read as a number with thousands separators. Leave them out and use a point before the decimals, such as 1000.500.',
	],
	[
		/^\s*\d+,\d+\s*$/,
		'It was read as a number with a decimal comma. Use a point before the decimals, such as 12.5.',
	],
	[
		/^.*$/s,
		'Use digits only, with a point before the decimals, such as 12.5: no letters, no currency, no separators.',
	],
];

function adviceFor(text: string): string {
	const [pattern = '', advice = ''] = ADVICE.find(([one]) => one.test(text)) ?? [];
	return text.replace(pattern, advice);
}
