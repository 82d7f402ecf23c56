import type { Clock } from '../../../../nodes/Konnect/api/clock';
import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { Connection } from '../../../../nodes/Konnect/api/connection';
import type { Outcome } from '../../../../nodes/Konnect/api/payments';
import type { Payment } from '../../../../nodes/Konnect/payment/payment';
import { Limiter } from '../../../../nodes/Konnect/webhook/state/limiter';
import type { Asking } from '../../../../nodes/Konnect/webhook/state/payments';
import { MOST_LOOKS, Payments } from '../../../../nodes/Konnect/webhook/state/payments';
import { failure, REF, refOf, says } from '../../../fixtures/calls';
import { connection } from '../../../fixtures/konnect';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

const other: Connection = { ...connection, apiKey: 'another:key' };

function setUp(konnect: () => Outcome<Payment> = () => says({})) {
	const clock = new VirtualClock();
	const payments = new Payments(clock);
	const read: Array<{ ref: string; at: number }> = [];
	const send = async (ref: string) => {
		read.push({ ref, at: clock.now() });
		await clock.sleep(10);
		return konnect();
	};
	/** A look beyond a call's first, by a server that waits for long. */
	const lookAt = async (ref: string, more: Partial<Asking> = {}, by = connection) =>
		await payments.of(by, ref).read({
			since: clock.now(),
			deadline: Deadline.in(clock, 10 * MINUTE),
			comesAgainIn: 0,
			isFurther: true,
			strangers: undefined,
			send: async () => await send(ref),
			...more,
		});
	/** A call's first look. */
	const ask = async (ref: string, by = connection) => await lookAt(ref, { isFurther: false }, by);
	return { clock, payments, read, ask, lookAt };
}

describe('the reads of payments', () => {
	it('are at most a dozen a minute for one payment, and slow down with their number in the last minute', async () => {
		const { clock, read, ask } = setUp();
		void (async () => {
			for (;;) await ask(REF);
		})();
		await clock.advance(10 * MINUTE);
		for (const { at } of read) {
			const within = read.filter((other) => other.at >= at && other.at < at + MINUTE);
			expect(within.length).toBeLessThanOrEqual(12);
		}
		expect(read.length).toBeGreaterThan(50);
		const pauses = read.map(({ at }, n) => at - (read[n - 1]?.at ?? 0));
		expect(pauses.slice(0, 12).join(' ')).toBe(
			'0 10 300 500 1000 1500 2000 3000 5000 5000 10000 10000',
		);
	});

	it('are thirty at the same time with one key, and do not keep other keys waiting', async () => {
		const { clock, read, ask } = setUp();
		const all = Array.from({ length: 70 }, async (_, n) => await ask(refOf(n)));
		await clock.advance(5);
		expect(read).toHaveLength(30);
		void ask(REF, other);
		await clock.advance(1);
		expect(read.splice(30).map(({ ref }) => ref)).toEqual([REF]);
		await clock.until(Promise.all(all));
		expect(read.map(({ at }) => at / 10)).toEqual(
			[0, 1, 2].flatMap((at) => Array.from({ length: at < 2 ? 30 : 10 }, () => at)),
		);
	});

	it('are kept apart by account', () => {
		const { payments } = setUp();
		expect(payments.of(connection, REF)).toBe(payments.of({ ...connection }, REF));
		expect(payments.of(other, REF)).not.toBe(payments.of(connection, REF));
	});

	it('are remembered while they are under way, whatever else is asked for', async () => {
		const { clock, payments, ask } = setUp();
		const asked = ask(REF);
		const reads = payments.of(connection, REF);
		for (let n = 0; n < 1_000; n++) payments.of(connection, refOf(n));
		await clock.until(asked);
		expect(payments.of(connection, REF)).toBe(reads);
	});

	it('are remembered for 500 payments that Konnect has shown, and for 500 others', async () => {
		const { clock, payments, lookAt } = setUp();
		await clock.until(lookAt(REF));
		const shown = payments.of(connection, REF);
		const [first, second] = [0, 1].map((n) => payments.of(connection, refOf(n)));
		for (let n = 2; n < 500; n++) payments.of(connection, refOf(n));
		expect(payments.of(connection, refOf(0))).toBe(first);
		payments.of(connection, refOf(500));
		expect(payments.of(connection, refOf(0))).toBe(first);
		expect(payments.of(connection, refOf(1))).not.toBe(second);
		expect(payments.of(connection, REF)).toBe(shown);
	});
});

describe('the looks beyond a call’s first', () => {
	/** All forty of this minute are used up. */
	async function setUpUsed() {
		const { clock, read, lookAt } = setUp();
		for (let n = 0; n < MOST_LOOKS; n++) await clock.until(lookAt(refOf(n)));
		read.splice(0);
		return { clock, read, lookAt };
	}

	it('begin once where several calls for a payment that waits in line come in the same moment', async () => {
		const { clock, read, lookAt } = await setUpUsed();
		void lookAt(REF);
		await clock.advance(1_000);
		const first = { isFurther: false };
		await clock.until(Promise.all(Array.from({ length: 5 }, async () => await lookAt(REF, first))));
		expect(read).toHaveLength(1);
		// Thirty at once, as before.
		for (let n = 0; n < 30; n++) void lookAt(refOf(100 + n), first);
		await clock.advance(0);
		expect(read).toHaveLength(31);
	});

	it.each([true, false])(
		'are not pushed out by strangers of another address, however many of those wait (known: %p)',
		async (isKnown) => {
			const { clock, lookAt } = await setUpUsed();
			const others = new Limiter(clock, 0);
			for (let n = 0; n < 600; n++)
				void lookAt(refOf(1_000 + n), { strangers: others, isFurther: false });
			const look = lookAt(REF, { strangers: isKnown ? undefined : new Limiter(clock, 20) });
			expect(await clock.until(look)).toMatchObject({ value: { ok: true } });
			expect(clock.now()).toBeLessThanOrEqual(MINUTE + 1_000);
		},
	);

	it('are forty a minute', async () => {
		const { clock, read, lookAt } = setUp();
		for (let n = 0; n < 100; n++) void lookAt(refOf(n));
		await clock.advance(MINUTE - 1);
		expect(read).toHaveLength(MOST_LOOKS);
		await clock.advance(MINUTE);
		expect(read).toHaveLength(2 * MOST_LOOKS);
	});

	it('go first to the payment that was read longest ago', async () => {
		const { clock, read, lookAt } = await setUpUsed();
		const refs = [3, 1, 2].map(refOf);
		await clock.until(Promise.all(refs.map(async (ref) => await lookAt(ref))));
		expect(read.map(({ ref }) => ref)).toEqual([refOf(1), refOf(2), refOf(3)]);
	});

	it('take one place for a payment, and none while its answer is on its way', async () => {
		const { clock, read, lookAt } = await setUpUsed();
		for (let n = 0; n < 5; n++) void lookAt(REF);
		for (let n = 100; n < 150; n++) void lookAt(refOf(n));
		const first = lookAt(refOf(99), { isFurther: false });
		const joined = await clock.until(lookAt(refOf(99)));
		expect(joined).toBe(await first);
		expect(read.splice(0)).toHaveLength(1);
		await clock.advance(MINUTE + 1_000);
		expect(read).toHaveLength(MOST_LOOKS);
		expect(read.filter(({ ref }) => ref === REF)).toHaveLength(1);
	});

	it.each([
		['a server that has its answer', 50_000, 9_000, 0, false],
		['a server that waits', 50_000, 11_000, 0, true],
		['a page that comes again', 50_000, 4_000, 14_000, true],
		['a page that has not come again', 30_000, 4_000, 14_000, false],
	])('are read for %s, or not', async (_name, after, patience, comesAgainIn, isRead) => {
		const { clock, read, lookAt } = await setUpUsed();
		await clock.advance(after);
		void lookAt(REF, { deadline: Deadline.in(clock, patience), comesAgainIn });
		await clock.advance(MINUTE);
		expect(read).toHaveLength(isRead ? 1 : 0);
	});

	it('are not read for a watch that was ended, which takes no place', async () => {
		const { clock, read, lookAt } = await setUpUsed();
		const deadline = Deadline.in(clock, 10 * MINUTE);
		const look = lookAt(REF, { deadline });
		for (let n = 100; n < 150; n++) void lookAt(refOf(n));
		deadline.end();
		expect(await clock.until(look)).toBe('late');
		await clock.advance(MINUTE);
		expect(read).toHaveLength(MOST_LOOKS);
		expect(read.map(({ ref }) => ref)).not.toContain(REF);
	});
});

describe('strangers', () => {
	const twenty = (clock: Clock) => new Limiter(clock, 20);

	it.each([
		['ask again for what Konnect does not know', true],
		['only say that they ask again', false],
	])(
		'have no more than half of those looks, however many their addresses are: they %s',
		async (_name, isAsked) => {
			const { clock, read, lookAt } = setUp(() => failure('notFound'));
			const all = [1, 2, 3, 4].map(() => twenty(clock));
			const deadline = Deadline.in(clock, MINUTE);
			const askAll = async (isFurther: boolean) => {
				for (let n = 0; n < 40; n++)
					void lookAt(refOf(n), { strangers: all[n % 4], isFurther, deadline });
				await clock.advance(5_000);
				return read.splice(0).length;
			};
			if (isAsked) expect(await askAll(false)).toBe(40);
			expect(await askAll(true)).toBe(20);
			for (let n = 100; n < 200; n++) void lookAt(refOf(n), { deadline });
			await clock.advance(5_000);
			expect(read).toHaveLength(MOST_LOOKS - 20);
		},
	);

	it('use up no look while they have no place as strangers', async () => {
		const { clock, read, lookAt } = setUp(() => failure('notFound'));
		const strangers = twenty(clock);
		const deadline = Deadline.in(clock, 5_000);
		const told = Array.from(
			{ length: 100 },
			async (_, n) => await lookAt(refOf(n), { strangers, deadline }),
		);
		await clock.advance(5_000);
		expect((await Promise.all(told)).filter((one) => one === 'late')).toHaveLength(80);
		for (let n = 100; n < 200; n++) void lookAt(refOf(n));
		await clock.advance(5_000);
		expect(read).toHaveLength(MOST_LOOKS);
	});

	it('do not go first for their age where Konnect does not know the payment', async () => {
		const { clock, read, lookAt } = setUp(() => failure('notFound'));
		const strangers = twenty(clock);
		for (let n = 0; n < 20; n++) await clock.until(lookAt(refOf(n), { strangers }));
		await clock.advance(MINUTE / 2);
		read.splice(0);
		void lookAt(REF, { strangers });
		await clock.advance(1);
		for (let n = 0; n < 20; n++) void lookAt(refOf(n), { strangers });
		await clock.advance(MINUTE);
		expect(read[0]?.ref).toBe(REF);
	});

	it('give their place back where the payment exists, or Konnect is away or busy', async () => {
		for (const outcome of [says({}), failure('unavailable'), failure('busy')]) {
			const { clock, read, lookAt } = setUp(() => outcome);
			const strangers = twenty(clock);
			for (let n = 0; n < 100; n++) void lookAt(refOf(n), { strangers, isFurther: false });
			await clock.advance(MINUTE - 1);
			expect(read).toHaveLength(100);
		}
	});

	it('share the read that a call of another address has a place for', async () => {
		const { clock, lookAt } = setUp(() => failure('notFound'));
		const theirs = twenty(clock);
		for (let n = 0; n < 20; n++)
			await clock.until(lookAt(refOf(n), { strangers: theirs, isFurther: false }));
		const later = lookAt(REF, {
			strangers: theirs,
			isFurther: false,
			deadline: Deadline.in(clock, 5_000),
		});
		const mine = await clock.until(lookAt(REF, { strangers: twenty(clock), isFurther: false }));
		expect(mine).toMatchObject({ value: { ok: false } });
		expect(clock.now()).toBeLessThan(5_000);
		expect(await later).toEqual(mine);
	});
});
