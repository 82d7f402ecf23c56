import { useSandbox } from './harness';

const START = Date.parse('2026-11-01T10:00:00Z');
let time = START;
const client = useSandbox({ now: () => time });
const MINUTE = 60_000;

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
