import { failureKindOf, readErrors } from '../../nodes/Konnect/api/errors';
import { createPayment, fetchPayment } from '../../nodes/Konnect/api/payments';
import { isRecord } from '../../nodes/Konnect/payment/result';
import type { Asked, Exchange, Outcome, Talk } from './talk';

const INIT = '/payments/init-payment';

/** An id that no payment has. */
export const NOBODY = '0'.repeat(24);

/** A tenth of a dinar: the least that Konnect takes. */
export const SMALLEST = 100;

export const ORDER = 'CONTRACT-1';
const SITE = 'https://merchant.example';
export const WEBHOOK = `${SITE}/webhook?cart_id=6670&plan=1%20month`;

const PATIENCE = { timeout: 30_000, budget: 60_000 };

/** Does something only once, however often it is called, because the number of requests is limited. */
function once<T>(act: () => Promise<T>): () => Promise<T> {
	let done: Promise<T> | undefined;
	return () => (done ??= act());
}

const refOf = (answer: Exchange['answer']) => {
	const ref = isRecord(answer.body) ? answer.body.paymentRef : undefined;
	if (typeof ref !== 'string') throw new Error(`no payment was made: HTTP ${answer.status}`);
	return ref;
};

/** The payment in a body; empty if there is none. */
const paymentIn = ({ body }: Exchange['answer']) =>
	isRecord(body) && isRecord(body.payment) ? body.payment : {};

/** How our code reads a refusal, and the part of its body that the credential's Test looks at. */
export function refusalIn({ status, body }: Exchange['answer']): Record<string, unknown> {
	const kind = failureKindOf({ kind: 'answer', status, body, retryAfter: undefined });
	const errors = isRecord(body) && Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
	const [{ field } = {}] = readErrors(body);
	const target = isRecord(errors[0]) ? errors[0].target : undefined;
	return { kind, target, ...(field !== undefined && { field }) };
}

/** What is asked of Konnect. Beliefs that look at the same answer share it. */
export function observe(talk: Talk) {
	const { ask, context, connection, account } = talk;
	const { walletId, pay } = account;
	const init = (fields: object, more: Partial<Asked> = {}) =>
		ask({
			method: 'POST',
			path: INIT,
			body: { receiverWalletId: walletId, amount: SMALLEST, token: 'TND', ...fields },
			...more,
		});
	const read = (ref: string, more: Partial<Asked> = {}) =>
		ask({ path: `/payments/${ref}`, ...more });
	const last = () => {
		const exchange = talk.exchanges.at(-1);
		if (!exchange) throw new Error('no answer came');
		return exchange.answer;
	};

	/** A payment made by our own code, with most of the fields that it can send. */
	const made = once(async () => {
		const body = {
			receiverWalletId: walletId,
			amount: SMALLEST,
			token: 'TND',
			type: 'immediate',
			description: 'Contract test',
			lifespan: 30,
			firstName: 'Test',
			lastName: 'Payer',
			phoneNumber: '22777777',
			email: 'payer@example.com',
			orderId: ORDER,
			webhook: WEBHOOK,
			silentWebhook: true,
			successUrl: `${SITE}/ok`,
			failUrl: `${SITE}/ko`,
			theme: 'dark',
			addPaymentFeesToAmount: true,
		};
		const outcome = await createPayment(context, connection, body, PATIENCE, {});
		return { outcome, answer: last() };
	});
	const madeRef = async () => refOf((await made()).answer);
	/** A payment's body, and what state our code reads in it. */
	const fetch = async (ref: string) => {
		const outcome = await fetchPayment(context, connection, ref, PATIENCE);
		const state = outcome.ok ? outcome.value.state : outcome.failure.problem.message;
		return { payment: paymentIn(last()), state };
	};
	const fetched = once(async () => await fetch(await madeRef()));
	/** What the Test of the credential sends. */
	const ofNothing = once(async () => await init({ amount: 0 }));
	const byWrongKey = once(async () => await init({}, { key: `${account.apiKey}-wrong` }));
	/** A payment made with only the two fields that Konnect requires. */
	const madeByDefault = once(async () => await init({ token: undefined }));
	const shown = (make: () => Promise<Exchange['answer']>) =>
		once(async () => paymentIn(await read(refOf(await make()))));
	const attempted = async (answer: Exchange['answer'], end: Outcome) => {
		const { payUrl } = answer.body as { payUrl: string };
		const ref = refOf(answer);
		await pay?.(payUrl, ref, end);
		return await fetch(ref);
	};
	const opened = once(async () => await attempted(await madeByDefault(), 'open'));
	const failed = once(async () => await attempted((await made()).answer, 'failure'));
	const paid = once(async () => {
		await failed();
		return await attempted((await made()).answer, 'success');
	});
	return {
		init,
		read,
		made,
		madeRef,
		fetched,
		ofNothing,
		byWrongKey,
		byDefault: shown(madeByDefault),
		euro: shown(() => init({ token: 'EUR' })),
		inParts: shown(() => init({ type: 'partial', fieldOfTomorrow: 'unknown' })),
		opened,
		failed,
		paid,
	};
}

export type Observations = ReturnType<typeof observe>;
