import { toConnection } from '../../../nodes/Konnect/api/connection';
import { isRun, ownerProblemOf } from '../../../nodes/Konnect/webhook/decision';
import { MOST_WATCHES } from '../../../nodes/Konnect/webhook/state/watches';
import type { ACall } from '../../fixtures/calls';
import {
	body,
	carryOut,
	failure,
	kindOf,
	PAID,
	plain,
	REF,
	REFUSED,
	refOf,
	says,
	signed,
	success,
	TriggerWorld,
} from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SECRET = 'a secret that signs, long enough';

const BROWSER = { isBrowser: true };
const PENDING = says({});

const kindOfEnd = async (call: ACall) => kindOf((await call.ended).decision);

describe('a call that comes once, while the bank is slow', () => {
	it.each([
		['server', {}],
		['browser', BROWSER],
	])('starts the workflow when the payment has settled: %s', async (_who, how) => {
		for (const seconds of [15, 60, 300, 590]) {
			const world = new TriggerWorld(PENDING);
			const call = world.call(plain(), how);
			await world.clock.advance(seconds * SECOND);
			expect(call.told).toMatchObject({ why: 'open', state: 'pending' });
			expect(call.answeredAt).toBeLessThanOrEqual('isBrowser' in how ? 4_000 : 10_000);
			world.konnect = says(PAID);
			expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
			expect(world.clock.now()).toBeLessThanOrEqual(seconds * SECOND + 31_000);
		}
	});

	it('starts it although Konnect is away for a minute', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		const call = world.call();
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('ends without a start when its time is up', async () => {
		const world = new TriggerWorld(PENDING);
		const call = world.call();
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('open');
		expect(world.clock.now()).toBeGreaterThanOrEqual(10 * MINUTE);
		expect(world.clock.now()).toBeLessThan(11 * MINUTE);
		expect(world.process.watches.find(`node ${REF}`, '')).toBeUndefined();
	});

	it('goes on when Konnect answers 404 for a payment that it has shown before', async () => {
		const world = new TriggerWorld(PENDING);
		const call = world.call();
		await world.clock.advance(SECOND);
		world.konnect = failure('notFound');
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('keeps looking while so many strangers call that Konnect cannot be asked', async () => {
		const world = new TriggerWorld(failure('keyRefused'));
		for (let n = 0; n < 20; n++) await world.decide(plain(refOf(n)), { minutes: 0 });
		const call = world.call();
		await world.clock.advance(10_000);
		expect(call.told).toMatchObject({ why: 'late' });
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('keeps looking for n8n’s test listener, too', async () => {
		const world = new TriggerWorld(PENDING);
		world.record = undefined;
		const call = world.call();
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('stops with its answer where Keep Looking is 0', async () => {
		const world = new TriggerWorld(PENDING);
		expect(kindOf(await world.decide(plain(), { minutes: 0 }))).toBe('open');
		expect(world.clock.now()).toBeLessThanOrEqual(10_000);
	});
});

describe('an attempt that Konnect may not know of yet', () => {
	it('is waited for after a failed one, whether or not anybody was told of that', async () => {
		for (const told of [0, 4]) {
			const world = new TriggerWorld(says(REFUSED));
			if (told > 0) world.call();
			await world.clock.advance(told * SECOND);
			const call = world.call(plain(), BROWSER);
			await world.clock.advance(SECOND);
			expect(call.told).toMatchObject({ why: 'open', state: 'attemptFailed' });
			await world.clock.advance(20 * SECOND);
			world.konnect = says(PAID);
			expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
		}
	});
});

describe('a state that can still change', () => {
	it('starts the workflow when the call stops looking, and not before', async () => {
		const world = new TriggerWorld(says(REFUSED));
		world.settings = { ...world.settings, events: ['any'] };
		const call = world.call();
		await world.clock.advance(9 * MINUTE);
		expect(call.told).toBeDefined();
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run attemptFailed');
	});

	it('does not start it where the call that takes the watch over has seen a newer one', async () => {
		const world = new TriggerWorld(says(REFUSED));
		world.settings = { ...world.settings, events: ['any'] };
		const first = world.call();
		await world.clock.advance(55 * SECOND);
		world.konnect = PENDING;
		void world.call(plain(), BROWSER);
		await world.clock.advance(5 * SECOND);
		expect(await kindOfEnd(first)).toBe('open');
	});

	it('gives way to what comes after it', async () => {
		const world = new TriggerWorld(PENDING);
		world.settings = { ...world.settings, events: ['any'] };
		const call = world.call();
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('starts it as soon as another call of the same address takes the watch over', async () => {
		const world = new TriggerWorld(says(REFUSED));
		world.settings = { ...world.settings, events: ['any'] };
		const first = world.call();
		await world.clock.advance(SECOND);
		const second = world.call();
		await world.clock.advance(SECOND);
		expect(kindOf(carryOut((await first.ended).decision))).toBe('run attemptFailed');
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(second.ended)).decision)).toBe('run paid');
	});

	it('does not hide what only the owner can fix, because the payment may be paid by then', async () => {
		const world = new TriggerWorld(says(REFUSED));
		world.settings = { ...world.settings, events: ['any'] };
		const call = world.call();
		await world.clock.advance(MINUTE);
		world.konnect = failure('keyRefused');
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('owner');
	});

	it.each([0, 50 * SECOND])('starts a test at once, %i ms after its call', async (after) => {
		const world = new TriggerWorld(after > 0 ? PENDING : says(REFUSED));
		world.settings = { ...world.settings, events: ['attemptFailed'] };
		world.record = undefined;
		const call = world.call();
		await world.clock.advance(after);
		world.konnect = says(REFUSED);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run attemptFailed');
		expect(world.clock.now()).toBeLessThanOrEqual(after && after + 30 * SECOND);
	});
});

describe('what only the owner can fix', () => {
	it('is told by one call; once it is fixed, the watches of all others and an open page find the payment', async () => {
		const world = new TriggerWorld((used) =>
			used.apiKey === 'org:new' ? says(PAID) : failure('keyRefused'),
		);
		world.tellsOwner = true;
		expect(kindOf(await world.decide())).toBe('owner');
		world.tellsOwner = false;
		const call = world.call();
		await world.clock.advance(MINUTE);
		expect(call.told && ownerProblemOf(call.told)?.description).toContain(REF);
		world.connection = { ...connection, apiKey: 'org:new' };
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('is told by a watch only at its end', async () => {
		const world = new TriggerWorld(PENDING);
		const call = world.call();
		await world.clock.advance(MINUTE);
		world.konnect = failure('blocked');
		world.tellsOwner = true;
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('owner');
		expect(world.alarms).toEqual([]);
		expect(world.clock.now()).toBeGreaterThanOrEqual(10 * MINUTE);
	});

	it('does not include a Webhook Secret that was fixed just before the call', async () => {
		const world = new TriggerWorld(says(PAID));
		const secrets = (...webhookSecrets: string[]) => ({ ...connection, webhookSecrets });
		world.connection = secrets('a wrong secret that is long');
		await world.decide(signed());
		world.connection = secrets(SECRET);
		await world.clock.advance(300);
		expect(kindOf(await world.decide(signed(REF, { key: SECRET })))).toBe('run paid');
	});

	it('does not include a credential that n8n cannot read just now', async () => {
		const world = new TriggerWorld(says(PAID));
		world.credential = 'away';
		const call = world.call();
		await world.clock.advance(20 * SECOND);
		expect(call.told?.why).toBe('n8nAway');
		world.credential = undefined;
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('includes a credential that cannot be used', async () => {
		const world = new TriggerWorld(says(PAID));
		const { problem } = toConnection({ apiKey: '' }) as { ok: false; problem: never };
		world.credential = { ok: false, problem };
		world.tellsOwner = true;
		expect(kindOf(await world.decide())).toBe('owner');
		expect(world.clock.now()).toBeLessThanOrEqual(SECOND);
	});
});

describe('watches', () => {
	const known = (paid = new Set<string>()) =>
		new TriggerWorld((_used, ref) =>
			success({ payment: { ...body(paid.has(ref) ? PAID : {}).payment, id: ref } }),
		);

	it('are at most thirty: one more ends the one that has looked longest, which then starts the workflow with its news', async () => {
		const world = known();
		world.settings = { ...world.settings, events: ['any'] };
		const calls: ACall[] = [];
		for (let n = 0; n <= MOST_WATCHES; n++) {
			calls.push(world.call(plain(refOf(n))));
			await world.clock.advance(11 * SECOND);
		}
		const [first] = calls as [ACall];
		expect(kindOf((await first.ended).decision)).toBe('run pending');
		expect(world.process.watches.find(`node ${refOf(0)}`, '')).toBeUndefined();
		expect(calls.slice(1).every(({ told }) => told !== undefined)).toBe(true);
	});

	it('are not used up by one payment whose signed address somebody calls with more and more parameters', async () => {
		const paid = new Set<string>();
		const world = known(paid);
		const genuine = world.call(signed(refOf(1)));
		await world.clock.advance(11 * SECOND);
		for (let n = 0; n <= MOST_WATCHES; n++) {
			const search = signed();
			search.append('more', String(n));
			void world.call(search);
			await world.clock.advance(SECOND);
		}
		await world.clock.advance(11 * SECOND);
		paid.add(refOf(1));
		expect(kindOf((await world.clock.until(genuine.ended)).decision)).toBe('run paid');
	});

	it('are not used up by references that somebody invents for a signed address', async () => {
		const world = known();
		const call = world.call(signed());
		await world.clock.advance(11 * SECOND);
		world.konnect = failure('notFound');
		for (let n = 0; n < 3 * MOST_WATCHES; n++) {
			void world.call(signed(refOf(n)));
			await world.clock.advance(4 * SECOND);
		}
		world.konnect = (_used, ref) => (ref === REF ? says(PAID) : failure('notFound'));
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it.each([
		['an address of anybody', PENDING, plain()],
		['a signed one', PENDING, signed()],
		['a signed one, of a payment that Konnect does not know yet', failure('notFound'), signed()],
	])('outlive a credential that is wrong for a while: %s', async (_name, before, search) => {
		const world = new TriggerWorld(before);
		const call = world.call(search);
		await world.clock.advance(MINUTE);
		world.connection = { ...connection, apiKey: 'org:wrong' };
		world.konnect = failure('unavailable');
		await world.clock.advance(MINUTE);
		for (let n = 0; n < MOST_WATCHES; n++) void world.call(plain(refOf(n)));
		await world.clock.advance(20 * SECOND);
		world.konnect = failure('notFound');
		await world.clock.advance(MINUTE);
		world.connection = connection;
		world.konnect = (_used, ref) => (ref === REF ? says(PAID) : failure('notFound'));
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('outlive a Webhook Secret that is wrong for a while', async () => {
		const world = new TriggerWorld(PENDING);
		const secrets = (...webhookSecrets: string[]) => ({ ...connection, webhookSecrets });
		world.connection = secrets(SECRET);
		const call = world.call(signed(REF, { key: SECRET }));
		await world.clock.advance(MINUTE);
		world.connection = secrets('a wrong secret that is long');
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		await world.clock.advance(MINUTE);
		world.connection = secrets(SECRET);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it.each([
		['unsigned', plain()],
		['signed with the derived key', signed()],
	])('outlive the first Webhook Secret: %s', async (_name, search) => {
		const world = new TriggerWorld(PENDING);
		const call = world.call(search);
		await world.clock.advance(MINUTE);
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});

	it('know what the watch knew that they take over', async () => {
		const world = new TriggerWorld(PENDING);
		void world.call();
		await world.clock.advance(MINUTE);
		world.connection = { ...connection, apiKey: 'org:wrong' };
		world.konnect = failure('notFound');
		world.latency = 5 * SECOND;
		await world.clock.advance(10 * SECOND);
		const page = world.call(plain(), BROWSER);
		await world.clock.advance(MINUTE);
		world.connection = connection;
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(page.ended)).decision)).toBe('run paid');
	});

	it('keep their place when an open page asks while Konnect is away', async () => {
		const world = known();
		void world.call();
		await world.clock.advance(11 * SECOND);
		world.konnect = failure('unavailable');
		for (let n = 1; n < MOST_WATCHES; n++) void world.call(plain(refOf(n)));
		await world.clock.advance(11 * SECOND);
		const again = plain();
		again.set('konnect_since', String(world.clock.date() - 22 * SECOND));
		const page = world.call(again, BROWSER);
		await world.clock.advance(5 * SECOND);
		void world.call(plain(refOf(99)));
		await world.clock.advance(11 * SECOND);
		world.konnect = (_used, ref) => (ref === REF ? says(PAID) : failure('notFound'));
		expect(kindOf((await world.clock.until(page.ended)).decision)).toBe('run paid');
	});

	it('keep looking as long as the last call, where its signature does not fit', async () => {
		const world = new TriggerWorld(PENDING);
		const search = signed(REF, { key: 'the key of before' });
		void world.call(search);
		await world.clock.advance(9.8 * MINUTE);
		const later = world.call(search, BROWSER);
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(later.ended)).decision)).toBe('run paid');
	});

	it('are not taken over by a call of another payment’s address', async () => {
		const world = known();
		const other = world.call(signed(REF, { changes: { amount: 99_000 } }));
		const own = world.call(signed());
		await world.clock.advance(MINUTE);
		world.konnect = says(PAID);
		await world.clock.advance(MINUTE);
		expect([await kindOfEnd(own), await kindOfEnd(other)]).toEqual(['run paid', 'mismatched']);
	});

	it('leave what they have read to an open page, for half a minute', async () => {
		const world = new TriggerWorld(PENDING);
		void world.call();
		await world.clock.advance(MINUTE);
		const { read } = world.asked;
		const again = plain();
		again.set('konnect_since', String(world.clock.date() - MINUTE));
		void world.call(again, BROWSER);
		await world.clock.advance(400);
		expect(world.asked.read).toBe(read);
		void world.call(plain(), BROWSER);
		await world.clock.advance(400);
		expect(world.asked.read).toBe(read + 1);
	});

	it('leave a page its place in the line when it misses two visits', async () => {
		const world = known();
		const brief = { ...BROWSER, minutes: 0 };
		await world.decide(plain(), brief);
		for (let n = 0; n < 40; n++) void world.call(plain(refOf(n + 1)));
		await world.clock.advance(16 * SECOND);
		const page = plain();
		page.set('konnect_since', String(world.clock.date() - 1));
		const reads: string[] = [];
		world.konnect = (_used, ref) => {
			reads.push(ref);
			return says({});
		};
		void world.call(page, brief);
		await world.clock.advance(5 * SECOND);
		expect(reads).not.toContain(REF);
		await world.clock.advance(40 * SECOND);
		expect(reads).toContain(REF);
	});

	it('leave an open page the time to find the payment itself', async () => {
		const world = new TriggerWorld(PENDING);
		const first = world.call(plain(), BROWSER);
		await world.clock.advance(5_500);
		const since = String(world.clock.date() - 5_500);
		world.konnect = says(PAID);
		const again = new URLSearchParams({ payment_ref: REF, konnect_since: since });
		expect(kindOf(carryOut(await world.decide(again, BROWSER)))).toBe('run paid');
		expect(kindOf((await world.clock.until(first.ended)).decision)).toBe('done');
	});
});

describe('once', () => {
	it('a payment starts the workflow while n8n holds its answer, and no call for another payment waits', async () => {
		const world = new TriggerWorld(says(PAID));
		expect(kindOf(await world.decide())).toBe('run paid');
		const same = world.call();
		await world.clock.advance(15 * SECOND);
		expect(same.told).toMatchObject({ why: 'busy', state: 'paid' });
		world.konnect = success({ payment: { ...body(PAID).payment, id: refOf(7) } });
		const before = world.clock.now();
		expect(kindOf(await world.decide(plain(refOf(7))))).toBe('run paid');
		expect(world.clock.now()).toBe(before);
	});

	it('more, by a call that waits, where n8n could not store the execution', async () => {
		const world = new TriggerWorld(says(PAID));
		const first = await world.decide();
		const second = world.call();
		await world.clock.advance(MINUTE);
		if (isRun(first)) first.claim?.release();
		expect(kindOf((await world.clock.until(second.ended)).decision)).toBe('run paid');
	});
});
