import type { Connection } from '../../../../nodes/Konnect/api/connection';
import {
	MOST_LOOKS,
	MOST_UNSEEN_LOOKS,
	paidIn,
	Payments,
} from '../../../../nodes/Konnect/webhook/state/payments';
import { PAID, REF, refOf, says } from '../../../fixtures/calls';
import { connection } from '../../../fixtures/konnect';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

function setUp() {
	const clock = new VirtualClock();
	const payments = new Payments(clock);
	const read: Array<{ ref: string; at: number }> = [];
	/** Asks for an answer that is not older than now. */
	const ask = async (ref: string) =>
		await payments.of(connection, ref).askedSince(clock.now(), Infinity, async () => {
			read.push({ ref, at: clock.now() });
			await clock.sleep(10);
			return says({});
		});
	const inTurn = async (
		ref: string,
		waitsSince?: number,
		isUnseen = false,
		isWanted = () => true,
	) => {
		const look = { waitsSince, isUnseen, isWanted, ask: async () => await ask(ref) };
		return await payments.inTurn(connection, payments.of(connection, ref), look);
	};
	return { clock, payments, read, ask, inTurn };
}

describe('the reads of payments', () => {
	it('are a dozen a minute of one, at the most', async () => {
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
	});

	it('are thirty at the same time', async () => {
		const { clock, read, ask } = setUp();
		const all = Array.from({ length: 70 }, async (_, n) => await ask(refOf(n)));
		await clock.advance(5);
		expect(read).toHaveLength(30);
		await clock.until(Promise.all(all));
		expect(read.map(({ at }) => at / 10)).toEqual(
			[0, 1, 2].flatMap((at) => Array.from({ length: at < 2 ? 30 : 10 }, () => at)),
		);
	});

	it('are of one account each', () => {
		const { payments } = setUp();
		const other: Connection = { ...connection, apiKey: 'another:key' };
		expect(payments.of(connection, REF)).toBe(payments.of({ ...connection }, REF));
		expect(payments.of(other, REF)).not.toBe(payments.of(connection, REF));
	});

	it('are remembered for a thousand payments, of which none that is being read is dropped', async () => {
		const { clock, payments, ask } = setUp();
		const [first, second] = [payments.of(connection, refOf(0)), payments.of(connection, refOf(1))];
		const asked = ask(refOf(0));
		for (let n = 2; n < 1_001; n++) payments.of(connection, refOf(n));
		expect(payments.of(connection, refOf(0))).toBe(first);
		expect(payments.of(connection, refOf(1))).not.toBe(second);
		await clock.until(asked);
	});
});

describe('the looks beyond a call’s first', () => {
	it('are forty a minute', async () => {
		const { clock, read, inTurn } = setUp();
		for (let n = 0; n < 100; n++) void inTurn(refOf(n));
		await clock.advance(MINUTE - 1);
		expect(read).toHaveLength(MOST_LOOKS);
		await clock.advance(MINUTE);
		expect(read).toHaveLength(2 * MOST_LOOKS);
	});

	it('are no more than half for payments that Konnect does not know, and a place that nobody wants counts for none', async () => {
		const { clock, read, inTurn } = setUp();
		await clock.until(inTurn(refOf(1_000), 0, true, () => false));
		for (let n = 0; n < 100; n++) void inTurn(refOf(n), undefined, true);
		await clock.advance(MINUTE - 1);
		expect(read).toHaveLength(MOST_UNSEEN_LOOKS);
		for (let n = 100; n < 120; n++) void inTurn(refOf(n));
		await clock.advance(0);
		expect(read).toHaveLength(MOST_LOOKS);
	});

	it('go on at once where Konnect shows a payment that has waited for its turn among those that it does not know', async () => {
		const { clock, read, inTurn } = setUp();
		for (let n = 0; n < MOST_UNSEEN_LOOKS; n++)
			await clock.until(inTurn(refOf(n), undefined, true));
		const late = inTurn(REF, undefined, true);
		await clock.until(inTurn(REF));
		expect(read).toHaveLength(MOST_UNSEEN_LOOKS + 1);
		expect(clock.now()).toBeLessThan(MINUTE);
		await clock.until(late);
	});

	it('are first those of the payment that has waited longest', async () => {
		const { clock, read, inTurn } = setUp();
		for (let n = 0; n < MOST_LOOKS; n++) await clock.until(inTurn(refOf(n)));
		read.splice(0);
		const waiting = [inTurn(refOf(101), 30), inTurn(refOf(102), 10), inTurn(refOf(103), 20)];
		await clock.until(Promise.all(waiting));
		expect(read.map(({ ref }) => ref)).toEqual([refOf(102), refOf(103), refOf(101)]);
	});

	it('have one place for a payment, which is kept for who comes again', async () => {
		const { clock, read, inTurn } = setUp();
		for (let n = 0; n < MOST_LOOKS; n++) await clock.until(inTurn(refOf(n)));
		read.splice(0);
		let isThere = true;
		const first = inTurn(REF, 0, false, () => isThere);
		isThere = false;
		const second = inTurn(REF, 50_000);
		expect(await clock.until(Promise.all([first, second]))).toEqual(
			Array.from({ length: 2 }, () => expect.objectContaining({ value: says({}) })),
		);
		expect(read).toHaveLength(1);
	});

	it('are not for what nobody wants any more, which takes the place of no other', async () => {
		const { clock, read, inTurn } = setUp();
		for (let n = 0; n < MOST_LOOKS - 1; n++) await clock.until(inTurn(refOf(n)));
		read.splice(0);
		expect(await clock.until(inTurn(refOf(200), 0, false, () => false))).toBe('late');
		await clock.until(inTurn(refOf(201)));
		expect(read.map(({ ref }) => ref)).toEqual([refOf(201)]);
		expect(clock.now()).toBeLessThan(MINUTE);
	});
});

it('what was paid when it was read is known to be paid, and nothing else is', async () => {
	const { clock, payments } = setUp();
	const flight = payments.of(connection, REF);
	expect(paidIn(flight)).toBeUndefined();
	for (const [changes, isPaid] of [
		[{}, false],
		[PAID, true],
	] as const) {
		const at = clock.now();
		await clock.until(
			flight.askedSince(at, Infinity, async () => await Promise.resolve(says(changes))),
		);
		expect(paidIn(flight)?.askedAt).toBe(isPaid ? at : undefined);
		await clock.advance(MINUTE);
	}
});
