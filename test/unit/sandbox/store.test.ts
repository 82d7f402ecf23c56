import { pushBounded } from '../../../sandbox/store';
import { useSandbox } from './harness';

const START = Date.parse('2026-11-01T10:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

let time = START;
const client = useSandbox({ now: () => time });
afterEach(() => {
	time = START;
});

describe('expiry', () => {
	it('comes two minutes after the lifespan, and then nobody can pay', async () => {
		const ref = await client.make({ lifespan: 1 });
		time += 3 * MINUTE - 1;
		expect((await client.read(ref)).status).toBe('pending');
		time += 1;
		expect(await client.read(ref)).toMatchObject({
			status: 'expired',
			updatedAt: '2026-11-01T10:03:00.000Z',
		});
		expect(await client.sandbox.pay(ref)).toEqual({ state: 'expired' });
		expect((await client.read(ref)).transactions).toEqual([]);
	});

	it('never takes a completed payment', async () => {
		const ref = await client.make({ lifespan: 1 });
		await client.sandbox.pay(ref);
		client.sandbox.expire(ref);
		time += 60 * MINUTE;
		expect((await client.read(ref)).status).toBe('completed');
		expect(await client.sandbox.pay(ref)).toEqual({ state: 'alreadyPaid' });
	});
});

describe('a slow bank', () => {
	it('shows no attempt meanwhile, and completes the payment later', async () => {
		const ref = await client.make();
		expect(await client.sandbox.pay(ref, { settlesAfter: 3 * SECOND })).toEqual({
			state: 'settling',
		});
		time += 3 * SECOND - 1;
		expect(await client.read(ref)).toMatchObject({
			status: 'pending',
			transactions: [],
			failedTransactions: 0,
			updatedAt: '2026-11-01T10:00:00.000Z',
		});
		time += 1;
		expect(await client.read(ref)).toMatchObject({
			status: 'completed',
			successfulTransactions: 1,
			updatedAt: '2026-11-01T10:00:03.000Z',
		});
	});

	it('can refuse the card in the end', async () => {
		const ref = await client.make();
		await client.sandbox.pay(ref, { card: 'failing', settlesAfter: SECOND });
		expect((await client.read(ref)).failedTransactions).toBe(0);
		time += SECOND;
		expect(await client.read(ref)).toMatchObject({ status: 'pending', failedTransactions: 1 });
	});

	it('keeps a payment that was paid in time, though its lifespan ends before it answers', async () => {
		const ref = await client.make({ lifespan: 1 });
		await client.sandbox.pay(ref, { settlesAfter: 10 * MINUTE });
		time += 5 * MINUTE;
		client.sandbox.expire(ref);
		expect((await client.read(ref)).status).toBe('pending');
		time += 5 * MINUTE;
		expect((await client.read(ref)).status).toBe('completed');
	});

	it('can be the bank of all payments, and of one otherwise', async () => {
		client.sandbox.setFaults({ settlesAfter: SECOND });
		const [slow, quick] = [await client.make(), await client.make()];
		expect((await client.sandbox.pay(slow)).state).toBe('settling');
		expect((await client.sandbox.pay(quick, { settlesAfter: 0 })).state).toBe('paid');
	});
});

describe('a log', () => {
	it('stays within its limit and keeps the newest', () => {
		const log: number[] = [];
		for (let i = 0; i < 1000; i++) pushBounded(log, i, 100);
		expect(log.length).toBeLessThanOrEqual(100);
		expect(log.at(-1)).toBe(999);
	});
});
