import type { INodeParameters } from 'n8n-workflow';
import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { credentialFor, makePayment } from './harness';
import { useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

const { stage, listen } = useTriggers();

/** Makes the payment of an order; its webhook is called by the test or by the stage.sandbox. */
const makeOrder = async (fields: INodeParameters = {}) =>
	await makePayment(stage.sandbox, { additionalFields: { orderId: 'A-1', ...fields } });

const call = async (server: WebhookServer, query: string) => {
	const response = await fetch(`${server.url}${query}`);
	return {
		status: response.status,
		retryAfter: response.headers.get('retry-after'),
		body: (await response.json()) as Record<string, unknown>,
	};
};

const callFor = (server: WebhookServer, ref: string) => call(server, `?payment_ref=${ref}`);

describe('a call for a paid payment', () => {
	it('starts the workflow with the payment as Konnect tells it, the query and the event', async () => {
		const server = await listen();
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		const answer = await call(server, `?cart_id=6670&payment_ref=${ref}`);
		expect(answer).toMatchObject({
			status: 200,
			body: { result: 'accepted', state: 'paid' },
		});
		expect(server.executions).toEqual([
			expect.objectContaining({
				paymentId: ref,
				state: 'paid',
				status: 'completed',
				amount: 12500,
				amountInCurrency: '12.500',
				amountPaid: 12500,
				token: 'TND',
				orderId: 'A-1',
				query: { cart_id: '6670' },
				queryVerified: false,
				eventId: `${ref}:paid`,
			}),
		]);
	});

	it('puts out Konnect’s own body with the state beside it when it is not to be simplified', async () => {
		const server = await listen({ parameters: { simplify: false } });
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		await callFor(server, ref);
		expect(server.executions[0]).toMatchObject({
			id: ref,
			status: 'completed',
			state: 'paid',
			successfulTransactions: 1,
		});
	});

	it('reads the documented shape of the body alike', async () => {
		stage.sandbox.setShape('documented');
		const server = await listen();
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		await callFor(server, ref);
		expect(server.executions[0]).toMatchObject({ state: 'paid', amount: 12500, orderId: 'A-1' });
	});

	it('starts it once, however many calls come at the same moment', async () => {
		const server = await listen();
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		const before = stage.sandbox.requests.length;
		const answers = await Promise.all(Array.from({ length: 50 }, () => callFor(server, ref)));
		expect(server.executions).toHaveLength(1);
		expect(answers.every(({ status }) => status === 200)).toBe(true);
		const results = answers.map(({ body }) => body.result).sort();
		expect(results).toEqual(['accepted', ...Array.from({ length: 49 }, () => 'duplicate')]);
		expect(stage.sandbox.requests.length - before).toBeLessThanOrEqual(3);
	});

	it('starts it once over a restart, because static data remember', async () => {
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		const first = await listen();
		await callFor(first, ref);
		const second = await listen({ staticData: first.savedStaticData() });
		expect(await callFor(second, ref)).toMatchObject({ body: { result: 'duplicate' } });
		expect(second.executions).toHaveLength(0);
	});

	it('remembers every payment of a burst over a restart, though each call saves static data whole', async () => {
		const refs = await Promise.all(Array.from({ length: 20 }, () => makeOrder()));
		await Promise.all(refs.map((ref) => stage.sandbox.pay(ref)));
		const first = await listen();
		await Promise.all(refs.map((ref) => callFor(first, ref)));
		expect(first.executions).toHaveLength(20);
		const second = await listen({ staticData: first.savedStaticData() });
		await Promise.all(refs.map((ref) => callFor(second, ref)));
		expect(second.executions).toHaveLength(0);
	});

	it('starts it again when n8n could not store the execution', async () => {
		let away = true;
		const server = await listen({
			store: async () => {
				if (away) throw new Error('the database is away');
			},
		});
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		expect(await callFor(server, ref)).toMatchObject({ status: 503, retryAfter: '10' });
		away = false;
		expect(await callFor(server, ref)).toMatchObject({ status: 200, body: { result: 'accepted' } });
		expect(server.executions).toHaveLength(1);
	});

	it('starts it each time in a test, and remembers nothing of it', async () => {
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		const server = await listen({ mode: 'manual' });
		await callFor(server, ref);
		await callFor(server, ref);
		expect(server.executions).toHaveLength(2);
		expect(server.savedStaticData()).toEqual({});
	});
});

describe('a call that starts nothing', () => {
	it.each([
		['no payment_ref', ''],
		['an empty one', '?payment_ref='],
		['a short one', '?payment_ref=6911c8a7'],
		['two of them', `?payment_ref=${'a'.repeat(24)}&payment_ref=${'b'.repeat(24)}`],
		['a nested one', `?payment_ref[x]=${'a'.repeat(24)}`],
		['a path in it', '?payment_ref=..%2F..%2Faccount%2Fme1234'],
	])('is refused with 400 and costs no API call: %s', async (_name, query) => {
		const server = await listen();
		const answer = await call(server, query);
		expect(answer).toMatchObject({ status: 400, body: { result: 'refused' } });
		expect(stage.sandbox.requests).toHaveLength(0);
		expect(server.saves()).toBe(0);
	});

	it('is answered 404 for a payment that Konnect does not know, and remembers nothing of it', async () => {
		const server = await listen();
		const ref = 'f'.repeat(24);
		expect((await callFor(server, ref)).status).toBe(404);
		expect((await callFor(server, ref)).status).toBe(404);
		expect(stage.sandbox.requests).toHaveLength(2);
		expect(server.executions).toHaveLength(0);
	});

	it('is answered 200 with the reason where the payment has ended in another state', async () => {
		const server = await listen();
		const ref = await makeOrder();
		stage.sandbox.expire(ref);
		const answer = await callFor(server, ref);
		expect(answer).toMatchObject({ status: 200, body: { result: 'ignored' } });
		expect(answer.body.reason).toContain('"expired"');
		expect(server.log.join()).toContain('"expired"');
		expect(server.executions).toHaveLength(0);
	});

	it('is told at once of a refused card, and to call again: the payer can still pay', async () => {
		const server = await listen();
		const ref = await makeOrder();
		await stage.sandbox.pay(ref, { card: 'failing' });
		const answer = await callFor(server, ref);
		expect(answer).toMatchObject({ status: 503, body: { result: 'failed' } });
		expect(server.executions).toHaveLength(0);
	});

	it('is answered 200 with the reason where the body names another wallet', async () => {
		stage.sandbox.setShape('documented');
		const server = await listen();
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		stage.sandbox.update(ref, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		const answer = await callFor(server, ref);
		expect(answer.body).toMatchObject({
			result: 'ignored',
			reason: expect.stringContaining('receiverWalletId'),
		});
		expect(server.executions).toHaveLength(0);
	});

	it('is answered 502 where Konnect refuses the key, with the reason in the log only', async () => {
		const server = await listen({
			credential: credentialFor(stage.sandbox, { apiKey: 'wrong:key' }),
		});
		const answer = await callFor(server, await makeOrder());
		expect(answer.status).toBe(502);
		expect(JSON.stringify(answer.body)).not.toContain('key');
		expect(server.log.join()).toContain('Konnect does not accept the API key');
		expect(server.log.join()).not.toContain('wrong:key');
	});

	it('is answered 502 where the credential is gone', async () => {
		const server = await listen({ credential: undefined });
		expect((await callFor(server, 'a'.repeat(24))).status).toBe(502);
	});

	it.each([
		['is down', { status: 503 }],
		['answers HTML', { html: true }],
		['answers nothing', { emptyBody: true }],
		['answers half a body', { truncated: true }],
		['cuts the connection', { cut: 'before' as const }],
	])('is answered 503 where Konnect %s, and the repeat succeeds', async (_name, faults) => {
		const server = await listen({ parameters: { options: { timeout: 1 } } });
		const ref = await makeOrder();
		await stage.sandbox.pay(ref);
		stage.sandbox.setFaults({ ...faults, match: 'get' });
		const answer = await callFor(server, ref);
		expect(answer).toMatchObject({ status: 503, body: { result: 'failed' } });
		expect(Number(answer.retryAfter)).toBeGreaterThan(0);
		expect(server.executions).toHaveLength(0);
		stage.sandbox.clearFaults();
		expect((await callFor(server, ref)).body.result).toBe('accepted');
		expect(server.executions).toHaveLength(1);
	});
});

describe('the events', () => {
	it('go through the states of a payment, each once and never back', async () => {
		const server = await listen({ parameters: { events: ['any'], options: { timeout: 2 } } });
		const ref = await makeOrder();
		const seen: unknown[] = [];
		const step = async () => {
			await callFor(server, ref);
			seen.push(
				server.executions.map(({ eventId }) => String(eventId).split(':').slice(1).join(':')),
			);
		};
		await step();
		await stage.sandbox.pay(ref, { card: 'failing' });
		await step();
		await stage.sandbox.pay(ref, { card: 'failing' });
		await step();
		await stage.sandbox.pay(ref, { card: 'visa' });
		await step();
		stage.sandbox.update(ref, { status: 'expired' });
		await step();
		expect(seen.at(-1)).toEqual(['pending', 'attemptFailed:1', 'attemptFailed:2', 'paid']);
	}, 15_000);

	it('tell the parts of a partial payment apart by what was paid so far', async () => {
		const server = await listen({ parameters: { events: ['any'] } });
		const ref = await makeOrder({ type: 'partial' });
		for (const amount of [2500, 5000, 5000]) {
			await stage.sandbox.pay(ref, { amount });
			await callFor(server, ref);
		}
		expect(server.executions.map(({ eventId }) => eventId)).toEqual([
			`${ref}:partiallyPaid:2500`,
			`${ref}:partiallyPaid:7500`,
			`${ref}:paid`,
		]);
	});

	it('include a status that nobody has documented, once', async () => {
		const server = await listen({ parameters: { events: ['unknown'], options: { timeout: 1 } } });
		const ref = await makeOrder();
		for (const status of ['frozen', 'under_review']) {
			stage.sandbox.update(ref, { status });
			await callFor(server, ref);
		}
		expect(server.executions).toEqual([
			expect.objectContaining({ state: 'unknown', status: 'frozen', eventId: `${ref}:unknown` }),
		]);
	});
});
