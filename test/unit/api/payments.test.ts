import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import {
	type Outcome,
	createPayment,
	fetchPayment,
	MOST_PAY_URLS,
	payUrlOf,
	rememberPayUrl,
} from '../../../nodes/Konnect/api/payments';
import { TABLES } from '../../../nodes/Konnect/descriptions';
import { amountOutOfRange, htmlPage, invalidKey, paymentNotFound } from '../../fixtures/errors';
import type { Response } from '../../fixtures/konnect';
import { connection as anyConnection, contextOf } from '../../fixtures/konnect';
import { changed, realCompleted } from '../../fixtures/payments';

const REF = '6911c8a763c10de262b88c7c';
const PAY_URL = `https://gateway.sandbox.konnect.network/pay?payment_ref=${REF}&theme=dark`;
const ID = realCompleted.payment.id;
const LIMITS = { timeout: 10_000 };

/** Another key for each test, because a refusal slows down all later requests with the same key. */
let connection = anyConnection;
let tests = 0;
beforeEach(() => {
	connection = { ...anyConnection, apiKey: `6137ad140c181c5eb44a7f88:invented-${++tests}` };
	jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

const body = { receiverWalletId: anyConnection.walletId, amount: 10_000, orderId: 'ORDER-7' };

async function init(response: Response, request: IDataObject = body) {
	const context = contextOf(response);
	const outcome = createPayment(context, connection, request, LIMITS, TABLES.initPayment);
	await jest.runAllTimersAsync();
	return { outcome: await outcome, requests: context.requests };
}

async function get(...responses: Response[]) {
	const outcome = fetchPayment(contextOf(...responses), connection, ID, LIMITS);
	await jest.runAllTimersAsync();
	return await outcome;
}

function failureOf(outcome: Outcome<unknown>) {
	if (outcome.ok) throw new Error('it was no failure');
	return outcome.failure;
}

describe('making a payment', () => {
	it("gives Konnect's own reference and pay link, extra parts included", async () => {
		const { outcome } = await init({ status: 200, body: { payUrl: PAY_URL, paymentRef: REF } });
		expect(outcome).toEqual({ ok: true, value: { payUrl: PAY_URL, paymentRef: REF } });
	});

	it('remembers the pay page for a while, however the reference is written, and not for ever', async () => {
		const made = (n: number) => `${n}`.padStart(24, 'a');
		for (let n = 0; n < MOST_PAY_URLS; n++) rememberPayUrl(made(n), `${PAY_URL}&n=${n}`);
		expect(payUrlOf(made(0).toUpperCase())).toBe(`${PAY_URL}&n=0`);
		await init({ status: 200, body: { payUrl: PAY_URL, paymentRef: REF } });
		expect([payUrlOf(REF), payUrlOf(made(0))]).toEqual([PAY_URL, undefined]);
	});

	it.each<[string, Response]>([
		['a page', { status: 200, body: htmlPage }],
		['no link', { status: 200, body: { paymentRef: REF } }],
		['a script', { status: 200, body: { paymentRef: REF, payUrl: `javascript:"${PAY_URL}"` } }],
		['a link that is no text', { status: 200, body: { paymentRef: REF, payUrl: [PAY_URL] } }],
		['a success that is none', { status: 300, body: { paymentRef: REF, payUrl: PAY_URL } }],
		['an answer before the answer', { status: 199, body: { paymentRef: REF, payUrl: PAY_URL } }],
		['a reference that is none', { status: 200, body: { paymentRef: '1', payUrl: PAY_URL } }],
		['an error envelope with 200', { status: 200, body: paymentNotFound }],
		['a failure of the server', { status: 500, body: '' }],
		['a cut connection', { error: 'ECONNRESET' }],
		['no answer in time', { error: 'ETIMEDOUT' }],
	])(
		'says that a payment may have been made, and is not repeated, after %s',
		async (_n, response) => {
			const { outcome, requests } = await init(response);
			expect(requests).toHaveLength(1);
			const { problem, isInDoubt } = failureOf(outcome);
			expect(problem.message).toMatch(/: a payment may have been made$/);
			expect(problem.description).toMatch(/order "ORDER-7", amount 10000 in minor units/);
			expect(problem.description).not.toMatch(/try again|run again\./i);
			expect(isInDoubt).toBe(true);
		},
	);

	it.each<[string, Response]>([
		['a wrong key', { status: 401, body: invalidKey }],
		['a refused amount', { status: 400, body: amountOutOfRange }],
		['too many requests', { status: 429 }],
		['a wrong address', { status: 404, body: htmlPage }],
		['a wallet that is not known', { status: 404, body: paymentNotFound }],
		['a server that is not there', { error: 'ECONNREFUSED' }],
		['a name that is not there', { error: 'ENOTFOUND' }],
	])('says nothing of the kind after %s', async (_name, response) => {
		const { outcome } = await init(response);
		expect(JSON.stringify(failureOf(outcome))).not.toMatch(
			/may have been made|dashboard before|isInDoubt/,
		);
	});

	it('says nothing of the kind where n8n did not let the request out', async () => {
		const httpRequest = async () => await Promise.reject(new UserError('It is restricted'));
		const context = { helpers: { httpRequest } };
		const outcome = await createPayment(context, connection, body, LIMITS, TABLES.initPayment);
		const failure = failureOf(outcome);
		expect(failure.problem.message).toBe('n8n blocked the request to Konnect');
		expect(JSON.stringify(failure)).not.toMatch(/may have been made|isInDoubt/);
	});

	it('tells a 404 in Konnect’s words from that of a payment: there is none yet', async () => {
		const { outcome } = await init({ status: 404, body: paymentNotFound });
		const { kind, problem } = failureOf(outcome);
		expect(kind).toBe('notFound');
		expect(problem.message).toContain('something that the request names');
		expect(problem.description).toMatch(/Check the wallet id/);
	});

	it('names the payment that Konnect has named, where only its link is missing', async () => {
		const { outcome } = await init({ status: 200, body: { paymentRef: REF } });
		expect(failureOf(outcome).problem.description).toContain(REF);
	});

	it('says when no answer had come, and that there is no order id where there is none', async () => {
		const request = { ...body, orderId: undefined };
		const { outcome } = await init({ error: 'ECONNRESET' }, request);
		expect(failureOf(outcome).problem.description).toMatch(
			/^No clear answer had come by \d{4}-\d\d-\d\dT[\d:.]+Z \(no order id, amount 10000.*Look in the Konnect dashboard before you run this again/,
		);
	});

	it('does not show the key, even where it was typed as the order id', async () => {
		const request = { ...body, orderId: connection.apiKey };
		const { outcome } = await init({ error: 'ECONNRESET' }, request);
		expect(JSON.stringify(outcome)).not.toContain(connection.apiKey);
	});
});

describe('reading a payment', () => {
	it('gives it after a short outage', async () => {
		const outcome = await get(
			{ error: 'ECONNREFUSED' },
			{ status: 502, body: htmlPage },
			{ status: 200, body: realCompleted },
		);
		expect(outcome).toMatchObject({ ok: true, value: { state: 'paid' } });
	});

	it.each<[string, Response]>([
		['a page', { status: 200, body: htmlPage }],
		['a payment cut in two', { status: 200, body: JSON.stringify(realCompleted).slice(0, 99) }],
		['a failure with a payment in it', { status: 500, body: realCompleted }],
		['silence', { error: 'ETIMEDOUT' }],
	])('fails as unavailable after %s', async (_name, response) => {
		expect(failureOf(await get(response)).kind).toBe('unavailable');
	});

	it.each([
		['an error envelope', paymentNotFound],
		['another payment', changed(realCompleted, { id: REF })],
	])('fails as unreadable, which the owner has to look at, after %s', async (_name, body) => {
		const { kind, problem } = failureOf(await get({ status: 200, body }));
		expect(kind).toBe('unreadable');
		expect(problem.message).toBe("Konnect's answer cannot be understood");
		expect(problem.description).toContain('Check the payment in the Konnect dashboard');
	});
});
