import { realCompleted } from '../fixtures/payments';
import type { Belief } from './belief';
import { KEY_REFUSED, only, wrong } from './belief';
import { NOBODY, ORDER, refusalIn, SMALLEST, WEBHOOK } from './observations';
import type { Talk } from './talk';

const presentIn = (payment: Record<string, unknown>, names: string[]) =>
	names.filter((name) => Object.hasOwn(payment, name));

const withRef = (address: string, ref: string) =>
	`${address}${address.includes('?') ? '&' : '?'}payment_ref=${ref}`;

const READING: Belief[] = [
	{
		says: 'A payment comes back with the id, amount, currency, order and type that it was made with, and pending',
		isRelied: true,
		expected: {
			isSame: true,
			amount: SMALLEST,
			token: 'TND',
			orderId: ORDER,
			type: 'immediate',
			status: 'pending',
			state: 'pending',
		},
		see: async ({ fetched, madeRef }) => {
			const { payment, state } = await fetched();
			const isSame = payment.id === (await madeRef());
			return { isSame, ...only(payment, 'amount', 'token', 'orderId', 'type', 'status'), state };
		},
	},
	{
		says: 'The body of a pending payment has the fields that were recorded, and no others',
		settles: 7,
		expected: Object.keys(realCompleted.payment).sort(),
		see: async ({ fetched }) => Object.keys((await fetched()).payment).sort(),
	},
	{
		says: 'A body names no wallet',
		settles: 7,
		expected: [],
		see: async ({ fetched }) => presentIn((await fetched()).payment, ['receiverWallet']),
	},
	{
		says: "The webhook comes back as it was given, with the payment's reference behind its own query",
		isRelied: true,
		expected: true,
		see: async ({ fetched, madeRef }) => {
			const { webhook } = (await fetched()).payment;
			return webhook === withRef(WEBHOOK, await madeRef()) || { webhook };
		},
	},
	{
		says: 'The addresses for success and failure are kept beside a silent webhook',
		settles: 6,
		expected: true,
		see: async ({ fetched, madeRef }) => {
			const { successUrl, failUrl } = (await fetched()).payment;
			const ref = await madeRef();
			const isKept =
				successUrl === withRef('https://merchant.example/ok', ref) &&
				failUrl === withRef('https://merchant.example/ko', ref);
			return isKept || { successUrl, failUrl };
		},
	},
	{
		says: 'Reading needs a key',
		settles: 2,
		expected: KEY_REFUSED,
		see: async ({ read, madeRef }) => refusalIn(await read(await madeRef(), { key: null })),
	},
	{
		says: 'Reading needs the right key',
		settles: 2,
		expected: KEY_REFUSED,
		see: async ({ read, madeRef }, { account }) =>
			refusalIn(await read(await madeRef(), { key: wrong(account.apiKey) })),
	},
	{
		says: 'A key sees the payments of other merchants',
		settles: 2,
		expected: 200,
		skip: ({ account }) => (account.otherApiKey ? undefined : 'it needs KONNECT_OTHER_API_KEY'),
		see: async ({ read, madeRef }, { account }) =>
			(await read(await madeRef(), { key: account.otherApiKey ?? '' })).status,
	},
	{
		says: 'A payment in euros is converted into millimes',
		settles: 7,
		expected: { token: 'EUR', amount: SMALLEST, isInMillimes: true },
		see: async ({ euro }) => {
			const { token, amount, convertedAmount, exchangeRate } = await euro();
			const inMillimes = SMALLEST * 10 * Number(exchangeRate);
			const isInMillimes = Math.abs(Number(convertedAmount) - inMillimes) <= 1;
			return isInMillimes
				? { token, amount, isInMillimes }
				: { token, amount, convertedAmount, exchangeRate };
		},
	},
	{
		says: 'A payment in parts does not say how much has come',
		settles: 7,
		expected: [],
		see: async ({ inParts }) => presentIn(await inParts(), ['reachedAmount', 'amountDue']),
	},
	{
		says: 'The older sandbox answers, in the envelope',
		settles: 1,
		expected: 'common',
		skip: ({ account }) => (account.preprodUrl ? undefined : "only Konnect's own sandbox has one"),
		see: async (_observations, { ask, account }) => {
			const path = `${account.preprodUrl}/payments/${NOBODY}`;
			// Without a key, because another host must not see it.
			return refusalIn(await ask({ path, key: null })).target;
		},
	},
];

const nobodyPays = ({ account }: Talk) =>
	account.pay ? undefined : 'somebody has to pay: KONNECT_PAY=1';

/** The attempts to pay that a body lists. */
const attemptsIn = (payment: Record<string, unknown>) =>
	(Array.isArray(payment.transactions) ? payment.transactions : []) as Array<
		Record<string, unknown>
	>;

const statusesOf = (payment: Record<string, unknown>) =>
	attemptsIn(payment)
		.map(({ status }) => status)
		.sort();

/** Statuses of an attempt that has not ended, as a program that reads Konnect's own records lists them. */
const OPEN_STATUSES = [
	'pending',
	'pending_payment',
	'pending_sender_validation',
	'processing',
	'in_progress',
	'on_hold',
];

const PAYING: Belief[] = [
	{
		says: 'An attempt that the payer has left open counts neither as a success nor as a failure',
		settles: 7,
		isRelied: true,
		expected: { status: 'pending', state: 'pending', isOpen: [true], failed: 0, successful: 0 },
		see: async ({ opened }) => {
			const { payment, state } = await opened();
			return {
				status: payment.status,
				state,
				isOpen: attemptsIn(payment).map(({ status }) => OPEN_STATUSES.includes(String(status))),
				failed: payment.failedTransactions,
				successful: payment.successfulTransactions,
			};
		},
	},
	{
		says: 'A refused card leaves the payment pending, with a failed attempt in it',
		settles: 7,
		isRelied: true,
		expected: { status: 'pending', state: 'attemptFailed', attempts: ['failed_payment'] },
		see: async ({ failed }) => {
			const { payment, state } = await failed();
			return { status: payment.status, state, attempts: statusesOf(payment) };
		},
	},
	{
		says: 'A failed attempt says why it failed, in a text for people',
		expected: [true],
		see: async ({ failed }) =>
			attemptsIn((await failed()).payment).map(
				({ details }) => typeof details === 'string' && details !== '',
			),
	},
	{
		says: 'A payment is completed by a card that is accepted after one that was refused',
		settles: 7,
		isRelied: true,
		expected: {
			status: 'completed',
			state: 'paid',
			amount: SMALLEST,
			attempts: ['failed_payment', 'success'],
		},
		see: async ({ paid }) => {
			const { payment, state } = await paid();
			return { ...only(payment, 'status', 'amount'), state, attempts: statusesOf(payment) };
		},
	},
	{
		// Konnect's own plugin for shops takes a payment for a different one if either differs from what it sent.
		says: 'A paid payment has the amount and the currency that were asked for, though the payer bears fees on top',
		isRelied: true,
		expected: { amount: SMALLEST, token: 'TND' },
		see: async ({ paid }) => only((await paid()).payment, 'amount', 'token'),
	},
	{
		says: 'A payer who bears the fees is charged the amount divided by 1 less 1.6 %, cut; the fee is 1.6 % of the amount, rounded up; the merchant gets the amount',
		expected: [{ amount: 101, totalFee: 2, amountAfterFee: SMALLEST, feeRate: 1.6 }],
		see: async ({ paid }) =>
			attemptsIn((await paid()).payment)
				.filter(({ status }) => status === 'success')
				.map((attempt) => only(attempt, 'amount', 'totalFee', 'amountAfterFee', 'feeRate')),
	},
];

export const BELIEFS_OF_READING: Belief[] = [
	...READING,
	...PAYING.map((belief) => ({ ...belief, skip: nobodyPays })),
];
