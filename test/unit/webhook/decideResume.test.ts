import type { Waiting } from '../../../nodes/Konnect/payment/waiting';
import { decideResume } from '../../../nodes/Konnect/webhook/decideResume';
import { refOf, success, TriggerWorld } from '../../fixtures/calls';
import { changed, pending } from '../../fixtures/payments';

const waitFor = (count: number): Waiting => ({
	key: 'wait-1',
	items: Array.from({ length: count }, (_, n) => ({
		paymentId: refOf(n),
		resumeOn: ['paid', 'expired'],
		simplify: true,
	})),
});

/** A Konnect that knows which payments are paid. */
function worldOf() {
	const world = new TriggerWorld(success(pending));
	const paid = new Set<string>();
	const reads: string[] = [];
	const deps = (patience = 30_000) => ({
		...world.deps(patience),
		read: async (_used: unknown, ref: string) => {
			reads.push(ref);
			await world.clock.sleep(50);
			const status = paid.has(ref) ? 'completed' : 'pending';
			return success(
				changed(pending, { id: ref, status, failedTransactions: 1 }) as typeof pending,
			);
		},
	});
	const call = async (waiting: Waiting, ref: string, patience?: number) =>
		await world.clock.until(
			decideResume(new URLSearchParams({ payment_ref: ref }), waiting, deps(patience)),
		);
	return { world, paid, reads, call };
}

describe('a call of an execution that waits for many payments', () => {
	it('costs no more than two reads while another one is open, each time', async () => {
		const { paid, reads, call } = worldOf();
		const waiting = waitFor(30);
		for (let n = 0; n < 29; n++) paid.add(refOf(n));
		expect(await call(waiting, refOf(0))).toMatchObject({ kind: 'ignored' });
		const before = reads.length;
		for (let time = 0; time < 5; time++) {
			expect(await call(waiting, refOf(0))).toMatchObject({ kind: 'ignored' });
		}
		expect(reads.length - before).toBeLessThanOrEqual(10);
	});

	it('lets it go on when the last of five hundred is paid', async () => {
		const { paid, reads, call } = worldOf();
		const waiting = waitFor(500);
		for (let n = 0; n < 500; n++) {
			paid.add(refOf(n));
			const { kind } = await call(waiting, refOf(n));
			expect(kind).toBe(n < 499 ? 'ignored' : 'run');
		}
		expect(new Set(reads).size).toBe(500);
	}, 60_000);

	it('lets it go on once', async () => {
		const { paid, call } = worldOf();
		const waiting = waitFor(3);
		for (let n = 0; n < 3; n++) paid.add(refOf(n));
		const first = await call(waiting, refOf(1));
		expect(first).toMatchObject({ kind: 'run', items: [{}, {}, {}] });
		expect(await call(waiting, refOf(1), 1_000)).toMatchObject({ kind: 'unavailable' });
		if (first.kind === 'run') first.claim?.commit();
		expect(await call(waiting, refOf(1))).toMatchObject({ kind: 'duplicate' });
	});

	it('by a stranger is answered from one look in ten seconds', async () => {
		const { reads, call, world } = worldOf();
		for (let n = 0; n < 20; n++) {
			expect(await call(waitFor(2), 'f'.repeat(24))).toMatchObject({ kind: 'ignored' });
		}
		expect(reads).toHaveLength(1);
		await world.clock.advance(11_000);
		await call(waitFor(2), 'f'.repeat(24));
		expect(reads).toHaveLength(2);
	});

	it('for nothing is for the owner', async () => {
		const { call } = worldOf();
		expect(await call({ key: 'x', items: [] }, refOf(1))).toMatchObject({ kind: 'misconfigured' });
	});
});
