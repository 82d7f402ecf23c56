import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import fetch from 'node-fetch';

import { credentialFor, runNode } from './harness';
import type { WebhookServer } from './webhookServer';
import { startWebhookServer } from './webhookServer';

const REF = '68a9fb9922c44ea00bbbda98';

/** A completed payment as the live service has been seen to give it. */
const completed = {
	id: REF,
	status: 'completed',
	amount: 290,
	token: 'TND',
	orderId: 'ORDER-1',
	type: 'immediate',
	convertedAmount: 290,
	exchangeRate: 1,
	failedTransactions: 0,
	successfulTransactions: 1,
	acceptedPaymentMethods: ['wallet'],
	transactions: [
		{ id: '68a9fb9e22c44ea00bbbdb02', status: 'success', amount: 294, method: 'bank_card' },
	],
	paymentDetails: { phoneNumber: '+21600000000', email: 'payer@example.com', name: 'Test Payer' },
	webhook: `https://merchant.example/hook?payment_ref=${REF}`,
	createdAt: '2025-08-23T17:34:17.211Z',
	updatedAt: '2025-08-23T17:35:25.840Z',
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Something that answers in Konnect's place, as the test wants it. */
let answer: Answer;
let asked = 0;
let konnect: Server;
let baseUrl: string;
const servers: WebhookServer[] = [];

beforeAll(async () => {
	konnect = createServer((request, response) => {
		asked++;
		answer(request, response);
	});
	await new Promise<void>((resolve) => konnect.listen(0, '127.0.0.1', resolve));
	baseUrl = `http://127.0.0.1:${(konnect.address() as AddressInfo).port}/api/v2`;
});
beforeEach(() => {
	asked = 0;
});
afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(async () => {
	konnect.closeAllConnections();
	await new Promise((resolve) => konnect.close(resolve));
});

const json =
	(body: unknown, status = 200): Answer =>
	(_request, response) => {
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	};

let keys = 0;

/** @param timeout seconds, which a call takes that comes to nothing */
async function listen(timeout = 0.5): Promise<WebhookServer> {
	const server = await startWebhookServer({
		// Each has a key of its own: what is read of a payment is shared by all that use the same key.
		credential: credentialFor({ apiBaseUrl: baseUrl }, { apiKey: `org:key-${++keys}` }),
		parameters: { events: ['any'], options: { timeout } },
	});
	servers.push(server);
	return server;
}

async function call(server: WebhookServer) {
	const response = await fetch(`${server.url}?payment_ref=${REF}`);
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const getPayment = () =>
	runNode(
		{ operation: 'getPayment', paymentId: REF, options: { timeout: 0.05 } },
		{ credential: credentialFor({ apiBaseUrl: baseUrl }) },
	);

/** Answers of a service that speaks JSON, as Konnect does. */
const NOT_UNDERSTOOD = [
	'a list',
	'a payment without its wrapper',
	'an empty payment',
	'a list of payments',
	'an envelope of errors with 200',
	'a payment without an id',
	'another payment',
	'a huge body of another payment',
];

describe('an answer that is none of Konnect’s', () => {
	const slow: Answer = (_request, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		const drip = setInterval(() => response.write(' '), 20);
		response.on('close', () => clearInterval(drip));
	};
	const huge: Answer = (_request, response) => {
		const body = JSON.stringify({
			payment: { ...completed, id: 'x', details: 'x'.repeat(5_000_000) },
		});
		response.writeHead(200, { 'content-type': 'application/json' }).end(body);
	};

	it.each<[string, Answer]>([
		['HTML', (_request, response) => response.end('<html>completed</html>')],
		['nothing', (_request, response) => response.end()],
		[
			'half a body',
			(_request, response) => response.end(JSON.stringify({ payment: completed }).slice(0, 90)),
		],
		['a list', json([{ payment: completed }])],
		['a text', json('completed')],
		['null', json(null)],
		['a payment without its wrapper', json(completed)],
		['an empty payment', json({ payment: {} })],
		['a list of payments', json({ payment: [completed] })],
		['an envelope of errors with 200', json({ errors: [{ code: 'X', message: 'no' }] })],
		['a payment without an id', json({ payment: { ...completed, id: undefined } })],
		['another payment', json({ payment: { ...completed, id: 'a'.repeat(24) } })],
		['a payment with 500', json({ payment: completed }, 500)],
		['a payment with 302', json({ payment: completed }, 302)],
		[
			'a redirect to a payment',
			(request, response) => {
				if (request.url?.includes('payment_ref'))
					return json({ payment: completed })(request, response);
				const location = `${baseUrl}/elsewhere?payment_ref=1`;
				return response.writeHead(302, { location }).end();
			},
		],
		['a huge body of another payment', huge],
		['one that comes byte by byte and never ends', slow],
		['a connection that is cut', (request) => request.socket.destroy()],
		[
			'one that breaks off',
			(request, response) => {
				response.writeHead(200, { 'content-length': '1000' }).write('{"payment":');
				setImmediate(() => request.socket.destroy());
			},
		],
	])('starts nothing, and is answered 503, or 502 where it is JSON: %s', async (name, given) => {
		answer = given;
		const server = await listen();
		// What cannot be understood is for the owner.
		const status = NOT_UNDERSTOOD.includes(name) ? 502 : 503;
		expect(await call(server)).toMatchObject({ status, body: { result: 'failed' } });
		expect(server.failures).toHaveLength(status === 502 ? 1 : 0);
		expect(server.executions).toHaveLength(0);
		expect(server.saves()).toBe(0);
		expect(asked).toBeGreaterThan(0);
	});

	it.each<[string, Answer]>([
		['HTML with 200', (_request, response) => response.end('<html></html>')],
		['an envelope of errors with 200', json({ errors: [{ code: 'X', message: 'no such luck' }] })],
		['one that never ends', slow],
	])('is an error of Get Payment: %s', async (_name, given) => {
		answer = given;
		const { error, output } = await getPayment();
		expect(output).toEqual([]);
		expect(error?.message).toBeTruthy();
	});
});

describe('a payment with a wrong type in any field', () => {
	const fields = Object.keys(completed) as Array<keyof typeof completed>;
	const wrong = [
		null,
		true,
		0,
		-1,
		1.5,
		1e300,
		'',
		'290',
		[],
		['completed'],
		{},
		{ completed: true },
	];

	it.each(fields)('is never taken for paid by it, and is always answered: %s', async (field) => {
		for (const value of wrong) {
			for (const status of ['pending', 'expired', 'frozen']) {
				answer = json({ payment: { ...completed, status, transactions: [], [field]: value } });
				const server = await listen(0.1);
				const { status: code } = await call(server);
				expect([200, 502, 503]).toContain(code);
				expect(server.executions.filter(({ state }) => state === 'paid')).toEqual([]);
				await servers.pop()?.close();
			}
		}
	});

	it('is put out without a wrong amount: money that cannot be read is no payment', async () => {
		for (const amount of ['2.90', '290 TND', 2.9, -290, {}, [290], true]) {
			answer = json({ payment: { ...completed, amount } });
			const { error, output } = await getPayment();
			expect(output).toEqual([]);
			expect(error?.message).toBe("Konnect's answer cannot be understood");
		}
	});

	it('never stops a call from being answered, whatever the body is', async () => {
		await fc.assert(
			fc.asyncProperty(fc.json({ maxDepth: 4 }), async (body) => {
				answer = (_request, response) =>
					response.writeHead(200, { 'content-type': 'application/json' }).end(body);
				// A server of its own: strangers may not ask for many payments that cannot be read.
				const server = await listen(0.05);
				expect([502, 503]).toContain((await call(server)).status);
				expect(server.executions).toHaveLength(0);
				await servers.pop()?.close();
			}),
			{ numRuns: 300 },
		);
	});
});
