import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { PaymentEvent } from '../../../../nodes/Konnect/webhook/event';
import { EventLog } from '../../../../nodes/Konnect/webhook/state/events';
import type { Claim } from '../../../../nodes/Konnect/webhook/state/locks';
import { parseRecord } from '../../../../nodes/Konnect/webhook/state/record';
import { refOf } from '../../../fixtures/calls';
import { VirtualClock } from '../../../fixtures/virtualClock';

const clock = new VirtualClock();
const NEVER = Deadline.in(clock, Infinity);
const NOW = Deadline.in(clock, 0);

const event = (n: number, state: PaymentEvent['state'] = 'paid', detail = ''): PaymentEvent => ({
	paymentRef: refOf(n),
	state,
	detail,
});

async function claim(log: EventLog, one: PaymentEvent): Promise<Claim> {
	const result = await log.claim(one, NEVER);
	if (typeof result === 'string') throw new Error(`${result}: ${JSON.stringify(one)}`);
	return result;
}

/** The workflow runs for an event; what static data remember then. */
async function run(log: EventLog, one: PaymentEvent): Promise<string> {
	const held = await claim(log, one);
	const record = held.record?.() ?? '';
	held.commit();
	return record;
}

describe('an event', () => {
	it('is claimed once, and again where it was released', async () => {
		const log = new EventLog();
		(await claim(log, event(1))).release();
		await run(log, event(1));
		expect(await log.claim(event(1), NEVER)).toBe('repeat');
		expect(log.knows(refOf(1))).toBe(true);
		expect(log.knows(refOf(2))).toBe(false);
	});

	it('is a repeat for all who come late, and busy for none', async () => {
		const log = new EventLog();
		await run(log, event(1));
		expect(await Promise.all([log.claim(event(1), NOW), log.claim(event(1), NOW)])).toEqual([
			'repeat',
			'repeat',
		]);
	});

	it('waits for calls of its own payment only', async () => {
		const log = new EventLog();
		const held = await claim(log, event(1));
		expect(await log.claim(event(1), NOW)).toBe('busy');
		for (let n = 2; n < 50; n++) await run(log, event(n));
		held.commit();
		expect(await log.claim(event(1), NEVER)).toBe('repeat');
	});

	it('is handed to one call after the other, while they fail', async () => {
		const log = new EventLog();
		const first = await claim(log, event(1));
		const waiting = [log.claim(event(1), NEVER), log.claim(event(1), NEVER)];
		first.release();
		const second = (await waiting[0]) as Claim;
		second.commit();
		expect(await waiting[1]).toBe('repeat');
	});

	it('that was released after its record was made is as if it had never been', async () => {
		const log = new EventLog();
		const held = await claim(log, event(1));
		expect(held.record?.()).toContain(' ');
		held.release();
		expect(log.knows(refOf(1))).toBe(false);
		expect(await run(log, event(2))).not.toBe('');
		await run(log, event(1));
	});

	it('goes on and never back, and nothing follows paid', async () => {
		const log = new EventLog();
		const steps: Array<[PaymentEvent['state'], string]> = [
			['pending', ''],
			['attemptFailed', '1'],
			['attemptFailed', '2'],
			['partiallyPaid', '2500'],
			['unknown', 'frozen'],
			['unknown', 'under_review'],
			['expired', ''],
			['paid', ''],
		];
		for (const [state, detail] of steps) await run(log, event(1, state, detail));
		for (const [state, detail] of steps) {
			expect(await log.claim(event(1, state, detail), NEVER)).toBe('repeat');
		}
		expect(await log.claim(event(1, 'unknown', 'another'), NEVER)).toBe('repeat');
	});
});

describe('the record of events', () => {
	it('is learnt by another process, and known again by its own', async () => {
		const log = new EventLog();
		await run(log, event(1, 'attemptFailed', '2'));
		const record = await run(log, event(2));
		const other = new EventLog();
		other.learn(record);
		expect(await other.claim(event(2), NEVER)).toBe('repeat');
		expect(await other.claim(event(1, 'attemptFailed', '2'), NEVER)).toBe('repeat');
		await run(other, event(1, 'attemptFailed', '3'));
	});

	it('has all that was stored before, whichever answers are still held', async () => {
		const log = new EventLog();
		const [first, second] = [await claim(log, event(1)), await claim(log, event(2))];
		const late = first.record?.() ?? '';
		const record = second.record?.() ?? '';
		expect(record.length).toBeGreaterThan(late.length);
		const other = new EventLog();
		other.learn(record);
		expect(other.knows(refOf(1)) && other.knows(refOf(2))).toBe(true);
	});

	it('remembers ten thousand paid payments in 100 000 characters, and nothing unpaid takes their place', async () => {
		const log = new EventLog();
		for (let n = 0; n < 10_000; n++) await run(log, event(n));
		let record = '';
		for (let n = 0; n < 3_000; n++) {
			record = await run(log, event(100_000 + n, 'partiallyPaid', '9999999999'));
		}
		for (const status of ['a', 'b', 'c', 'd', 'e', 'f']) {
			record = await run(log, event(200_000, 'unknown', status));
		}
		expect(record.length).toBeLessThanOrEqual(100_000);
		const other = new EventLog();
		other.learn(record);
		for (const known of [log, other]) {
			for (const n of [0, 1, 5_000, 9_999]) expect(known.knows(refOf(n))).toBe(true);
			expect(known.knows(refOf(102_999))).toBe(true);
		}
		expect(parseRecord(await run(log, event(10_001))).paid).toHaveLength(10_000);
		expect([log.knows(refOf(0)), log.knows(refOf(1))]).toEqual([false, true]);
	});

	it('has what was learnt, what came since, and nothing that was released', async () => {
		const [log, other, third] = [new EventLog(), new EventLog(), new EventLog()];
		await run(other, event(1));
		log.learn(await run(other, event(2)));
		const held = await claim(log, event(3));
		held.record?.();
		held.release();
		third.learn(await run(log, event(4)));
		expect([1, 2, 3, 4].map((n) => third.knows(refOf(n)))).toEqual([true, true, false, true]);
	});

	it('has no payment as open that is known to be paid, whatever an older one says', async () => {
		const [log, other] = [new EventLog(), new EventLog()];
		await run(log, event(1));
		log.learn(await run(other, event(1, 'attemptFailed', '1')));
		expect(parseRecord(await run(log, event(2)))).toMatchObject({ open: [] });
	});

	it('keeps its order when an old one is learnt, so that what was forgotten does not push out what is known', async () => {
		const log = new EventLog();
		let old = '';
		for (let n = 0; n < 10_500; n++) {
			const record = await run(log, event(n));
			if (n === 9_999) old = record;
		}
		log.learn(old.replace(/^\S+/, 'another'));
		for (const n of [500, 501, 10_499]) expect(log.knows(refOf(n))).toBe(true);
		expect(log.knows(refOf(0))).toBe(false);
	});

	it('does not go back where another process came further while a claim was held', async () => {
		const [log, other] = [new EventLog(), new EventLog()];
		const held = await claim(log, event(1, 'attemptFailed', '1'));
		log.learn(await run(other, event(1)));
		held.record?.();
		held.commit();
		expect(await log.claim(event(1), NEVER)).toBe('repeat');
	});

	it.each(['', ' ', 'nonsense', 'm short', `m ${'x'.repeat(17)}`, 'm  x:y:z p', '\0', '{"a":1}'])(
		'may be anything: %j',
		async (record) => {
			const log = new EventLog();
			log.learn(record);
			await run(log, event(1));
			expect(log.knows(refOf(1))).toBe(true);
		},
	);
});

it('a claim that is released does not forget what another processor has run meanwhile', async () => {
	const [here, there] = [new EventLog(), new EventLog()];
	// n8n holds the answer of this one, as under a production limit.
	const held = await claim(here, event(1));
	const other = await claim(there, event(1));
	const record = other.record?.() ?? '';
	other.commit();
	// A call for another payment brings the record.
	here.learn(record);
	// n8n could not store the execution of this one.
	held.release();
	// The repeat, with the same record.
	here.learn(record);
	expect(await here.claim(event(1), NEVER)).toBe('repeat');
});

describe('a claim whose record n8n has saved, and whose execution it could not store', () => {
	const UNKNOWN = event(1, 'unknown', 'authorized');

	it.each([
		['nothing', []],
		['a status that nobody knows', [UNKNOWN]],
	])('is as if it had never been, after %s', async (_what, before) => {
		const log = new EventLog();
		for (const one of before) await run(log, one);
		const held = await claim(log, event(1));
		held.record?.();
		held.release();
		(await claim(log, event(1))).release();
		for (const one of before) expect(log.has(one)).toBe(true);
	});

	it.each(['commit', 'release'] as const)(
		'is not changed where n8n asks for the record once more after %s',
		async (end) => {
			const log = new EventLog();
			const held = await claim(log, event(1));
			held.record?.();
			held[end]();
			held.record?.();
			expect(log.has(event(1))).toBe(end === 'commit');
			const again = await log.claim(event(1), NEVER);
			expect(typeof again).toBe(end === 'commit' ? 'string' : 'object');
		},
	);

	it('makes no other call a repeat before n8n has answered', async () => {
		const log = new EventLog();
		const held = await claim(log, event(1));
		held.record?.();
		const second = log.claim(event(1), NEVER);
		held.release();
		expect(await second).not.toBe('repeat');
	});
});
