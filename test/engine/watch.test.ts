import { once } from 'node:events';
import { Agent, get } from 'node:http';

import { call } from './callServer';
import { makePayment, sandbox } from './harness';
import { listen, makePaid, useTriggers } from './triggerStage';
import { startWaiting } from './waitingExecution';
import type { WebhookServer } from './webhookServer';

// Calls that go on looking after their answer, in n8n's real contexts. The unit tests and the simulation go further.
// The tests mostly wait, so they run at the same time, each with its own payments and nodes.

useTriggers();

const LOOKS = { options: { timeout: 1, keepLooking: 0.5 } };

async function makeSettling(settlesAfter: number): Promise<string> {
	const ref = await makePayment();
	await sandbox.pay(ref, { settlesAfter });
	return ref;
}

const urlOf = ({ url }: { url: string }, ref: string) => `${url}?payment_ref=${ref}`;

const started = async (server: WebhookServer, count: number) => {
	while (server.executions.length < count) await server.changed();
	return server.executions.map(({ eventId }) => eventId);
};

describe('a call that has answered, while the bank is slow', () => {
	it.concurrent.each([
		['server', '*/*', 0.5],
		['browser', 'text/html', 0.1],
	])(
		'starts the workflow once it has settled, though nobody comes again: %s',
		async (_who, accept, keepLooking) => {
			const server = await listen({ options: { timeout: 1, keepLooking } });
			const ref = await makeSettling(3_000);
			expect((await call(urlOf(server, ref), { accept })).status).toBe(503);
			expect(server.executions).toEqual([]);
			expect(await started(server, 1)).toEqual([`${ref}:paid`]);
		},
	);

	it.concurrent('starts it though the caller has hung up before it was answered', async () => {
		const server = await listen({ options: { timeout: 2, keepLooking: 0.5 } });
		const ref = await makeSettling(3_000);
		const agent = new Agent();
		const called = server.called();
		const request = get(urlOf(server, ref), { agent });
		await called;
		request.destroy(new Error('hung up'));
		await expect(once(request, 'response')).rejects.toThrow('hung up');
		expect(await started(server, 1)).toEqual([`${ref}:paid`]);
		agent.destroy();
	});

	it.concurrent('is free for the next call where n8n could not store its execution', async () => {
		let isAway = true;
		const store = async () => {
			if (isAway) throw new Error('the database is away');
		};
		const server = await listen(LOOKS, { store });
		const ref = await makeSettling(2_500);
		expect((await call(urlOf(server, ref))).status).toBe(503);
		while (!server.log.some((line) => line.includes('could not store'))) await server.changed();
		isAway = false;
		expect((await call(urlOf(server, ref))).body.result).toBe('accepted');
		expect(server.executions).toHaveLength(1);
	});

	it.concurrent('starts a test once, though a page asks again', async () => {
		const server = await listen(LOOKS, { mode: 'manual' });
		const ref = await makeSettling(3_000);
		expect((await call(urlOf(server, ref))).status).toBe(503);
		expect([200, 503]).toContain((await call(urlOf(server, ref))).status);
		await started(server, 1);
		expect(server.executions).toHaveLength(1);
	});

	it.concurrent(
		'lets a waiting execution go on once, however many calls keep looking',
		async () => {
			const ref = await makeSettling(3_000);
			const waiting = await startWaiting({
				operation: 'waitForPayment',
				paymentId: ref,
				options: { timeout: 1 },
			});
			const calls = [1, 2, 3, 4].map(async () => (await call(urlOf(waiting, ref))).status);
			expect(await Promise.all(calls)).toEqual([503, 503, 503, 503]);
			await waiting.changed();
			expect(waiting.resumed[0]?.output).toMatchObject([
				{ json: { paymentId: ref, state: 'paid' } },
			]);
			expect((await call(urlOf(waiting, ref))).status).toBe(200);
			expect(waiting.resumed).toHaveLength(1);
			await waiting.close();
		},
	);

	it.concurrent('leaves the static data of other nodes as they are', async () => {
		const server = await listen({ options: { timeout: 5, keepLooking: 0.5 } });
		const watched = await makePayment();
		await sandbox.pay(watched, { card: 'failing' });
		const held = await makeSettling(2_500);
		const answer = call(urlOf(server, held));
		expect((await call(urlOf(server, watched))).status).toBe(503);
		const staticData = { global: { count: 3 }, 'node:Another Trigger': { seen: ['x'] } };
		server.saveStaticData(staticData);
		expect((await answer).body.result).toBe('accepted');
		await sandbox.pay(watched);
		expect(await started(server, 2)).toEqual([`${held}:paid`, `${watched}:paid`]);
		expect(server.savedStaticData()).toEqual(staticData);
	});

	it.concurrent.each(['another payment', 'the same payment'])(
		'is remembered by static data as soon as a call for %s was answered',
		async (which) => {
			const server = await listen(LOOKS);
			const ref = await makeSettling(2_500);
			await call(urlOf(server, ref));
			await started(server, 1);
			expect(server.saves()).toBe(0);
			const next = which === 'another payment' ? await makePaid() : ref;
			expect((await call(urlOf(server, next))).status).toBe(200);
			await call(urlOf(server, ref));
			expect(server.saves()).toBe(1);
			const later = await listen({}, { staticData: server.savedStaticData() });
			for (const one of [ref, next]) {
				expect((await call(urlOf(later, one))).body.result).toBe('duplicate');
			}
		},
	);
});
