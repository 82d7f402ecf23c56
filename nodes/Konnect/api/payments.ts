import type { IDataObject } from 'n8n-workflow';

import type { FieldTable } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import { readPayment } from '../payment/payment';
import { isObjectId } from '../payment/paymentId';
import type { Problem } from '../payment/result';
import { isRecord } from '../payment/result';
import { sentences } from '../payment/sentences';
import { setBounded } from './bounded';
import type { Connection } from './connection';
import { redact } from './connection';
import type { Failure } from './errors';
import { explain } from './errors';
import type { HttpContext, Limits, Reply } from './request';
import { send } from './request';
import type { Throttles } from './throttles';

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

interface NewPayment {
	paymentRef: string;
	payUrl: string;
}

/**
 * Makes a payment: POST /payments/init-payment.
 *
 * @param body as Konnect wants it, `amount` in minor units and `lifespan` in minutes
 * @param table the fields that the user sees, by Konnect's names, for the texts of errors
 */
export async function createPayment(
	context: HttpContext,
	connection: Connection,
	body: IDataObject,
	limits: Limits,
	table: FieldTable,
): Promise<Outcome<NewPayment>> {
	const request = { method: 'POST', path: '/payments/init-payment', body } as const;
	const reply = await send(context, connection, request, limits);
	if (isSuccess(reply) && isNewPayment(reply.body)) {
		const { paymentRef, payUrl } = reply.body;
		rememberPayUrl(paymentRef, payUrl);
		return { ok: true, value: { paymentRef, payUrl } };
	}
	const isInDoubt = mayHaveBeenMade(reply);
	const failure = explain(reply, connection, { table, body, isInDoubt });
	if (failure.kind === 'notFound') failure.problem.message = NOTHING_SUCH;
	if (isInDoubt) {
		failure.problem = doubted(failure.problem, connection, body);
		failure.isInDoubt = true;
	}
	return { ok: false, failure };
}

/**
 * Reads a payment: GET /payments/:id.
 *
 * @param paymentId 24 hexadecimal characters: Konnect answers 500 to any other shape
 */
export async function fetchPayment(
	context: HttpContext,
	connection: Connection,
	paymentId: string,
	limits: Limits,
	throttles?: Throttles,
): Promise<Outcome<Payment>> {
	const request = { method: 'GET', path: `/payments/${paymentId}` } as const;
	const reply = await send(context, connection, request, limits, throttles);
	const payment = isSuccess(reply) ? readPayment(reply.body, paymentId) : undefined;
	return payment
		? { ok: true, value: payment }
		: { ok: false, failure: explain(reply, connection) };
}

/** This many payments' pages are remembered, the newest. */
export const MOST_PAY_URLS = 1000;

/**
 * The pay pages that Konnect has given this process, by the payment's reference. Konnect tells a pay page once and never again, and one
 * put together from the reference has been seen to lead nowhere: whoever does not find a page here offers none.
 */
const payUrls = new Map<string, string>();

export const payUrlOf = (paymentRef: string) => payUrls.get(paymentRef.toLowerCase());

export const rememberPayUrl = (paymentRef: string, payUrl: string) =>
	setBounded(payUrls, paymentRef.toLowerCase(), payUrl, MOST_PAY_URLS);

const isSuccess = (reply: Reply): reply is Extract<Reply, { kind: 'answer' }> =>
	reply.kind === 'answer' && reply.status >= 200 && reply.status < 300;

function isNewPayment(body: unknown): body is NewPayment {
	return (
		isRecord(body) &&
		isObjectId(body.paymentRef) &&
		typeof body.payUrl === 'string' &&
		/^https?:\/\//i.test(body.payUrl)
	);
}

/** A 404 to init-payment cannot be about a payment. */
const NOTHING_SUCH = 'Konnect does not know something that the request names, such as the wallet';

/** Konnect may have carried out a POST that it was sent and did not refuse: the answer was lost or is no answer. */
function mayHaveBeenMade(reply: Reply): boolean {
	if (reply.kind === 'silence') return reply.sent;
	if (reply.kind !== 'answer') return false;
	return reply.status < 400 || reply.status >= 500;
}

/** The texts for a POST of which nobody knows whether it made a payment. Never repeated by us: that could make a second one. */
function doubted(
	{ message, description }: Problem,
	connection: Connection,
	{ orderId, amount }: IDataObject,
): Problem {
	const order = typeof orderId === 'string' ? `order "${orderId}"` : 'no order id';
	const whole = sentences(
		`No clear answer had come by ${new Date().toISOString()} (${order}, amount ${String(amount)} in minor units), and it is not known whether Konnect carried the request out`,
		'Look in the Konnect dashboard before you run this again, so that nobody is asked to pay twice',
		description,
	);
	return {
		message: `${message}: a payment may have been made`,
		description: redact(whole, connection),
	};
}
