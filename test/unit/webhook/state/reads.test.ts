import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { PaymentReads } from '../../../../nodes/Konnect/webhook/state/reads';
import { failure, success } from '../../../fixtures/calls';
import { changed, failedAttempt, pending } from '../../../fixtures/payments';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;
const paid = success(changed(pending, { status: 'completed' }) as typeof pending);
const open = success(failedAttempt as typeof pending);

function world(latency = 200) {
	const clock = new VirtualClock();
	const reads = new PaymentReads(clock);
	const konnect = {
		says: open as ReturnType<typeof success>,
		asked: 0,
		rereads: 0,
		atOnce: 0,
		most: 0,
	};
	const begin = async (isReread: boolean) => {
		konnect.asked++;
		if (isReread) konnect.rereads++;
		konnect.most = Math.max(konnect.most, ++konnect.atOnce);
		const { says } = konnect;
		await clock.sleep(latency);
		konnect.atOnce--;
		return says;
	};
	const read = (key = 'a', patience = 20_000, isReread = false, goodSince = Infinity) =>
		reads.read({ key, deadline: Deadline.in(clock, patience), isReread, goodSince, begin });
	return { clock, reads, konnect, read };
}

describe('reads of one payment', () => {
	it('are shared by calls that come together', async () => {
		const { clock, konnect, read } = world();
		const calls = Promise.all(Array.from({ length: 50 }, () => read()));
		await clock.until(calls);
		expect(konnect.asked).toBe(1);
	});

	it('begin after the call, so that nobody is told what was true before', async () => {
		const { clock, konnect, read } = world();
		const first = read();
		await clock.advance(100);
		konnect.says = paid;
		const second = read();
		expect(await clock.until(first)).toBe(open);
		expect(await clock.until(second)).toBe(paid);
		expect([konnect.asked, konnect.most]).toEqual([2, 1]);
	});

	it('serve a later call that is content with them, where nothing newer comes in time', async () => {
		const { clock, read } = world(9_000);
		expect(await clock.until(read('a', 4_000))).toBe('late');
		await clock.advance(2_000);
		// Under way since the call before, and answered before this one gives up.
		expect(await clock.until(read('a', 4_000, false, 0))).toBe(open);
		// Not for one that comes for the first time: the payer may have paid just now.
		expect(await clock.until(read('a', 4_000, false, clock.now()))).toBe('late');
		expect(await clock.until(read('a', 4_000))).toBe('late');
	});

	it('serve a call that is content with them only where there is no answer, not where there is another', async () => {
		const { clock, konnect, read } = world();
		await clock.until(read());
		for (const kind of ['unavailable', 'busy'] as const) {
			konnect.says = failure(kind);
			expect(await clock.until(read('a', 20_000, false, 0))).toBe(open);
			expect(await clock.until(read())).toBe(konnect.says);
		}
		konnect.says = failure('keyRefused');
		expect(await clock.until(read('a', 20_000, false, 0))).toBe(konnect.says);
	});

	it('are over once all is paid: that is for ever', async () => {
		const { clock, konnect, read } = world();
		konnect.says = paid;
		const begun = clock.now();
		const running = read();
		await clock.advance(100);
		const late = read();
		expect(await clock.until(running)).toBe(paid);
		expect(await clock.until(late)).toBe(paid);
		// The second call has not waited for a read of its own.
		expect(clock.now() - begun).toBe(200);
		await clock.advance(60 * MINUTE);
		expect(await clock.until(read())).toBe(paid);
		expect(konnect.asked).toBeLessThanOrEqual(2);
	});

	it('go on after a call has given up, for the next to find', async () => {
		const { clock, konnect, read } = world(9_000);
		konnect.says = paid;
		expect(await clock.until(read('a', 4_000))).toBe('late');
		await clock.advance(6_000);
		const next = read('a', 4_000);
		expect(await clock.until(next)).toBe(paid);
		expect(konnect.asked).toBeLessThanOrEqual(2);
	});

	it('are no more than a dozen or so a minute, however often its page is loaded', async () => {
		const { clock, konnect, read } = world();
		for (let second = 0; second < 120; second++) {
			for (let n = 0; n < 5; n++) void read('a', 4_000);
			await clock.advance(1_000);
		}
		expect(konnect.asked).toBeLessThanOrEqual(28);
		expect(konnect.asked).toBeGreaterThan(10);
	});

	it('may be as many again a minute later', async () => {
		const { clock, read } = world(10);
		for (let n = 0; n < 12; n++) await clock.until(read());
		await clock.advance(MINUTE);
		const begun = clock.now();
		await clock.until(read());
		await clock.until(read());
		expect(clock.now() - begun).toBe(20);
	});

	it('come to what the last of those says that go on behind a call', async () => {
		const { clock, reads, konnect, read } = world();
		expect(await reads.end('a')).toBeUndefined();
		const first = read();
		await clock.advance(100);
		konnect.says = failure('notFound');
		const second = read();
		expect(await clock.until(reads.end('a'))).toBe(konnect.says);
		expect([await first, await second]).toEqual([open, konnect.says]);
	});

	it('that nobody waits for any more do not begin', async () => {
		const { clock, konnect, read } = world(10);
		for (let n = 0; n < 8; n++) await clock.until(read());
		const before = konnect.asked;
		expect(await clock.until(read('a', 100))).toBe('late');
		await clock.advance(MINUTE / 2);
		expect(konnect.asked).toBe(before);
	});
});

describe('reads of many payments', () => {
	it('are bounded, at once and in all', async () => {
		const { clock, konnect, read } = world();
		const calls: Array<ReturnType<typeof read>> = [];
		for (let n = 0; n < 520; n++) {
			calls.push(read(`payment ${n}`));
			// In the same moment, but one after the other, as calls come.
			await clock.advance(0);
		}
		const outcomes = await clock.until(Promise.all(calls));
		expect([konnect.most, konnect.asked]).toEqual([30, 500]);
		expect(outcomes.map((outcome) => outcome === 'late')).toEqual(calls.map((_, n) => n >= 500));
	});

	it('that only look whether a payment has settled have a budget for all', async () => {
		const { clock, konnect, read } = world();
		const calls = Array.from({ length: 300 }, (_, n) => read(`payment ${n}`, 4_000, true));
		const outcomes = await clock.until(Promise.all(calls));
		expect(konnect.rereads).toBe(40);
		expect(outcomes.filter((outcome) => outcome === 'late')).toHaveLength(260);
		expect(await clock.until(read('first'))).toBe(open);
	});
});

describe('what is remembered of reads', () => {
	it('is whether Konnect knew the payment, and what it said a moment ago', async () => {
		const { clock, reads, konnect, read } = world();
		await clock.advance(MINUTE);
		await clock.until(read());
		expect([reads.knows('a'), reads.knows('b')]).toEqual([true, false]);
		expect(reads.recent('a', 1_000)).toBe(open);
		await clock.advance(2_000);
		expect(reads.recent('a', 1_000)).toBeUndefined();
		konnect.says = failure('notFound');
		await clock.until(read('c'));
		expect(reads.knows('c')).toBe(false);
	});

	it('is forgotten where a thousand other payments came since, but not while it is read', async () => {
		const { clock, reads, read } = world();
		const others = () => {
			for (let n = 0; n < 1_000; n++) reads.isOldNews(`payment ${n}`, 'x', false);
		};
		const running = read();
		await clock.advance(100);
		others();
		await clock.until(running);
		expect(reads.knows('a')).toBe(true);
		others();
		expect(reads.knows('a')).toBe(false);
	});

	it('is what callers were told of, and since when', async () => {
		const { clock, reads } = world();
		expect(reads.isOldNews('a', 'x', false)).toBe(false);
		await clock.advance(9_000);
		expect(reads.isOldNews('a', 'x', false)).toBe(false);
		await clock.advance(2_000);
		expect(reads.isOldNews('a', 'x', false)).toBe(true);
		expect(reads.isOldNews('a', 'y', false)).toBe(false);
		// Another process has run the workflow for it, or this one before a restart.
		expect(reads.isOldNews('a', 'z', true)).toBe(true);
	});
});

it('a read that throws leaves no rejection that nobody handles', async () => {
	const unhandled: unknown[] = [];
	const note = (error: unknown) => unhandled.push(error);
	process.on('unhandledRejection', note);
	const clock = new VirtualClock();
	const reads = new PaymentReads(clock);
	const one = {
		key: 'a',
		deadline: Deadline.in(clock, 10_000),
		isReread: false,
		goodSince: clock.now(),
		begin: async () => {
			await clock.sleep(100);
			throw new Error('thrown');
		},
	};
	const first = reads.read(one).catch(() => 'caught');
	await clock.advance(50);
	// While the first is running.
	const second = reads.read(one).catch(() => 'caught');
	await clock.advance(5_000);
	expect([await first, await second]).toEqual(['caught', 'caught']);
	await new Promise((resolve) => setTimeout(resolve, 20));
	process.off('unhandledRejection', note);
	expect(unhandled).toEqual([]);
});

it('a read that throws does not make its payment unreadable for ever', async () => {
	const clock = new VirtualClock();
	const reads = new PaymentReads(clock);
	// Rejects only for those who listen, so that the defect of the other test does not end this one.
	const throwing = {
		then: (_done: unknown, fail?: (error: Error) => void) => {
			if (fail) void clock.sleep(100).then(() => fail(new Error('thrown')));
		},
	};
	let isThrowing = true;
	const read = async () =>
		await reads
			.read({
				key: 'a',
				deadline: Deadline.in(clock, 10_000),
				isReread: false,
				goodSince: clock.now(),
				begin: () => (isThrowing ? throwing : Promise.resolve(open)) as never,
			})
			.catch(() => 'caught');
	const first = read();
	await clock.advance(50);
	// Planned while the first is running.
	const second = read();
	await clock.advance(5_000);
	expect([await first, await second]).toEqual(['caught', 'caught']);
	isThrowing = false;
	await clock.advance(60_000);
	expect(await clock.until(read())).toEqual(open);
});
