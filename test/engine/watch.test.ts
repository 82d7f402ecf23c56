import { Agent, get } from 'node:http';

import type { INodeParameters } from 'n8n-workflow';
import fetch from 'node-fetch';

import { credentialFor, makePayment } from './harness';
import { useTriggers } from './triggerStage';
import { startWaiting } from './waitingExecution';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';

/** Calls that have answered and look on, in n8n's real contexts; in virtual time the unit tests and the simulation go further. */

const triggers = useTriggers();
const { stage } = triggers;

const LOOKS = { timeout: 1, keepLooking: 0.5 };

const listen = async (
	parameters: INodeParameters = {},
	options: Partial<WebhookServerOptions> = {},
) => await triggers.listen({ parameters: { options: LOOKS, ...parameters }, ...options });

async function payment(settlesAfter: number): Promise<string> {
	const ref = await makePayment(stage.sandbox);
	await stage.sandbox.pay(ref, { settlesAfter });
	return ref;
}

const urlOf = (server: WebhookServer, ref: string) => `${server.url}?payment_ref=${ref}`;

const started = async (server: WebhookServer, count: number) => {
	while (server.executions.length < count) await server.changed();
	return server.executions.map(({ eventId }) => eventId);
};

describe('a call that has answered, while the bank is slow', () => {
	it.each([
		['server', '*/*'],
		['browser', 'text/html'],
	])(
		'starts the workflow once it has settled, though nobody comes again: %s',
		async (_who, accept) => {
			const server = await listen();
			const ref = await payment(3_000);
			expect((await fetch(urlOf(server, ref), { headers: { accept } })).status).toBe(503);
			expect(server.executions).toEqual([]);
			expect(await started(server, 1)).toEqual([`${ref}:paid`]);
		},
	);

	it('starts it though the caller has hung up before it was answered', async () => {
		const server = await listen({ options: { timeout: 4, keepLooking: 0.5 } });
		const ref = await payment(5_000);
		const agent = new Agent();
		await new Promise<void>((resolve) => {
			const call = get(urlOf(server, ref), { agent });
			call.once('error', () => resolve());
			setTimeout(() => call.destroy(new Error('hung up')), 300);
		});
		expect(await started(server, 1)).toEqual([`${ref}:paid`]);
		agent.destroy();
	});

	it('starts it for a refused card as soon as another call for the payment takes over', async () => {
		const server = await listen({ events: ['paid', 'attemptFailed'] });
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref, { card: 'failing' });
		for (let time = 0; time < 2; time++) {
			expect((await fetch(urlOf(server, ref))).status).toBe(503);
		}
		expect(await started(server, 1)).toEqual([`${ref}:attemptFailed:1`]);
		await stage.sandbox.pay(ref);
		expect(await started(server, 2)).toEqual([`${ref}:attemptFailed:1`, `${ref}:paid`]);
	});

	it('is free for the next call where n8n could not store its execution', async () => {
		let isAway = true;
		const server = await listen(
			{},
			{
				store: async () => {
					if (isAway) throw new Error('the database is away');
				},
			},
		);
		const ref = await payment(2_500);
		expect((await fetch(urlOf(server, ref))).status).toBe(503);
		while (!server.log.some((line) => line.includes('could not store'))) await server.changed();
		isAway = false;
		expect(await (await fetch(urlOf(server, ref))).json()).toMatchObject({ result: 'accepted' });
		expect(server.executions).toHaveLength(1);
	});

	it('finds the payment when a refused key was mended, but for the call that told the owner', async () => {
		const options: WebhookServerOptions = {
			credential: credentialFor(stage.sandbox, { apiKey: 'org:wrong' }),
			parameters: { options: LOOKS },
		};
		const server = await triggers.listen(options);
		const ref = await payment(0);
		expect((await fetch(urlOf(server, ref))).status).toBe(502);
		expect(server.failures[0]?.description).toContain(ref);
		expect((await fetch(urlOf(server, ref))).status).toBe(502);
		options.credential = credentialFor(stage.sandbox);
		expect(await started(server, 1)).toEqual([`${ref}:paid`]);
	});
});

describe('static data', () => {
	it('of other nodes are as they left them, whatever a call was held for or looked on for', async () => {
		const server = await listen({ options: { timeout: 5, keepLooking: 0.5 } });
		const [held, watched] = [await payment(3_500), await payment(7_000)];
		const answer = fetch(urlOf(server, held));
		const other = await fetch(urlOf(server, watched), { headers: { accept: 'text/html' } });
		expect(other.status).toBe(503);
		const staticData = { global: { count: 3 }, 'node:Another Trigger': { seen: ['x'] } };
		server.saveStaticData(staticData);
		expect(await (await answer).json()).toMatchObject({ result: 'accepted' });
		await started(server, 2);
		expect(server.savedStaticData()).toEqual(staticData);
	});

	it('remember what a watch has started as soon as another call was answered', async () => {
		const server = await listen();
		const [ref, next] = [await payment(2_500), await payment(0)];
		await fetch(urlOf(server, ref));
		await started(server, 1);
		expect(server.saves()).toBe(0);
		expect((await fetch(urlOf(server, next))).status).toBe(200);
		const later = await listen({}, { staticData: server.savedStaticData() });
		const answers = [ref, next].map(async (one) => await (await fetch(urlOf(later, one))).json());
		expect(await Promise.all(answers)).toMatchObject([
			{ result: 'duplicate' },
			{ result: 'duplicate' },
		]);
	});

	it('are saved by a duplicate too', async () => {
		const server = await listen();
		const ref = await payment(2_500);
		await fetch(urlOf(server, ref));
		await started(server, 1);
		await fetch(urlOf(server, ref));
		expect(server.saves()).toBe(1);
		await fetch(urlOf(server, ref));
		expect(server.saves()).toBe(1);
	});
});

it('a test is started once, by the watch or by a page that asks again', async () => {
	const server = await listen({}, { mode: 'manual' });
	const ref = await payment(3_000);
	expect((await fetch(urlOf(server, ref))).status).toBe(503);
	const again = await fetch(urlOf(server, ref));
	expect([200, 503]).toContain(again.status);
	await started(server, 1);
	expect(server.executions).toHaveLength(1);
});

it('a waiting execution goes on once, though its only call was answered before the bank', async () => {
	const ref = await payment(3_000);
	const waiting = await startWaiting(
		{ operation: 'waitForPayment', paymentId: ref, options: { timeout: 1 } },
		{ credential: credentialFor(stage.sandbox) },
	);
	const calls = [1, 2, 3, 4].map(
		async () => (await fetch(`${waiting.url}?payment_ref=${ref}`)).status,
	);
	expect(await Promise.all(calls)).toEqual([503, 503, 503, 503]);
	await waiting.changed();
	expect(waiting.resumed[0]?.output).toMatchObject([{ json: { paymentId: ref, state: 'paid' } }]);
	expect((await fetch(`${waiting.url}?payment_ref=${ref}`)).status).toBe(200);
	expect(waiting.resumed).toHaveLength(1);
	await waiting.close();
});
