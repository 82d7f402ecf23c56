import { ACCOUNTS } from './accounts';
import { expiryAsYearMonth, maskedNumber, TEST_CARDS } from './cards';
import { CURRENCIES, FEE_RATE } from './money';
import { amountDue, failedAttempts, reachedAmount, successfulAttempts } from './payments';
import type { SandboxPayment, SandboxTransaction, Shape } from './types';
import { withPaymentRef } from './urls';

export interface BodyContext {
	/** Link to the pay page of a payment. */
	payUrl: (payment: SandboxPayment) => string;
}

const DEFAULT_METHODS = ['wallet', 'bank_card', 'e-DINAR'];

/** Konnect returns its addresses with the payment's reference appended. */
const withRef = (url: string | undefined, ref: string) =>
	url === undefined ? undefined : withPaymentRef(url, ref);

/** The fields both shapes have. JSON leaves out those that are undefined. */
const sharedFields = ({ ref, request, token, type, status }: SandboxPayment) => ({
	acceptedPaymentMethods: request.acceptedPaymentMethods ?? DEFAULT_METHODS,
	amount: request.amount,
	token,
	orderId: request.orderId,
	type,
	status,
	// An assumption: no body of a payment in another currency is on record.
	convertedAmount: request.amount * CURRENCIES[token].millimesPerMinor,
	exchangeRate: CURRENCIES[token].exchangeRate,
	webhook: withRef(request.webhook, ref),
	successUrl: withRef(request.successUrl, ref),
	failUrl: withRef(request.failUrl, ref),
	id: ref,
});

/** The recorded body gives a Tunisian number with its country code. */
const international = (phone: string | undefined) => phone?.replace(/^(?=\d{8}$)/, '+216');

function paymentDetails({ payer }: SandboxPayment) {
	if (!payer.name && !payer.email && !payer.phoneNumber) return undefined;
	return { phoneNumber: international(payer.phoneNumber), email: payer.email, name: payer.name };
}

function extSenderInfo({ card }: SandboxTransaction) {
	if (!card) return { email: '' };
	const { number, expiry } = TEST_CARDS[card];
	return {
		pan: maskedNumber(number),
		expiration: expiryAsYearMonth(expiry),
		regionType: 'national',
		email: '',
	};
}

/** Prose for people, as Konnect gives it. Nothing should depend on its wording. */
const FAILURE = 'Rejected Authorization: the bank has refused the card';

function realTransaction(transaction: SandboxTransaction, { token }: SandboxPayment) {
	const { id, method, status, amount } = transaction;
	const attempt = { type: 'ePayment', method, status, token, amount, from: 'smt', id };
	if (status === 'failed_payment') return { ...attempt, details: FAILURE };
	if (status !== 'success') return attempt;
	return {
		...attempt,
		totalFee: transaction.totalFee,
		amountAfterFee: transaction.amountAfterFee,
		feeRate: FEE_RATE,
		ext_payment_ref: transaction.externalRef,
		details: 'Request processed successfully',
		extSenderInfo: extSenderInfo(transaction),
	};
}

/** The shape recorded from the live service. */
const realBody = (payment: SandboxPayment) => ({
	...sharedFields(payment),
	transactions: payment.transactions.map((transaction) => realTransaction(transaction, payment)),
	failedTransactions: failedAttempts(payment),
	successfulTransactions: successfulAttempts(payment),
	paymentDetails: paymentDetails(payment),
	createdAt: new Date(payment.createdAt).toISOString(),
	updatedAt: new Date(payment.updatedAt).toISOString(),
});

const wallet = (id: string, type: string, name: string) => ({
	id,
	participants: [],
	type,
	name,
	phoneNumber: '+21600000000',
});

/** The payer's wallet, which only the documented transactions have. */
const SENDER_WALLET = wallet('5a4db0c5a4db0c5a4db0cb01', 'user', 'Sandbox Payer');

const receiverWallet = ({ request }: SandboxPayment) => {
	const owner = ACCOUNTS.find(({ walletId }) => walletId === request.receiverWalletId);
	return wallet(request.receiverWalletId, 'Organisation', owner?.name ?? 'Unknown');
};

/** The documented shape. Only its field names are followed: its sums contradict each other. */
const documentedBody = (payment: SandboxPayment, context: BodyContext) => ({
	...sharedFields(payment),
	receiverWallet: receiverWallet(payment),
	transactions: payment.transactions.map(({ id, method, status, amount }) => ({
		_id: id,
		receiverWallet: receiverWallet(payment),
		senderWallet: SENDER_WALLET,
		token: payment.token,
		amount,
		type: 'ePayment',
		status,
		payment: payment.ref,
		method,
		extSenderInfo: {},
	})),
	amountDue: amountDue(payment),
	reachedAmount: reachedAmount(payment),
	expirationDate: new Date(payment.expiresAt).toISOString().slice(0, 10),
	shortId: `-${payment.ref.slice(-8)}`,
	link: payment.request.link ?? context.payUrl(payment),
	details: payment.request.description,
});

const SHAPES: Record<Shape, (payment: SandboxPayment, context: BodyContext) => object> = {
	real: realBody,
	documented: documentedBody,
};

/** What GET answers for a payment, with the patch of `Sandbox.update` applied. */
export const paymentBody = (
	payment: SandboxPayment,
	shape: Shape,
	context: BodyContext,
): { payment: Record<string, unknown> } => ({
	payment: { ...SHAPES[shape](payment, context), ...payment.patch },
});
