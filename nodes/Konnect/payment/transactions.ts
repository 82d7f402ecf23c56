import { LARGEST_AMOUNT } from './money';
import { isRecord } from './result';
import { wordOf } from './state';

/** What a payment's transactions tell. Amounts in minor units. */
export interface Attempts {
	/** What the payer's parts came to, no more than the price: fees that the payer bears can be in them, and no body says so. */
	sum: number;
	/** What Konnect has kept; null where the body does not say. */
	fees: number | null;
	/** What the merchant gets, as Konnect says it: it need not be the amount without the fees. */
	net: number | null;
	/** Whether money was given back; null where there are no transactions. */
	refunded: boolean | null;
	/** Why the last failed attempt failed, in Konnect's words. Only for people: the wording can change. */
	failureReason: string | null;
	method: string | null;
	failed: number;
	/** Neither a success nor a failure yet, such as 3-D Secure. A status that nobody knows counts as open. */
	open: number;
}

/** Konnect's statuses of transactions. A refund changes the status of what was a success. */
const OUTCOMES: Readonly<Record<string, 'success' | 'failed'>> = {
	success: 'success',
	refunded: 'success',
	failed_payment: 'failed',
	failed_transfer: 'failed',
	canceled: 'failed',
	expired: 'failed',
	blocked: 'failed',
};

/** @param price of the payment, in minor units */
export function attemptsOf(list: unknown, price: number | null): Attempts {
	const transactions = Array.isArray(list) ? list.filter(isRecord) : [];
	// A refund can be a transaction of its own, beside the one that it gives back.
	const attempts = transactions.filter(({ type }) => type !== 'refund');
	const withOutcome = (wanted: 'success' | 'failed') =>
		attempts.filter(({ status }) => OUTCOMES[wordOf(status)] === wanted);
	const successes = withOutcome('success');
	const failures = withOutcome('failed');
	const sum = successes.reduce((total, { amount }) => total + (asAmount(amount) ?? 0), 0);
	return {
		sum: Math.min(sum, price ?? LARGEST_AMOUNT),
		fees: totalOf(successes, 'totalFee'),
		net: totalOf(successes, 'amountAfterFee'),
		refunded: transactions.length > 0 ? transactions.some(isRefund) : null,
		failureReason: asText(failures.at(-1)?.details),
		method: asText((successes.at(-1) ?? attempts.at(-1))?.method),
		failed: failures.length,
		open: attempts.length - successes.length - failures.length,
	};
}

const isRefund = ({ status, refunded, type }: Record<string, unknown>) =>
	wordOf(status) === 'refunded' || refunded === true || type === 'refund';

/** Null where there is nothing to add up, or a part of it is not known. */
function totalOf(list: ReadonlyArray<Record<string, unknown>>, field: string): number | null {
	const amounts = list.map((transaction) => asAmount(transaction[field]));
	return amounts.length > 0 && amounts.every((amount) => amount !== null)
		? amounts.reduce((total, amount) => total + amount, 0)
		: null;
}

/** A whole number of minor units, or text that is one in digits. */
export function asAmount(value: unknown): number | null {
	const amount = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
	const isAmount = typeof amount === 'number' && Number.isInteger(amount) && amount >= 0;
	return isAmount && amount <= LARGEST_AMOUNT ? amount : null;
}

export const asText = (value: unknown) =>
	typeof value === 'string' && value !== '' ? value : null;
