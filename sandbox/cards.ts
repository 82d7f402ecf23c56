import type { CardName } from './types';

export interface TestCard {
	label: string;
	number: string;
	/** MM/YY. */
	expiry: string;
	cvc: string;
	succeeds: boolean;
}

/** The test cards of Konnect's documentation. Nothing compares their dates with the calendar. */
export const TEST_CARDS: Record<CardName, TestCard> = {
	visa: {
		label: 'Visa',
		number: '4509211111111119',
		expiry: '12/26',
		cvc: '748',
		succeeds: true,
	},
	mastercard: {
		label: 'MasterCard',
		number: '5440212711111110',
		expiry: '12/26',
		cvc: '665',
		succeeds: true,
	},
	failing: {
		label: 'MasterCard',
		number: '5471251111111116',
		expiry: '11/23',
		cvc: '858',
		succeeds: false,
	},
};

export const CARD_NAMES = Object.keys(TEST_CARDS) as CardName[];

export const isCardName = (value: unknown): value is CardName =>
	CARD_NAMES.some((name) => name === value);

/** `4509211111111119` as `4509 2111 1111 1119`. */
export const groupedNumber = (number: string) => number.replace(/\d{4}(?=\d)/g, '$& ');

/** `4509211111111119` as `450921**1119`, the form recorded from the live service. */
export const maskedNumber = (number: string) => `${number.slice(0, 6)}**${number.slice(-4)}`;

/** `12/26` as `202612`. */
export const expiryAsYearMonth = (expiry: string) => `20${expiry.slice(3)}${expiry.slice(0, 2)}`;
