/**
 * Hostile calls of the trigger's webhook, over HTTP, to the built node in n8n's real webhook context. They start no execution and
 * cause no unhandled error. Each gets an answer. None causes an API call where none is due.
 */
import fc from 'fast-check';

import { call } from './callServer';
import { credentialFor, makePayment, openSandbox, sandbox } from './harness';
import type { WebhookServer } from './webhookServer';
import { startWebhookServer } from './webhookServer';

const SECRET = 'a secret of thirty-two characters';

let open: WebhookServer;
let signed: WebhookServer;
let paid: string;
/** The signed terms of `paid`. */
let terms: string;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeAll(async () => {
	process.on('unhandledRejection', note);
	await openSandbox();
	const credential = credentialFor({ webhookSecret: SECRET });
	open = await startWebhookServer({ options: { timeout: 3 } });
	signed = await startWebhookServer({}, { credential: () => credential });
	const webhook = 'https://n8n.example/webhook/x/konnect';
	paid = await makePayment({ notify: 'url', webhook }, { credential });
	const { body } = sandbox.requests.at(-1) as { body: { webhook: string } };
	terms = /konnect_terms=([\w.-]+)/.exec(body.webhook)?.[1] ?? '';
	await sandbox.pay(paid);
});
afterAll(async () => {
	process.off('unhandledRejection', note);
	await Promise.all([open.close(), signed.close(), sandbox.close()]);
});

const A = 'a'.repeat(24);
const encoded = (text: string) => encodeURIComponent(text);

/** Calls that name no payment. They are answered 400, and Konnect is not asked. */
const malformed: Array<[name: string, query: () => string]> = [
	['no query', () => ''],
	['no value', () => '?payment_ref'],
	['two values', () => `?payment_ref=${paid}&payment_ref=${A}`],
	['a list', () => `?payment_ref[]=${paid}`],
	['an object', () => `?payment_ref[id]=${paid}`],
	['an object that is deep', () => `?payment_ref${'[a]'.repeat(300)}=1`],
	['a prototype', () => `?__proto__[payment_ref]=${paid}`],
	['another name', () => `?paymentRef=${paid}`],
	['a space before', () => `?payment_ref=%20${paid}`],
	['a line end behind', () => `?payment_ref=${paid}%0A`],
	['a null behind', () => `?payment_ref=${paid}%00`],
	['wide digits', () => `?payment_ref=${encoded('１'.repeat(24))}`],
	['a letter that lowers to ASCII', () => `?payment_ref=${encoded('K'.repeat(24))}`],
	['a combining mark', () => `?payment_ref=${encoded(`${paid}\u0301`)}`],
	['bytes that are not UTF-8', () => '?payment_ref=%ff%fe%fd'],
	['a broken escape', () => '?payment_ref=%zz'],
	['a value of 10 kB', () => `?payment_ref=${'a'.repeat(10_000)}`],
	['a semicolon as separator', () => `?a=1;payment_ref=${paid}`],
];

/** Calls for a paid payment without a valid signature. They are answered 401, and Konnect is not asked. */
const unsigned: Array<[name: string, query: () => string]> = [
	['no signature', () => ''],
	['the terms alone', () => `&konnect_terms=${terms.split('.')[0]}`],
	['two of them', () => `&konnect_terms=${terms}&konnect_terms=${terms}`],
	['a list', () => `&konnect_terms[]=${terms}`],
	['an object', () => `&konnect_terms[a]=${terms}`],
	['a prototype', () => `&__proto__[konnect_terms]=${terms}`],
	['another name', () => `&signature=${terms}`],
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
			const { status, body } = await call(server.url + query());
			expect([status, body.result]).toEqual([400, 'refused']);
		}
		expect(sandbox.requests).toHaveLength(before);
		nothingHappened();
	});
});

describe('a call without a signature that fits', () => {
	// All at once, because each waits for the next read of the credential.
	it('is answered 401 and costs nothing', async () => {
		const before = sandbox.requests.length;
		const answers = unsigned.map(async ([name, query]) => {
			const { status, body } = await call(`${signed.url}?payment_ref=${paid}${query()}`);
			return [name, status, body.result];
		});
		const refused = unsigned.map(([name]) => [name, 401, 'refused']);
		expect(await Promise.all(answers)).toEqual(refused);
		expect(sandbox.requests).toHaveLength(before);
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
		await fc.assert(
			fc.asyncProperty(query, header, fc.boolean(), async (text, headers, toSigned) => {
				const { status } = await call(`${(toSigned ? signed : open).url}?${text}`, headers);
				expect(status).toBe(400);
			}),
			{ numRuns: 3_000 },
		);
		expect(sandbox.requests).toHaveLength(before);
		nothingHappened();
	}, 120_000);
});

/** `encodeURIComponent` throws for lone surrogates, so they are replaced first. */
const escapeLone = (value: string) => encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '?'));

describe('a call that is right', () => {
	it('starts the workflow once, even with a header that makes express answer 304', async () => {
		const statuses = [];
		for (let time = 0; time < 3; time++) {
			const address = `${signed.url}?payment_ref=${paid}&konnect_terms=${terms}`;
			statuses.push((await call(address, { 'if-none-match': '*' })).status);
		}
		expect(signed.executions).toHaveLength(1);
		expect(unhandled).toEqual([]);
		expect(statuses.every((status) => status === 200 || status === 304)).toBe(true);
	});
});
