/**
 * Hostile calls of the trigger's webhook, over HTTP, on the built node in n8n's real webhook context:
 * no execution, no unhandled error, no call without an answer, and no API call where none is due.
 */
import { createHmac } from 'node:crypto';
import { request } from 'node:http';

import fc from 'fast-check';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { credentialFor, openSandbox, runNode, sandbox } from './harness';
import type { WebhookServer } from './webhookServer';
import { startWebhookServer } from './webhookServer';

const SECRET = 'a secret of thirty-two characters';

const GENERATED = 3_000;
const seed = Date.now() % 2 ** 31;

let open: WebhookServer;
let signed: WebhookServer;
/** Completed payments: one of our wallet, one of another, and one that nobody has paid. */
let paid: string;
let foreign: string;
let unpaid: string;
/** The signed terms of `paid`. */
let terms: string;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeAll(async () => {
	process.on('unhandledRejection', note);
	await openSandbox({ shape: 'documented' });
	const credential = credentialFor({ webhookSecret: SECRET });
	open = await startWebhookServer({ options: { timeout: 3 } });
	signed = await startWebhookServer({}, { credential: () => credential });
	const make = async (additionalFields = {}) => {
		const { output } = await runNode(
			{
				operation: 'initPayment',
				amount: 12.5,
				notify: 'url',
				webhook: 'https://n8n.example/webhook/x/konnect',
				additionalFields,
			},
			{ credential },
		);
		return String(output[0]?.json.paymentRef);
	};
	unpaid = await make();
	foreign = await make({ receiverWalletId: SANDBOX_ACCOUNTS.other.walletId });
	paid = await make({ orderId: 'A-1' });
	const { webhook } = sandbox.requests.at(-1)?.body as { webhook: string };
	terms = /konnect_terms=([\w.-]+)/.exec(webhook)?.[1] ?? '';
	await sandbox.pay(foreign);
	await sandbox.pay(paid);
});
afterAll(async () => {
	const named = malformed.length + unsigned.length;
	process.stdout.write(`Attacks: ${named} by name, ${GENERATED} generated with seed ${seed}\n`);
	process.off('unhandledRejection', note);
	await Promise.all([open.close(), signed.close(), sandbox.close()]);
});

/** Sends a request as it is written: no client tidies the path up. */
function send(
	server: WebhookServer,
	path: string,
	{ method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> {
	const { port, pathname } = new URL(server.url);
	return new Promise((resolve, reject) => {
		const call = request(
			{ host: '127.0.0.1', port, method, headers, path: path.replace('~', pathname) },
			(response) => {
				let body = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => (body += chunk));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
			},
		);
		call.on('error', reject);
		call.end();
	});
}

const A = 'a'.repeat(24);
const encoded = (text: string) => encodeURIComponent(text);
const payloadOf = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url');
const macOf = (text: string, secret = SECRET, purpose = 'n8n-nodes-konnect:terms:v1:') =>
	createHmac('sha256', secret).update(purpose).update(text).digest('base64url');

/** Calls that name no payment: 400, and nobody is asked. */
const malformed: Array<[name: string, query: () => string]> = [
	['no query', () => ''],
	['an empty value', () => '?payment_ref='],
	['no value', () => '?payment_ref'],
	['two values', () => `?payment_ref=${paid}&payment_ref=${A}`],
	['three values', () => `?payment_ref=${paid}&payment_ref=${A}&payment_ref=`],
	['a list', () => `?payment_ref[]=${paid}`],
	['a list with a huge index', () => `?payment_ref[99999999]=${paid}`],
	['an object', () => `?payment_ref[id]=${paid}`],
	['an object as of Mongo', () => '?payment_ref[$ne]=1'],
	['an object that is deep', () => `?payment_ref${'[a]'.repeat(300)}=1`],
	['an object with a length', () => `?payment_ref[length]=24&payment_ref[0]=${paid}`],
	['a prototype', () => `?__proto__[payment_ref]=${paid}`],
	['a constructor', () => `?constructor[prototype][payment_ref]=${paid}`],
	['another name', () => `?paymentRef=${paid}`],
	['a name with a space', () => `?%20payment_ref=${paid}`],
	['a name with a null', () => `?payment_ref%00=${paid}`],
	['23 characters', () => `?payment_ref=${paid.slice(1)}`],
	['25 characters', () => `?payment_ref=${paid}0`],
	['a character that is not hexadecimal', () => `?payment_ref=${paid.slice(1)}g`],
	['a space before', () => `?payment_ref=%20${paid}`],
	['a line end behind', () => `?payment_ref=${paid}%0A`],
	['a null behind', () => `?payment_ref=${paid}%00`],
	['twice encoded', () => `?payment_ref=%25${paid.slice(1)}`],
	['wide digits', () => `?payment_ref=${encoded('１'.repeat(24))}`],
	['a letter that lowers to ASCII', () => `?payment_ref=${encoded('K'.repeat(24))}`],
	['a combining mark', () => `?payment_ref=${encoded(`${paid}\u0301`)}`],
	['bytes that are not UTF-8', () => '?payment_ref=%ff%fe%fd'],
	['a broken escape', () => '?payment_ref=%zz'],
	['a path of 24 characters', () => '?payment_ref=..%2F..%2F..%2Faccount%2Fme123'],
	['a path behind the id', () => `?payment_ref=${paid}%2F..%2Fx`],
	['a query behind the id', () => `?payment_ref=${paid}%3Fx%3D1`],
	['an expression of n8n', () => '?payment_ref={{$env}}'],
	['markup', () => '?payment_ref=%3Cscript%3Ealert(1)%3C/script%3E'],
	['a thousand parameters and no id', () => `?${'a=1&'.repeat(1000)}`],
	['a value of 10 kB', () => `?payment_ref=${'a'.repeat(10_000)}`],
	['a semicolon as separator', () => `?a=1;payment_ref=${paid}`],
];

/** Calls with a payment that is paid, without a signature that fits: 401, and nobody is asked. */
const unsigned: Array<[name: string, query: () => string]> = [
	['no signature', () => ''],
	['an empty one', () => '&konnect_terms='],
	['a dot', () => '&konnect_terms=.'],
	['the terms alone', () => `&konnect_terms=${terms.split('.')[0]}`],
	['the signature alone', () => `&konnect_terms=.${terms.split('.')[1]}`],
	['a signature cut by one', () => `&konnect_terms=${terms.slice(0, -1)}`],
	['a signature with one more', () => `&konnect_terms=${terms}A`],
	['three parts', () => `&konnect_terms=${terms}.${terms}`],
	['padding', () => `&konnect_terms=${terms}=`],
	['capitals', () => `&konnect_terms=${terms.toUpperCase()}`],
	['a space before', () => `&konnect_terms=%20${terms}`],
	['a null behind', () => `&konnect_terms=${terms}%00`],
	['two of them', () => `&konnect_terms=${terms}&konnect_terms=${terms}`],
	['a list', () => `&konnect_terms[]=${terms}`],
	['an object', () => `&konnect_terms[a]=${terms}`],
	['a prototype', () => `&__proto__[konnect_terms]=${terms}`],
	['another name', () => `&signature=${terms}`],
	[
		'other terms under it',
		() => `&konnect_terms=${payloadOf([1, 'TND', null])}.${terms.split('.')[1]}`,
	],
	[
		'another secret',
		() => `&konnect_terms=${payloadOf([1, 'TND'])}.${macOf(payloadOf([1, 'TND']), 'x')}`,
	],
	['an empty secret', () => `&konnect_terms=a.${macOf('a', '')}`],
	['the secret without its purpose', () => `&konnect_terms=a.${macOf('a', SECRET, '')}`],
	['a hash without a secret', () => `&konnect_terms=a.${'0'.repeat(43)}`],
	['hexadecimal', () => `&konnect_terms=a.${Buffer.from(macOf('a'), 'base64url').toString('hex')}`],
	['10 kB', () => `&konnect_terms=${'a'.repeat(5_000)}.${'b'.repeat(5_000)}`],
	['a thousand dots', () => `&konnect_terms=${'.'.repeat(1000)}`],
	['bytes that are not UTF-8', () => '&konnect_terms=%ff.%ff'],
];

const nothingHappened = () => {
	expect(open.executions).toHaveLength(0);
	expect(signed.executions).toHaveLength(0);
	expect(open.saves() + signed.saves()).toBe(0);
	expect(unhandled).toEqual([]);
};

describe('a call without a payment', () => {
	it.each(malformed)('is answered 400 and costs nothing: %s', async (_name, query) => {
		const before = sandbox.requests.length;
		for (const server of [open, signed]) {
			const { status, body } = await send(server, `~${query()}`);
			expect(status).toBe(400);
			expect(JSON.parse(body)).toMatchObject({ result: 'refused' });
		}
		expect(sandbox.requests).toHaveLength(before);
		nothingHappened();
	});
});

describe('a call without a signature that fits', () => {
	// All at once: each waits for the next reading of the credential.
	it('is answered 401 and costs nothing', async () => {
		const before = sandbox.requests.length;
		const answers = unsigned.map(async ([name, query]) => {
			const { status, body } = await send(signed, `~?payment_ref=${paid}${query()}`);
			return [name, status, (JSON.parse(body) as { result: string }).result];
		});
		const refused = unsigned.map(([name]) => [name, 401, 'refused']);
		expect(await Promise.all(answers)).toEqual(refused);
		expect(sandbox.requests).toHaveLength(before);
		nothingHappened();
	});
});

describe('a call for a payment that is not meant', () => {
	it('of another wallet is ignored, and no value of the payment is told', async () => {
		const { status, body } = await send(open, `~?payment_ref=${foreign}`);
		expect(status).toBe(200);
		expect(JSON.parse(body)).toMatchObject({ result: 'ignored' });
		for (const value of ['12500', 'TND', SANDBOX_ACCOUNTS.other.walletId]) {
			expect(body).not.toContain(value);
		}
		nothingHappened();
	});

	it('with the signed terms of another is ignored', async () => {
		const { status, body } = await send(signed, `~?payment_ref=${foreign}&konnect_terms=${terms}`);
		expect([status, (JSON.parse(body) as { result: string }).result]).toEqual([200, 'ignored']);
		nothingHappened();
	});

	it('that nobody has paid starts nothing, whatever the query claims', async () => {
		const claims = 'status=completed&state=paid&amount=12500&payment[status]=completed';
		const { status } = await send(open, `~?payment_ref=${unpaid}&${claims}`);
		expect(status).toBe(503);
		nothingHappened();
	});

	it('that Konnect does not know is answered 404, and asked for each time', async () => {
		const before = sandbox.requests.length;
		for (const ref of [A, A.toUpperCase(), A]) {
			expect((await send(open, `~?payment_ref=${ref}`)).status).toBe(404);
		}
		expect(sandbox.requests).toHaveLength(before + 3);
		nothingHappened();
	});
});

describe('a request of another kind', () => {
	it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'])('starts nothing: %s', async (method) => {
		const { status } = await send(open, `~?payment_ref=${paid}`, { method });
		expect(status).toBe(404);
		nothingHappened();
	});

	it('starts nothing: a query of 100 kB, which Node itself refuses', async () => {
		const { status } = await send(open, `~?payment_ref=${'a'.repeat(100_000)}`);
		expect(status).toBe(431);
		nothingHappened();
	});
});

describe('generated calls', () => {
	const text = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 60 }),
		fc.constantFrom('', '__proto__', 'constructor', '[]', '%', '&', '=', '\u0000', '{{$env}}'),
		fc.stringMatching(/^[0-9a-f]{20,28}$/).filter((value) => value.length !== 24),
	);
	const name = fc.oneof(
		fc.constantFrom('payment_ref', 'payment_ref[]', 'payment_ref[a]', 'konnect_terms', 'status'),
		text,
	);
	const query = fc
		.array(fc.tuple(name, text), { maxLength: 6 })
		.map((pairs) => pairs.map((pair) => pair.map(escapeLone).join('=')).join('&'));
	const header = fc.record({
		accept: fc.constantFrom('*/*', 'text/html', 'application/json'),
		'accept-language': fc.stringMatching(/^[a-z*;,=.0-9 -]{0,40}$/),
		'if-none-match': fc.constantFrom('*', '""'),
	});

	it('start nothing, are all answered, and never ask Konnect', async () => {
		const before = sandbox.requests.length;
		let calls = 0;
		await fc.assert(
			fc.asyncProperty(query, header, fc.boolean(), async (text, headers, toSigned) => {
				calls++;
				const { status } = await send(toSigned ? signed : open, `~?${text}`, { headers });
				expect(status).toBe(400);
			}),
			{ numRuns: GENERATED, seed },
		);
		expect(calls).toBe(GENERATED);
		expect(sandbox.requests).toHaveLength(before);
		nothingHappened();
	}, 120_000);
});

/** `encodeURIComponent` that takes lone surrogates, which it would throw at. */
const escapeLone = (value: string) => encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '?'));

describe('a call that is right', () => {
	it('starts the workflow once, even with a header that makes express answer 304', async () => {
		const statuses = [];
		for (let time = 0; time < 3; time++) {
			const headers = { 'if-none-match': '*' };
			const path = `~?payment_ref=${paid}&konnect_terms=${terms}`;
			statuses.push((await send(signed, path, { headers })).status);
		}
		expect(signed.executions).toHaveLength(1);
		expect(unhandled).toEqual([]);
		expect(statuses.every((status) => status === 200 || status === 304)).toBe(true);
	});
});
