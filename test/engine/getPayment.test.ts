import type { INodeParameters } from 'n8n-workflow';

import { makePayment, runNode, sandbox, useSandbox } from './harness';

useSandbox();

const get = (parameters: object) => runNode({ operation: 'getPayment', ...parameters });

const makeOrder = async (parameters: INodeParameters = {}) =>
	await makePayment({ additionalFields: { orderId: 'A-1' }, ...parameters });

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
		const { output } = await get({ paymentId });
		const paid = { state: 'paid', status: 'completed', amountPaid: 12500, method: 'bank_card' };
		expect(output).toEqual([{ json: expect.objectContaining(paid), pairedItem: { item: 0 } }]);
		expect(output[0]?.json).not.toHaveProperty('matches');
	});
});

describe('expectations', () => {
	const right = { expectedAmount: 12.5, expectedToken: 'TND', expectedOrderId: 'A-1' };

	const EUROS = { token: 'EUR' };
	it.each<[string, INodeParameters, object, string[]]>([
		['all that hold', {}, right, []],
		['another amount', {}, { ...right, expectedAmount: 12.499 }, ['amount']],
		['another currency', {}, { ...right, expectedToken: 'EUR', expectedAmount: 125 }, ['token']],
		['another order', {}, { ...right, expectedOrderId: 'A-2' }, ['orderId']],
		['an amount alone, which means dinars', EUROS, { expectedAmount: 12.5 }, ['amount', 'token']],
		['the right currency alone', EUROS, { expectedToken: 'EUR' }, []],
		['another currency alone', EUROS, { expectedToken: 'TND' }, ['token']],
		['an order alone', EUROS, { expectedOrderId: 'A-1' }, []],
		['millimes', {}, { expectedAmount: 12500, amountUnit: 'minor' }, []],
	])('of %s name each field that differs', async (_name, made, options, fields) => {
		const paymentId = await makeOrder(made);
		const [item] = (await get({ paymentId, options })).output;
		expect(item?.json).toMatchObject({
			matches: fields.length === 0,
			mismatches: fields.map((field) => expect.objectContaining({ field })),
		});
	});
});

describe('a payment that cannot be read', () => {
	it('is given up after the timeout', async () => {
		const paymentId = await makeOrder();
		sandbox.setFaults({ latency: 60_000, match: 'get', times: 4 });
		const { error } = await get({ paymentId, options: { timeout: 0.05 } });
		expect(error?.message).toBe('Konnect did not answer in time');
	});
});
