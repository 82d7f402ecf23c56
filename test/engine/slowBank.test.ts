import fetch from 'node-fetch';

import { startSandbox, type Sandbox } from '../../sandbox';
import { callAsServer, openTab } from '../fixtures/callers';
import { credentialFor, runNode } from './harness';
import { startWaiting } from './waitingExecution';
import type { WebhookServer } from './webhookServer';
import { startWebhookServer } from './webhookServer';

jest.setTimeout(60_000);

let sandbox: Sandbox;
let server: WebhookServer;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(async () => {
	server = await startWebhookServer({ credential: credentialFor(sandbox) });
});
afterEach(async () => {
	await server.close();
	sandbox.reset();
});
afterAll(() => sandbox.close());

async function makePayments(count: number): Promise<string[]> {
	const { output } = await runNode(
		{ operation: 'initPayment', amount: 12.5, notify: 'none', options: { concurrency: 20 } },
		{
			credential: credentialFor(sandbox),
			items: Array.from({ length: count }, () => ({ json: {} })),
		},
	);
	return output.map(({ json }) => String(json.paymentRef));
}

const urlOf = (ref: string) => `${server.url}?payment_ref=${ref}`;

const started = () => server.executions.map(({ eventId }) => eventId).sort();

const paidEvents = (refs: string[]) => refs.map((ref) => `${ref}:paid`).sort();

const reads = () => sandbox.requests.filter(({ method }) => method === 'GET');

describe('a bank that is slower than the payer', () => {
	/** Who calls when the payer is sent back. */
	const CALLERS = {
		browser: [openTab],
		server: [callAsServer],
		both: [openTab, callAsServer],
	};

	it('starts the workflow once, 1, 3 and 10 seconds after the call, whoever calls', async () => {
		const cases = Object.values(CALLERS).flatMap((callers) =>
			[1_000, 3_000, 10_000].map((settlesAfter) => ({ callers, settlesAfter })),
		);
		const refs = await makePayments(cases.length);
		const words = await Promise.all(
			cases.flatMap(({ callers, settlesAfter }, index) => {
				const ref = refs[index] ?? '';
				void sandbox.pay(ref, { settlesAfter });
				return callers.map(async (call) => await call(urlOf(ref)));
			}),
		);
		for (const { status, text } of words) {
			expect(status).toBe(200);
			expect(text).toMatch(/Payment received|"(accepted|duplicate)"/);
		}
		expect(started()).toEqual(paidEvents(refs));
	});

	it('starts the workflow once where the payer closes the page after the first load, and Konnect’s server calls too', async () => {
		const [ref = ''] = await makePayments(1);
		await sandbox.pay(ref, { settlesAfter: 6_000 });
		const word = callAsServer(urlOf(ref));
		const page = await fetch(urlOf(ref), { headers: { accept: 'text/html' } });
		expect(await page.text()).toContain('The payment is being confirmed');
		expect((await word).text).toContain('accepted');
		expect(started()).toEqual(paidEvents([ref]));
	});
});

describe('a bank that is slower than the payer of a link that an execution waits for', () => {
	it.each([
		['browser', openTab, /Payment received/],
		// The call itself looks on, and lets it go on before it is repeated.
		['server', callAsServer, /"(accepted|duplicate)"/],
	])('lets it go on once, %s', async (_who, call, word) => {
		const [ref = ''] = await makePayments(1);
		const execution = await startWaiting(
			{ operation: 'waitForPayment', paymentId: ref },
			{ credential: credentialFor(sandbox) },
		);
		await sandbox.pay(ref, { settlesAfter: 8_000 });
		expect((await call(`${execution.url}?signature=n8n&payment_ref=${ref}`)).text).toMatch(word);
		expect(execution.resumed).toHaveLength(1);
		expect(execution.resumed[0]?.output).toMatchObject([
			{ json: { paymentId: ref, state: 'paid' } },
		]);
		await execution.close();
	});
});

describe('a Konnect that hangs', () => {
	it('keeps no payer waiting, and the tab finds the payment when it answers again', async () => {
		await server.close();
		const parameters = { options: { timeout: 6 } };
		server = await startWebhookServer({ credential: credentialFor(sandbox), parameters });
		const [ref = ''] = await makePayments(1);
		await sandbox.pay(ref);
		sandbox.setFaults({ latency: 600_000, match: 'get' });
		const page = await fetch(urlOf(ref), { headers: { accept: 'text/html' } });
		expect(page.status).toBe(503);
		expect(await page.text()).toContain('The payment is being confirmed');
		sandbox.clearFaults();
		expect((await openTab(urlOf(ref))).text).toContain('Payment received');
		expect(started()).toEqual(paidEvents([ref]));
	});
});

describe('300 payers on the page at once', () => {
	it('cost a read for each load, and a few more in all; the workflow starts for those who have paid', async () => {
		const refs = await makePayments(300);
		const paid = refs.filter((_, index) => index % 3 === 0);
		await Promise.all(
			refs.map(async (ref) => {
				await sandbox.pay(ref, paid.includes(ref) ? {} : { settlesAfter: 600_000 });
			}),
		);
		const lookOnce = async (url: string) => {
			const page = await fetch(url, { headers: { accept: 'text/html' } });
			return { text: await page.text(), loads: 1 };
		};
		const words = await Promise.all(
			refs.map(async (ref) => {
				const isPaid = paid.includes(ref);
				const { text, loads } = await (isPaid ? openTab : lookOnce)(urlOf(ref));
				expect(text).toContain(isPaid ? 'Payment received' : 'The payment is being confirmed');
				return loads;
			}),
		);
		expect(started()).toEqual(paidEvents(paid));
		// Looks whether a payment has settled by now are limited for all of them together: 40 a minute.
		const loads = words.reduce((sum, each) => sum + each, 0);
		expect(reads().length).toBeLessThanOrEqual(loads + 40);
	});
});
