import { fieldError, type ApiError } from './errors';
import type { InitRequest, Quirks } from './types';

const AMOUNT_MIN = 100;
const AMOUNT_MAX = 10_000_000;

/** All values that any version of the gateway's documentation lists. */
const PAYMENT_METHODS = [
	'wallet',
	'bank_card',
	'e-DINAR',
	'flouci',
	'MCOIN',
	'wire_transfer',
] as const;

/** 24 hex characters, the form of every id of Konnect. */
export const isObjectId = (value: string) => /^[0-9a-f]{24}$/i.test(value);

interface Rule {
	valid: (value: unknown) => boolean;
	/** Follows the field's name in the message. */
	must: string;
}

const isString = (value: unknown): value is string => typeof value === 'string';

/** True for an absolute http or https URL. */
export function isHttpUrl(value: unknown): value is string {
	if (!isString(value)) return false;
	try {
		return /^https?:$/.test(new URL(value).protocol);
	} catch {
		return false;
	}
}

const isIn = (values: readonly string[]) => (value: unknown) =>
	isString(value) && values.includes(value);

const text: Rule = { valid: isString, must: 'must be a string.' };
const flag: Rule = { valid: (value) => typeof value === 'boolean', must: 'must be a boolean.' };

const oneOf = (...values: string[]): Rule => ({
	valid: isIn(values),
	must: `must be one of ${values.join(', ')}.`,
});

const RULES: Record<keyof InitRequest, Rule> = {
	receiverWalletId: {
		valid: (value) => isString(value) && isObjectId(value),
		must: 'must be the id of a wallet, 24 hexadecimal characters.',
	},
	amount: {
		valid: (value) => Number.isInteger(value) && inRange(value as number),
		must: `must be an integer number between ${AMOUNT_MIN} and ${AMOUNT_MAX}.`,
	},
	token: oneOf('TND', 'EUR', 'USD', 'GBP'),
	type: oneOf('immediate', 'partial'),
	description: text,
	acceptedPaymentMethods: {
		valid: (value) =>
			Array.isArray(value) && value.length > 0 && value.every(isIn(PAYMENT_METHODS)),
		must: `must be an array of ${PAYMENT_METHODS.join(', ')}.`,
	},
	lifespan: {
		valid: (value) => typeof value === 'number' && value > 0,
		must: 'must be a positive number of minutes.',
	},
	checkoutForm: flag,
	addPaymentFeesToAmount: flag,
	firstName: text,
	lastName: text,
	phoneNumber: text,
	email: text,
	orderId: text,
	webhook: { valid: isHttpUrl, must: 'must be an absolute http or https URL.' },
	silentWebhook: flag,
	successUrl: text,
	failUrl: text,
	theme: oneOf('light', 'dark'),
	link: text,
};

const FIELDS = Object.keys(RULES) as Array<keyof InitRequest>;
const REQUIRED: ReadonlyArray<keyof InitRequest> = ['receiverWalletId', 'amount'];

const inRange = (amount: number) => amount >= AMOUNT_MIN && amount <= AMOUNT_MAX;

const capitalised = (field: string) => field.charAt(0).toUpperCase() + field.slice(1);

const MEASURED = ['description', 'orderId', 'phoneNumber'];

function quirkyErrors(
	body: Record<string, unknown>,
	{ longestText = Infinity, refusesUnknownFields }: Partial<Quirks>,
): ApiError[] {
	const isLong = (field: string) => String(body[field] ?? '').length > longestText;
	const isUnknown = (field: string) => !Object.hasOwn(RULES, field);
	return [
		...MEASURED.filter(isLong).map((field) => fieldError(field, `${field} is too long.`)),
		...Object.keys(refusesUnknownFields ? body : {})
			.filter(isUnknown)
			.map((field) => fieldError(field, `${field} is not allowed.`)),
	];
}

export type Validated =
	{ request: InitRequest; errors?: undefined } | { request?: undefined; errors: ApiError[] };

/**
 * Checks the body of init-payment. Unknown fields are dropped without a word, as Konnect does.
 * @param wallets ids of the wallets that exist
 */
export function validateInit(
	body: Record<string, unknown>,
	wallets: readonly string[],
	quirks: Partial<Quirks> = {},
): Validated {
	const sent = FIELDS.filter((field) => Object.hasOwn(body, field));
	const errors = FIELDS.filter(
		(field) =>
			(sent.includes(field) || REQUIRED.includes(field)) && !RULES[field].valid(body[field]),
	).map((field) => fieldError(field, `${capitalised(field)} ${RULES[field].must}`));
	errors.push(...quirkyErrors(body, quirks));
	if (errors.length > 0) return { errors };

	const request = Object.fromEntries(sent.map((field) => [field, body[field]]));
	if (!wallets.includes(String(request.receiverWalletId).toLowerCase())) {
		return { errors: [fieldError('receiverWalletId', 'ReceiverWalletId is not a known wallet.')] };
	}
	return { request: request as unknown as InitRequest };
}
