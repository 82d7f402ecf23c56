import { LARGEST_AMOUNT } from './money';
import { isRecord } from './result';
import { wordOf } from './state';

/** What a payment's transactions tell. Amounts in minor units. */
export interface Attempts {
	/**
	 * The sum of the successful attempts, capped at the price: they may include fees, and no body says whether they do. Null where
	 * one of them is in another currency.
	 */
	sum: number | null;
	/** What Konnect has kept; null where the body does not say. */
	fees: number | null;
	/** What the merchant gets, as Konnect states it. It need not equal the amount minus the fees. */
	net: number | null;
	/** Whether money was given back; null where there are no transactions. */
	refunded: boolean | null;
	/** Why the last failed attempt failed, in Konnect's words. Only for people: the wording can change. */
	failureReason: string | null;
	method: string | null;
	failed: number;
	/** Attempts that have neither succeeded nor failed yet, such as during 3-D Secure. An unknown status counts as open. */
	open: number;
}

/** Konnect's statuses of transactions. A refund turns a success into `refunded`. */
const OUTCOMES: Readonly<Record<string, 'success' | 'failed'>> = {
	success: 'success',
	refunded: 'success',
	failed_payment: 'failed',
	failed_transfer: 'failed',
	canceled: 'failed',
	expired: 'failed',
	blocked: 'failed',
};

/**
 * @param price of the payment, in minor units
 * @param token the currency of the payment
 */
export function attemptsOf(list: unknown, price: number | null, token: string | null): Attempts {
	const transactions = Array.isArray(list) ? list.filter(isRecord) : [];
	const attempts = transactions.filter((one) => !isOwnRefund(one));
	const withOutcome = (wanted: 'success' | 'failed') =>
		attempts.filter(({ status }) => OUTCOMES[wordOf(status)] === wanted);
	const successes = withOutcome('success');
	const failures = withOutcome('failed');
	const sum = successes.reduce((total, { amount }) => total + (asAmount(amount) ?? 0), 0);
	const isForeign = ({ token: other }: Transaction) =>
		token !== null && wordOf(other) !== '' && wordOf(other) !== wordOf(token);
	const isMixed = successes.some(isForeign);
	const own = isMixed ? [] : successes;
	return {
		sum: isMixed ? null : Math.min(sum, price ?? LARGEST_AMOUNT),
		fees: totalOf(own, 'totalFee'),
		net: totalOf(own, 'amountAfterFee'),
		refunded: transactions.length > 0 ? transactions.some(isRefund) : null,
		failureReason: asText(failures.at(-1)?.details),
		method: asText((successes.at(-1) ?? attempts.at(-1))?.method),
		failed: failures.length,
		open: attempts.length - successes.length - failures.length,
	};
}

type Transaction = Record<string, unknown>;

/** A refund can be a transaction of its own, beside the refunded one. */
const isOwnRefund = ({ type }: Transaction) => wordOf(type) === 'refund';

const isRefund = (one: Transaction) =>
	wordOf(one.status) === 'refunded' ||
	one.refunded === true ||
	(isOwnRefund(one) && OUTCOMES[wordOf(one.status)] === 'success');

/** Null where there is nothing to add up, or a part of it is not known. */
function totalOf(list: readonly Transaction[], field: string): number | null {
	const amounts = list.map((transaction) => asAmount(transaction[field]));
	return amounts.length > 0 && amounts.every((amount) => amount !== null)
		? amounts.reduce((total, amount) => total + amount, 0)
		: null;
}

/** Reads a whole number of minor units, or text of its digits. Null for anything else. */
export function asAmount(value: unknown): number | null {
	const amount = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
	const isAmount = typeof amount === 'number' && Number.isInteger(amount) && amount >= 0;
	return isAmount && amount <= LARGEST_AMOUNT ? amount : null;
}

export const asText = (value: unknown) =>
	typeof value === 'string' && value !== '' ? value : null;
