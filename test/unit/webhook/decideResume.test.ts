import type { PaymentState } from '../../../nodes/Konnect/payment/state';
import type { Waiting } from '../../../nodes/Konnect/payment/waiting';
import { answerTo } from '../../../nodes/Konnect/webhook/answer';
import { decideResume } from '../../../nodes/Konnect/webhook/decideResume';
import {
	body,
	browser,
	failure,
	PAID,
	patientBrowser,
	plain,
	refOf,
	says,
	success,
	TriggerWorld,
} from '../../fixtures/calls';
import { changed, pending } from '../../fixtures/payments';

const awaited = (paymentId: string, ...resumeOn: PaymentState[]) => ({
	paymentId,
	resumeOn,
	simplify: true,
});

const waitFor = (count: number): Waiting => ({
	key: 'wait-1',
	items: Array.from({ length: count }, (_, n) => awaited(refOf(n), 'paid', 'expired')),
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
		expect(first).toMatchObject({
			kind: 'run',
			isSettled: true,
			items: [{ timedOut: false }, { timedOut: false }, { timedOut: false }],
		});
		expect(await call(waiting, refOf(1), 1_000)).toMatchObject({ kind: 'unavailable' });
		if (first.kind === 'run') first.claim?.commit();
		expect(await call(waiting, refOf(1))).toMatchObject({
			kind: 'duplicate',
			reason: 'the execution goes on already',
		});
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
		expect(await call({ key: 'x', items: [] }, refOf(1))).toMatchObject({
			kind: 'misconfigured',
			problem: {
				message: 'The execution waits for no payment',
				description: 'What Wait for Payment has stored with it cannot be read.',
			},
		});
	});

	it('puts out what failed before, and each input that was to be kept', async () => {
		const { paid, reads, call } = worldOf();
		const output = { error: 'failed' };
		const item = awaited(refOf(0), 'paid');
		const waiting: Waiting = {
			key: 'wait-1',
			items: [{ output }, { ...item, input: { row: 1 } }, item],
		};
		// A stranger's call is about the first that is awaited.
		expect(await call(waiting, 'f'.repeat(24))).toMatchObject({
			kind: 'ignored',
			reason: "the payment's state is \"attemptFailed\", which is not in 'Resume On'",
		});
		expect(reads).toEqual([refOf(0)]);
		paid.add(refOf(0));
		const decision = await call(waiting, refOf(0));
		expect(decision).toMatchObject({ items: [output, { input: { row: 1 } }, {}] });
		if (decision.kind === 'run') expect(decision.items[2]).not.toHaveProperty('input');
	});
});

describe('an execution that waits for many payments, most of which have expired', () => {
	it.each([
		[150, 200, 4_000],
		[500, 350, 30_000],
	])(
		'goes on when the last of %d is paid (Konnect takes %d ms, calls have %d ms)',
		async (count, latency, patience) => {
			const waiting = waitFor(count);
			const world = new TriggerWorld(says({}));
			const kinds: string[] = [];
			// The page asks again for two minutes; a server as often as it is asked to.
			for (let time = 0; time < 20 && !kinds.includes('run'); time++) {
				const deps = {
					...world.deps(patience),
					read: async (_used: unknown, ref: string) => {
						await world.clock.sleep(latency);
						return success(body({ id: ref, ...(ref === refOf(0) ? PAID : { status: 'expired' }) }));
					},
				};
				kinds.push((await world.clock.until(decideResume(plain(refOf(0)), waiting, deps))).kind);
				await world.clock.advance(10_000);
			}
			expect(kinds).toContain('run');
		},
	);
});

const TWO: Waiting = {
	key: 'wait-1',
	items: [0, 1].map((n) => awaited(refOf(n), 'paid')),
};

function worldOfTwo(latencyOfOther: number) {
	const world = new TriggerWorld(says({}));
	const reads = { other: 0 };
	const deps = (patience: number) => ({
		...world.deps(patience),
		read: async (_used: unknown, ref: string) => {
			const isFirst = ref === refOf(0);
			if (!isFirst) reads.other++;
			await world.clock.sleep(isFirst ? 50 : latencyOfOther);
			return success(body({ id: ref, ...(isFirst && PAID) }));
		},
	});
	const call = async (ref: string, patience: number) =>
		await world.clock.until(decideResume(plain(ref), TWO, deps(patience)));
	return { world, reads, call };
}

it('a payer whose own payment is paid is told so, though another one cannot be read', async () => {
	const { call } = worldOfTwo(30_000);
	const decision = await call(refOf(0), 4_000);
	expect(answerTo(decision, patientBrowser).body).toContain('Payment received');
});

it('strangers have one look in ten seconds, also where the first payment is paid already', async () => {
	const { world, reads, call } = worldOfTwo(50);
	const begun = world.clock.now();
	while (world.clock.now() - begun < 9_000) {
		await call('f'.repeat(24), 30_000);
		await world.clock.advance(100);
	}
	expect(reads.other).toBe(1);
});

const [A, B] = [refOf(1), refOf(2)] as const;

const FAILED = { failedTransactions: 1 };
const ALL_REACHED = { reachedAmount: 10_000 };

const UNTIL_REFUSED_TOO = [A, B].map((ref) =>
	awaited(ref, 'paid', 'attemptFailed', 'partiallyPaid'),
);

/** An execution that waits, for two payments until each is paid or a card was refused if nothing else is said, and its Konnect. */
class WaitingWorld extends TriggerWorld {
	/** What Konnect says of each payment. */
	readonly says: Record<string, object> = {};

	missing: string | undefined;

	latencyOfEach = 0;

	readonly reads: string[] = [];

	constructor(private readonly items: Waiting['items'] = UNTIL_REFUSED_TOO) {
		super(says({}));
	}

	async call(ref: string, patience = 4_000) {
		const deps = this.deps(patience);
		deps.read = async (_connection, id) => {
			this.reads.push(id);
			if (this.latencyOfEach > 0) await this.clock.sleep(this.latencyOfEach);
			return id === this.missing ? failure('notFound') : success(body({ id, ...this.says[id] }));
		};
		return await this.clock.until(
			decideResume(plain(ref), { key: 'wait-1', items: this.items }, deps),
		);
	}
}

describe('the states that items wait for', () => {
	it('are those of their own payment', async () => {
		const world = new WaitingWorld([awaited(A, 'paid'), awaited(B, 'expired')]);
		world.says[A] = PAID;
		expect(await world.call(A)).toMatchObject({
			kind: 'ignored',
			reason: 'another payment that this execution waits for is still open',
		});
		world.says[B] = { status: 'expired' };
		expect(await world.call(A)).toMatchObject({ kind: 'run' });
	});

	it('are those of all items that wait for a payment', async () => {
		const world = new WaitingWorld([
			awaited(A, 'paid', 'expired'),
			awaited(A, 'paid'),
			awaited(B, 'paid'),
		]);
		world.says[A] = { status: 'expired' };
		world.says[B] = PAID;
		for (const ref of [A, B]) expect(await world.call(ref)).toMatchObject({ kind: 'ignored' });
	});
});

it('a payment that can change no more is read once a minute, while others are open', async () => {
	const C = refOf(3);
	const world = new WaitingWorld([A, B, C].map((ref) => awaited(ref, 'paid', 'expired')));
	world.says[A] = PAID;
	world.says[B] = { status: 'expired' };
	world.says[C] = FAILED;
	expect(await world.call(A)).toMatchObject({ kind: 'ignored' });
	await world.clock.advance(30_000);
	world.says[C] = PAID;
	expect(await world.call(C)).toMatchObject({ kind: 'run' });
	expect(world.reads.filter((ref) => ref === B)).toHaveLength(1);
});

it('a payment that cannot be read has the execution wait', async () => {
	const world = new WaitingWorld();
	world.missing = A;
	expect(await world.call(A)).toMatchObject({ kind: 'notFound' });
	world.latencyOfEach = 30_000;
	expect(await world.call(B)).toMatchObject({ kind: 'unavailable' });
});

it('a stranger’s call lets nothing go on where all the money of a part has come', async () => {
	const world = new WaitingWorld();
	world.says[A] = ALL_REACHED;
	world.says[B] = PAID;
	expect(await world.call('f'.repeat(24))).toMatchObject({ kind: 'unsettled' });
});

describe('an execution that goes on after a refused card or a part, too', () => {
	it('puts out no payment as failed that is paid by now', async () => {
		const world = new WaitingWorld();
		world.says[B] = FAILED;
		expect(await world.call(B)).toMatchObject({ kind: 'ignored' });
		await world.clock.advance(50_000);
		world.says[A] = world.says[B] = PAID;
		expect(await world.call(A)).toMatchObject({
			kind: 'run',
			items: [{ state: 'paid' }, { state: 'paid' }],
		});
	});

	it('waits for the bank’s word on a second attempt', async () => {
		const world = new WaitingWorld();
		world.says[B] = FAILED;
		expect(await world.call(B)).toMatchObject({ kind: 'ignored' });
		await world.clock.advance(120_000);
		world.says[A] = PAID;
		expect(await world.call(B)).toMatchObject({ kind: 'unsettled' });
	});

	it.each([
		['the payment of the call', B],
		['another one', A],
	])('waits where all the money of %s has come: it is no part', async (_which, called) => {
		const world = new WaitingWorld();
		world.says[A] = PAID;
		world.says[B] = ALL_REACHED;
		const decision = await world.call(called);
		expect(decision.kind).not.toBe('run');
		expect(answerTo(decision, browser).body).not.toContain('Pay the rest');
		expect((await world.call('f'.repeat(24))).kind).not.toBe('run');
	});

	it('goes on after the first refused card, and with a part', async () => {
		for (const payment of [FAILED, { reachedAmount: 4_000 }]) {
			const world = new WaitingWorld();
			world.says[A] = PAID;
			world.says[B] = payment;
			expect(await world.call(B)).toMatchObject({ kind: 'run' });
		}
	});
});

it('a payer who has paid is not told that there is no such payment, because of another one', async () => {
	const world = new WaitingWorld();
	world.says[A] = PAID;
	world.missing = B;
	const { body: page, status } = answerTo(await world.call(A), browser);
	expect(page).toContain('Payment received');
	expect(status).toBe(503);
});

it('a page that lets the execution go on by asking again does not have itself closed', async () => {
	const world = new WaitingWorld();
	world.says[A] = world.says[B] = PAID;
	world.latencyOfEach = 3_000;
	const { body: page, headers } = answerTo(await world.call(A), { ...browser, isOneTime: true });
	expect(headers.Refresh).toBeDefined();
	expect(page).toContain('keep this page open');
	expect(page).not.toContain('You can close this page');
});
