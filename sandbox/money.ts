import type { Token } from './types';

interface Currency {
	decimals: number;
	/** Made-up fixed rate: TND for one unit of the currency. */
	exchangeRate: number;
	/** The same rate as an integer: millimes for one minor unit. */
	millimesPerMinor: number;
}

export const CURRENCIES: Record<Token, Currency> = {
	TND: { decimals: 3, exchangeRate: 1, millimesPerMinor: 1 },
	EUR: { decimals: 2, exchangeRate: 3.4, millimesPerMinor: 34 },
	USD: { decimals: 2, exchangeRate: 3.1, millimesPerMinor: 31 },
	GBP: { decimals: 2, exchangeRate: 3.9, millimesPerMinor: 39 },
};

/** `12500` minor units of TND as `12.500 TND`. */
export function formatAmount(minor: number, token: Token): string {
	return `${decimalText(minor, token)} ${token}`;
}

/** `12500` minor units of TND as `12.500`. */
export function decimalText(minor: number, token: Token): string {
	const { decimals } = CURRENCIES[token];
	const text = String(minor).padStart(decimals + 1, '0');
	return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** `12.5` or `12,5` of TND as 12500 minor units; undefined when the text is no amount of the currency. */
export function parseAmount(text: string, token: Token): number | undefined {
	const { decimals } = CURRENCIES[token];
	const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
	const fraction = match?.[2] ?? '';
	if (!match || fraction.length > decimals) return undefined;
	return Number(`${match[1]}${fraction.padEnd(decimals, '0')}`);
}

/** Percent, as in the recorded body. */
export const FEE_RATE = 1.6;
const FEE_PER_THOUSAND = 16;

export interface Charge {
	/** Minor units taken from the payer. */
	amount: number;
	totalFee: number;
	/** Minor units that reach the merchant. */
	amountAfterFee: number;
}

/**
 * What a payer is charged for an amount in minor units, as seen in Konnect's own bodies: the fee is 1.6 % of what was asked, rounded
 * up. A payer who bears it is charged asked / (1 - rate), rounded down. So fee and net need not add up to the charge (290 asked:
 * 294 charged, a fee of 5, 290 for the merchant).
 */
export function chargeFor(asked: number, payerBearsFee: boolean): Charge {
	const totalFee = Math.ceil((asked * FEE_PER_THOUSAND) / 1000);
	if (!payerBearsFee) return { amount: asked, totalFee, amountAfterFee: asked - totalFee };
	const amount = Math.floor((asked * 1000) / (1000 - FEE_PER_THOUSAND));
	return { amount, totalFee, amountAfterFee: asked };
}
