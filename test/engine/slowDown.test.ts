import { call } from './callServer';
import { madeOrders, makeOrders, makePayment, openSandbox, sandbox } from './harness';
import { startWebhookServer } from './webhookServer';

// One sandbox for each test, because a refusal holds back all later requests with the same key and address.
beforeEach(openSandbox);
afterEach(async () => await sandbox.close());

const statuses = () => sandbox.requests.map(({ status }) => status);

/** Resolves when the sandbox has answered this many requests. */
async function answered(requests: number): Promise<void> {
	while (statuses().filter((status) => status !== 0).length < requests) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

describe('a Konnect that asks to slow down', () => {
	it('is obeyed by all items, and each payment is made once', async () => {
		sandbox.setFaults({ status: 429, retryAfter: 1, skip: 2, times: 1 });
		const { output, error } = await makeOrders([1, 1, 1, 1], 2);
		expect(error).toBeUndefined();
		expect(output.map(({ json }) => json.orderId)).toEqual(['O-0', 'O-1', 'O-2', 'O-3']);
		expect(madeOrders().sort()).toEqual(['O-0', 'O-1', 'O-2', 'O-3']);
		const refusedAt = sandbox.requests.findIndex(({ status }) => status === 429);
		// One request that was under way may have arrived after the refusal. All others have waited.
		const later = sandbox.requests.slice(refusedAt + 2);
		const earliest = (sandbox.requests[refusedAt]?.at ?? NaN) + 1_000;
		expect(later.length).toBeGreaterThan(0);
		for (const { at } of later) expect(at).toBeGreaterThanOrEqual(earliest);
	});

	it('keeps nobody waiting once another item has failed', async () => {
		sandbox.setFaults({ status: 429, retryAfter: 60, times: 1 });
		const { error } = await makeOrders([1, 'x'], 2);
		expect(error?.message).toContain("'Amount' cannot be used");
		expect(error?.description).not.toContain('failed too');
		expect(statuses()).toEqual([429]);
		expect(madeOrders()).toEqual([]);
	});
});

describe('a call of the trigger', () => {
	it('waits in the same line, and is answered at once where its turn would come too late', async () => {
		const ref = await makePayment();
		const server = await startWebhookServer();
		sandbox.setFaults({ status: 429, retryAfter: 60, times: 1, match: 'init' });
		const called = answered(2).then(async () => await call(`${server.url}?payment_ref=${ref}`));
		await makeOrders([1], 1, { stop: called });
		expect(await called).toMatchObject({ status: 503, retryAfter: '10' });
		expect(sandbox.requests.filter(({ method }) => method === 'GET')).toHaveLength(0);
		await server.close();
	});
});

describe('an execution that is stopped', () => {
	it('begins no further payment, and tells of those made and of those that may have been', async () => {
		sandbox.setFaults({ latency: 20 });
		const { error } = await makeOrders(Array(50).fill(1), 2, { stop: answered(6) });
		expect(error?.message).toContain('a payment may have been made');
		expect(error?.description).toContain('was made for order "O-0"');
		// Two requests may have been under way when the execution was stopped. They still arrive.
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(sandbox.requests.length).toBeLessThanOrEqual(8);
	});
});
