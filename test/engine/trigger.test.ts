import { call } from './callServer';
import { makePayment, sandbox } from './harness';
import { listen, makePaid, useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

useTriggers();

const ORDER = { additionalFields: { orderId: 'A-1' } };

const callFor = (server: WebhookServer, ref: string) => call(`${server.url}?payment_ref=${ref}`);

describe('a call for a paid payment', () => {
	it('starts the workflow with the payment as Konnect tells it, the query and the event', async () => {
		const server = await listen();
		const ref = await makePaid(ORDER);
		const answer = await call(`${server.url}?cart_id=6670&payment_ref=${ref}`);
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

	it('starts it once, however many calls come at the same moment', async () => {
		const server = await listen();
		const ref = await makePaid(ORDER);
		const before = sandbox.requests.length;
		const answers = await Promise.all(Array.from({ length: 50 }, () => callFor(server, ref)));
		expect(server.executions).toHaveLength(1);
		expect(answers.every(({ status }) => status === 200)).toBe(true);
		const results = answers.map(({ body }) => body.result).sort();
		expect(results).toEqual(['accepted', ...Array.from({ length: 49 }, () => 'duplicate')]);
		expect(sandbox.requests.length - before).toBeLessThanOrEqual(3);
	});

	it('starts it each time in a test, and remembers nothing of it', async () => {
		const ref = await makePaid(ORDER);
		const server = await listen({}, { mode: 'manual' });
		await callFor(server, ref);
		await callFor(server, ref);
		expect(server.executions).toHaveLength(2);
		expect(server.savedStaticData()).toEqual({});
	});
});

describe('the events', () => {
	it('go through the states of a payment, each once and never back', async () => {
		const server = await listen({ events: ['any'], options: { timeout: 2 } });
		const ref = await makePayment();
		const steps = [
			() => {},
			async () => await sandbox.pay(ref, { card: 'failing' }),
			async () => await sandbox.pay(ref, { card: 'failing' }),
			async () => await sandbox.pay(ref),
			() => sandbox.update(ref, { status: 'expired' }),
		];
		for (const step of steps) {
			await step();
			await callFor(server, ref);
		}
		const events = ['pending', 'attemptFailed:1', 'attemptFailed:2', 'paid'];
		expect(server.executions.map(({ eventId }) => eventId)).toEqual(
			events.map((event) => `${ref}:${event}`),
		);
	}, 15_000);
});
