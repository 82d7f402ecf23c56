import type { INodeParameters } from 'n8n-workflow';

import { SANDBOX_ACCOUNTS, startSandbox, type Sandbox } from '../../sandbox';
import { credentialFor, makePayment, runNode } from './harness';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const get = (parameters: object) =>
	runNode({ operation: 'getPayment', ...parameters }, { credential: credentialFor(sandbox) });

const makeOrder = async (parameters: INodeParameters = {}) =>
	await makePayment(sandbox, { additionalFields: { orderId: 'A-1' }, ...parameters });

describe('the payment', () => {
	it.each(['real', 'documented'] as const)('is read from the %s body', async (shape) => {
		sandbox.setShape(shape);
		const paymentId = await makeOrder();
		await sandbox.pay(paymentId, { card: 'failing' });
		expect((await get({ paymentId })).output[0]?.json).toMatchObject({
			paymentId,
			state: 'attemptFailed',
			status: 'pending',
			amount: 12500,
			amountInCurrency: '12.500',
			amountPaid: 0,
			orderId: 'A-1',
		});
		await sandbox.pay(paymentId);
		expect((await get({ paymentId })).output).toEqual([
			{
				json: expect.objectContaining({
					state: 'paid',
					status: 'completed',
					amountPaid: 12500,
					method: 'bank_card',
				}),
				pairedItem: { item: 0 },
			},
		]);
		expect((await get({ paymentId })).output[0]?.json).not.toHaveProperty('matches');
	});

	it('is found by its pay link pasted whole', async () => {
		const ref = await makeOrder();
		const paymentId = `${sandbox.url}/pay?theme=dark&payment_ref=${ref}&lang=fr`;
		expect((await get({ paymentId })).output[0]?.json.paymentId).toBe(ref);
	});

	it('is Konnect’s own, with our reading beside it, when it is not to be simplified', async () => {
		const paymentId = await makeOrder({ additionalFields: { email: 'payer@example.com' } });
		await sandbox.pay(paymentId);
		const [item] = (await get({ paymentId, simplify: false })).output;
		expect(item?.json).toMatchObject({
			id: paymentId,
			status: 'completed',
			state: 'paid',
			environment: 'custom',
			transactions: [expect.objectContaining({ status: 'success' })],
			paymentDetails: expect.anything(),
		});
	});

	it('is expired when Konnect says so', async () => {
		const paymentId = await makeOrder();
		sandbox.expire(paymentId);
		expect((await get({ paymentId })).output[0]?.json.state).toBe('expired');
	});

	it('is never taken from an answer about another payment', async () => {
		const paymentId = await makeOrder();
		sandbox.update(paymentId, { id: 'a'.repeat(24), status: 'completed' });
		const { error, output } = await get({ paymentId });
		expect(error?.message).toBe("Konnect's answer cannot be understood");
		expect(output).toEqual([]);
	});
});

describe('expectations', () => {
	const right = { expectedAmount: 12.5, expectedToken: 'TND', expectedOrderId: 'A-1' };

	it('match where all of them hold', async () => {
		const paymentId = await makeOrder();
		const { output } = await get({ paymentId, options: right });
		expect(output[0]?.json).toMatchObject({ matches: true, mismatches: [] });
	});

	it.each([
		['amount', { expectedAmount: 12.499 }, { expected: 12499, actual: 12500 }],
		['token', { expectedToken: 'EUR', expectedAmount: 125 }, { expected: 'EUR', actual: 'TND' }],
		['orderId', { expectedOrderId: 'A-2' }, { expected: 'A-2', actual: 'A-1' }],
	])('tell a wrong %s', async (field, options, values) => {
		const paymentId = await makeOrder();
		const { output } = await get({ paymentId, options: { ...right, ...options } });
		expect(output[0]?.json).toMatchObject({ matches: false, mismatches: [{ field, ...values }] });
	});

	it('are not met by a field that the payment lacks', async () => {
		const paymentId = await makeOrder({ additionalFields: {} });
		const { output } = await get({ paymentId, options: { expectedOrderId: 'A-1' } });
		expect(output[0]?.json).toMatchObject({
			matches: false,
			mismatches: [{ field: 'orderId', actual: null }],
		});
	});

	it('of an amount alone mean dinars, so that 12.5 euros are not taken for them', async () => {
		const paymentId = await makeOrder({ token: 'EUR' });
		const { output } = await get({ paymentId, options: { expectedAmount: 12.5 } });
		expect(output[0]?.json.matches).toBe(false);
	});

	it('of a currency alone are only about that', async () => {
		const paymentId = await makeOrder({ token: 'EUR' });
		const inEuros = await get({ paymentId, options: { expectedToken: 'EUR' } });
		expect(inEuros.output[0]?.json).toMatchObject({ matches: true, mismatches: [] });
		const inDinars = await get({ paymentId, options: { expectedToken: 'TND' } });
		expect(inDinars.output[0]?.json).toMatchObject({
			matches: false,
			mismatches: [{ field: 'token', expected: 'TND', actual: 'EUR' }],
		});
	});

	it('of an order alone say nothing of the currency', async () => {
		const paymentId = await makeOrder({ token: 'EUR' });
		const { output } = await get({ paymentId, options: { expectedOrderId: 'A-1' } });
		expect(output[0]?.json).toMatchObject({ matches: true, mismatches: [] });
	});

	it('can be given in millimes', async () => {
		const paymentId = await makeOrder();
		const options = { expectedAmount: 12500, amountUnit: 'minor' };
		const { output } = await get({ paymentId, options });
		expect(output[0]?.json.matches).toBe(true);
	});

	it('are not met where the money goes to another wallet', async () => {
		sandbox.setShape('documented');
		const paymentId = await makeOrder();
		sandbox.update(paymentId, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		const { output } = await get({ paymentId, options: right });
		expect(output[0]?.json).toMatchObject({
			matches: false,
			mismatches: [{ field: 'receiverWalletId' }],
		});
	});
});

describe('a payment that cannot be read', () => {
	it.each(['={{ $json.nothing }}', 'abc', 'g'.repeat(24), 'https://shop.example.com/?ref=1', 42])(
		'is refused before Konnect is asked: %j',
		async (paymentId) => {
			const { error } = await get({ paymentId });
			expect(error?.message).toContain("'Payment ID'");
			expect(sandbox.requests).toHaveLength(0);
		},
	);

	it('is said to be unknown, in Konnect’s words too', async () => {
		const { error } = await get({ paymentId: 'f'.repeat(24) });
		expect(error?.message).toBe('Konnect knows no such payment');
		expect(error?.description).toContain('Paiement non trouvé');
	});

	it('is asked for again where the network or Konnect stumbles', async () => {
		const paymentId = await makeOrder();
		sandbox.setFaults({ status: 502, times: 2, match: 'get' });
		expect((await get({ paymentId })).output).toHaveLength(1);
		sandbox.setFaults({ cut: 'before', times: 1, match: 'get' });
		expect((await get({ paymentId })).output).toHaveLength(1);
	});

	it('is given up after four tries', async () => {
		const paymentId = await makeOrder();
		sandbox.setFaults({ status: 503, retryAfter: 0, match: 'get' });
		const before = sandbox.requests.length;
		const { error } = await get({ paymentId });
		expect(error?.message).toContain('HTTP 503');
		expect(sandbox.requests.length - before).toBe(4);
	});

	it('is given up after the timeout', async () => {
		const paymentId = await makeOrder();
		sandbox.setFaults({ latency: 60_000, match: 'get', times: 4 });
		const { error } = await get({ paymentId, options: { timeout: 0.05 } });
		expect(error?.message).toBe('Konnect did not answer in time');
	});
});
