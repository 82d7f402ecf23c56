import { call as callServer } from './callServer';
import { credentialFor, runNode, sandbox } from './harness';
import { listen as listenWith, useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

const SECRET = 'a secret of thirty-two characters';
const NEWER = 'another secret newer than the first';

useTriggers();

const withSecret = (webhookSecret: string) => credentialFor({ webhookSecret });

const listen = async (secret: string, parameters = {}) =>
	await listenWith(parameters, { credential: () => withSecret(secret) });

async function makePayment(server: WebhookServer, secret: string) {
	const webhook = `${server.url}?cart_id=6670`;
	const urls = { successUrl: webhook, failUrl: webhook };
	const additionalFields = { orderId: 'طلب №1 & co', ...urls };
	const { output, error } = await runNode(
		{ operation: 'initPayment', amount: 12.5, notify: 'url', webhook, additionalFields },
		{ credential: withSecret(secret) },
	);
	if (error) throw error;
	const { body } = sandbox.requests.at(-1) as { body: { webhook: string } };
	const json = output[0]?.json ?? {};
	// The signed address as Konnect was given it, and what the node put out.
	return { ref: String(json.paymentRef), address: body.webhook, output: json };
}

const call = async (address: string, ref: string) =>
	await callServer(`${address}&payment_ref=${ref}`);

describe('a signed webhook address', () => {
	it('starts the workflow, and leaves no trace of the signature in outputs, answers and the log', async () => {
		const server = await listen(SECRET, { simplify: false });
		const { ref, address, output } = await makePayment(server, SECRET);
		const signature = /konnect_terms=([\w.-]+)/.exec(address)?.[1] ?? '';
		expect(signature.length).toBeGreaterThan(60);
		await sandbox.pay(ref);
		const answer = await call(address, ref);
		expect(answer).toMatchObject({ status: 200, body: { result: 'accepted' } });
		const read = await runNode(
			{ operation: 'getPayment', paymentId: ref, simplify: false },
			{ credential: withSecret(SECRET) },
		);
		expect(read.output[0]?.json.webhook).toBe(`${server.url}?cart_id=6670&payment_ref=${ref}`);
		const everything = [output, answer, server.executions, server.log, read.output];
		for (const part of [signature, ...signature.split('.'), SECRET]) {
			expect(JSON.stringify(everything)).not.toContain(part);
		}
		const ours = { state: 'paid', query: { cart_id: '6670' } };
		// Konnect's own object, because `simplify` is off.
		expect(server.executions).toMatchObject([{ id: ref, successfulTransactions: 1, ...ours }]);
	});
});

describe('the credential’s secret', () => {
	it('can be replaced: addresses signed with the old one are accepted while both are set', async () => {
		const before = await listen(SECRET);
		const old = await makePayment(before, SECRET);
		const during = await listen(`${NEWER}, ${SECRET}`);
		const fresh = await makePayment(during, `${NEWER}, ${SECRET}`);
		for (const { ref } of [old, fresh]) await sandbox.pay(ref);
		const at = (server: WebhookServer, { address, ref }: typeof old) =>
			call(address.replace(/^[^?]*/, server.url), ref);
		expect((await at(during, old)).body.result).toBe('accepted');
		expect((await at(during, fresh)).body.result).toBe('accepted');
		const after = await listen(NEWER);
		expect((await at(after, old)).status).toBe(401);
		expect((await at(after, fresh)).body.result).toBe('accepted');
	});

	it('is not needed: without one addresses are signed all the same, and calls without a signature are taken', async () => {
		const server = await listen('');
		const signed = await makePayment(server, '');
		expect(signed.address).toContain(`${server.url}?cart_id=6670&konnect_terms=`);
		await sandbox.pay(signed.ref);
		expect((await call(signed.address, signed.ref)).body.result).toBe('accepted');
		const other = await makePayment(server, '');
		await sandbox.pay(other.ref);
		expect((await call(`${server.url}?a=1`, other.ref)).body.result).toBe('accepted');
		expect((await call(signed.address, other.ref)).body.result).toBe('duplicate');
	});

	it('lets calls without a signature through where that is chosen, but never one with a wrong signature', async () => {
		const server = await listen(SECRET, { options: { acceptUnsigned: true } });
		const { ref } = await makePayment(server, '');
		await sandbox.pay(ref);
		expect((await call(`${server.url}?konnect_terms=a.b`, ref)).status).toBe(401);
		expect((await call(`${server.url}?a=1`, ref)).body.result).toBe('accepted');
	});
});
