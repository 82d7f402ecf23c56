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
	if (isInDoubt) {
		failure.problem = doubted(failure.problem, connection, body, refIn(reply));
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

/** How many pay pages are remembered. The newest stay. */
export const MOST_PAY_URLS = 1000;

/**
 * The pay pages that Konnect has given this process, by the payment's reference. Konnect gives a pay page only once, and an
 * address built from the reference has been seen to lead nowhere. So where no page is found here, none is offered.
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

/** The payment that an answer names. */
function refIn(reply: Reply): string | undefined {
	const body = isSuccess(reply) && isRecord(reply.body) ? reply.body : {};
	return isObjectId(body.paymentRef) ? body.paymentRef : undefined;
}

/** Whether a POST may have made a payment: it may have reached Konnect, and no answer says that Konnect refused it. */
function mayHaveBeenMade(reply: Reply): boolean {
	if (reply.kind === 'silence') return reply.sent;
	if (reply.kind !== 'answer') return false;
	return reply.status < 400 || reply.status >= 500;
}

/** The error texts for a POST that may have made a payment. We never repeat it, because that could make a second payment. */
function doubted(
	{ message, description }: Problem,
	connection: Connection,
	{ orderId, amount }: IDataObject,
	paymentRef: string | undefined,
): Problem {
	const order = typeof orderId === 'string' ? `order "${orderId}"` : 'no order id';
	const whole = sentences(
		`No clear answer had come by ${new Date().toISOString()} (${order}, amount ${String(amount)} in minor units), and it is not known whether Konnect carried the request out`,
		paymentRef && `Konnect has named the payment ${paymentRef}, but not its link`,
		'Look in the Konnect dashboard before you run this again, so that nobody is asked to pay twice',
		description,
	);
	return {
		message: `${message}: a payment may have been made`,
		description: redact(whole, connection),
	};
}
