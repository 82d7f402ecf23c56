import type { RequestListener } from 'node:http';

import fc from 'fast-check';

import { realCompleted } from '../fixtures/payments';
import { serve } from '../fixtures/server';
import { call as callServer } from './callServer';
import { credentialFor } from './harness';
import { listen as listenWith, useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

useTriggers();

/** A payment as the live service was seen to give it. */
const { payment: completed } = realCompleted;
const REF = completed.id;

/** How the server in Konnect's place answers. Each test sets it. */
let answer: RequestListener;
let asked = 0;
let konnect: Awaited<ReturnType<typeof serve>>;
let baseUrl: string;

beforeAll(async () => {
	konnect = await serve((request, response) => {
		asked++;
		answer(request, response);
	});
	baseUrl = `${konnect.url}/api/v2`;
});
beforeEach(() => {
	asked = 0;
});
afterAll(async () => await konnect.close());

const json =
	(body: unknown, status = 200): RequestListener =>
	(_request, response) => {
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	};

let keys = 0;

/** @param timeout seconds; a call without a usable answer takes this long */
async function listen(timeout = 0.5): Promise<WebhookServer> {
	// Each trigger has its own key, because all that use one key share what they read of a payment.
	const credential = credentialFor({ baseUrl, apiKey: `org:key-${++keys}` });
	const parameters = { events: ['any'], options: { timeout } };
	return await listenWith(parameters, { credential: () => credential });
}

const call = async ({ url }: WebhookServer) => await callServer(`${url}?payment_ref=${REF}`);

describe('an answer that Konnect does not give', () => {
	const slow: RequestListener = (_request, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		const drip = setInterval(() => response.write(' '), 20);
		response.on('close', () => clearInterval(drip));
	};

	it.each<[number, string, RequestListener]>([
		[503, 'HTML', (_request, response) => response.end('<html>completed</html>')],
		[503, 'nothing', (_request, response) => response.end()],
		[502, 'a list', json([{ payment: completed }])],
		[503, 'null', json(null)],
		[502, 'another payment', json({ payment: { ...completed, id: 'a'.repeat(24) } })],
		[503, 'a payment with 302', json({ payment: completed }, 302)],
		[
			503,
			'a redirect to a payment',
			(request, response) => {
				if (request.url?.includes('payment_ref'))
					return json({ payment: completed })(request, response);
				const location = `${baseUrl}/elsewhere?payment_ref=1`;
				return response.writeHead(302, { location }).end();
			},
		],
		[503, 'one that comes byte by byte and never ends', slow],
		[503, 'a connection that is cut', (request) => request.socket.destroy()],
		[
			503,
			'one that breaks off',
			(request, response) => {
				response.writeHead(200, { 'content-length': '1000' }).write('{"payment":');
				setImmediate(() => request.socket.destroy());
			},
		],
	])(
		'starts nothing, and the caller is answered with status %i: %s',
		async (status, _name, given) => {
			answer = given;
			const server = await listen();
			// The owner is told only of an answer that cannot be understood (502).
			expect(await call(server)).toMatchObject({ status, body: { result: 'failed' } });
			expect(server.failures).toHaveLength(status === 502 ? 1 : 0);
			expect(server.executions).toHaveLength(0);
			expect(server.saves()).toBe(0);
			expect(asked).toBeGreaterThan(0);
		},
	);
});

describe('a body that nobody has thought of', () => {
	const wrong = [
		...[null, true, 0, -1, 1.5, 1e300, '', '290'],
		...[[], ['completed'], {}, { completed: true }],
	];
	const anything = fc.json({ maxDepth: 4 }).map((body) => ({ body, statuses: [502, 503] }));
	const payments = fc.record({
		field: fc.constantFrom(...Object.keys(completed)),
		value: fc.constantFrom(...wrong),
		status: fc.constantFrom('pending', 'expired', 'frozen'),
	});
	const wrongPayments = payments.map(({ field, value, status }) => {
		const payment = { ...completed, status, transactions: [], [field]: value };
		return { body: JSON.stringify({ payment }), statuses: [200, 502, 503] };
	});

	it('is never taken for paid, and is always answered', async () => {
		await fc.assert(
			fc.asyncProperty(fc.oneof(anything, wrongPayments), async ({ body, statuses }) => {
				answer = (_request, response) =>
					response.writeHead(200, { 'content-type': 'application/json' }).end(body);
				// A new trigger for each body, because a trigger lets strangers ask for only a few payments that cannot be read.
				const server = await listen(0.05);
				expect(statuses).toContain((await call(server)).status);
				expect(server.executions.filter(({ state }) => state === 'paid')).toEqual([]);
				await server.close();
			}),
			{ numRuns: 600 },
		);
	});
});
