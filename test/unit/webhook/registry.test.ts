import type { EventState, PaymentEvent } from '../../../nodes/Konnect/webhook/event';
import type { EventClaim } from '../../../nodes/Konnect/webhook/registry';
import { EventRegistry } from '../../../nodes/Konnect/webhook/registry';
import { refOf } from '../../fixtures/calls';

const eventOf = (n: number, state: EventState = 'paid', news = 0): PaymentEvent => ({
	paymentRef: refOf(n),
	state,
	news,
});
const PATIENCE = 60_000;
const turn = () => new Promise(setImmediate);

/** Claims an event and follows what becomes of the call. */
function call(registry: EventRegistry, event: PaymentEvent, patience = PATIENCE) {
	const state: { result?: EventClaim | 'repeat' | 'busy' } = {};
	void registry.claim(event, patience).then((result) => {
		state.result = result;
	});
	return state;
}

async function claimed(registry: EventRegistry, event: PaymentEvent): Promise<EventClaim> {
	const claim = await registry.claim(event, PATIENCE);
	if (typeof claim === 'string') throw new Error(claim);
	return claim;
}

const claimsOf = (calls: Array<ReturnType<typeof call>>) =>
	calls.flatMap(({ result }) => (typeof result === 'object' ? [result] : []));

describe('a hundred calls for one event at once', () => {
	const crowd = (registry: EventRegistry) =>
		Array.from({ length: 100 }, () => call(registry, eventOf(1)));

	it('come to one claim, and the others are repeats once it is kept', async () => {
		const calls = crowd(new EventRegistry());
		await turn();
		const claims = claimsOf(calls);
		expect(claims).toHaveLength(1);
		expect(calls.filter(({ result }) => result === undefined)).toHaveLength(99);
		claims[0]?.keep();
		await turn();
		expect(calls.filter(({ result }) => result === 'repeat')).toHaveLength(99);
	});

	it('pass the claim on each time it is given back, to exactly one of those who wait', async () => {
		const calls = crowd(new EventRegistry());
		for (let turns = 1; turns <= 5; turns++) {
			await turn();
			expect(claimsOf(calls)).toHaveLength(turns);
			claimsOf(calls).at(-1)?.giveBack();
		}
		await turn();
		for (const claim of claimsOf(calls)) claim.keep();
		await turn();
		expect(claimsOf(calls)).toHaveLength(6);
		expect(calls.filter(({ result }) => result === 'repeat')).toHaveLength(94);
	});
});

describe('a claim', () => {
	it.each([
		['the same event', 'paid', 'paid', 'repeat'],
		['an earlier event', 'paid', 'pending', 'repeat'],
		['a later event', 'pending', 'paid', 'claim'],
	] as const)('that is kept makes %s, %s then %s, a %s', async (_name, first, second, result) => {
		const registry = new EventRegistry();
		(await claimed(registry, eventOf(1, first))).keep();
		const next = await registry.claim(eventOf(1, second), PATIENCE);
		expect(typeof next === 'string' ? next : 'claim').toBe(result);
	});

	it('that is given back leaves no trace', async () => {
		const registry = new EventRegistry();
		(await claimed(registry, eventOf(1))).giveBack();
		const claim = await claimed(registry, eventOf(2));
		expect(claim.record().split(' ').slice(1)).toEqual([`${refOf(2)}:paid`]);
	});

	it('ends once: what comes after does nothing', async () => {
		const registry = new EventRegistry();
		const first = await claimed(registry, eventOf(1));
		first.giveBack();
		first.keep();
		const second = await claimed(registry, eventOf(1));
		first.keep();
		first.giveBack();
		expect(await registry.claim(eventOf(1), 0)).toBe('busy');
		second.keep();
		second.giveBack();
		expect(await registry.claim(eventOf(1), 0)).toBe('repeat');
	});

	it('of a payment whose claim does not end is busy when patience runs out', async () => {
		const registry = new EventRegistry();
		await claimed(registry, eventOf(1));
		expect(await registry.claim(eventOf(1), 0)).toBe('busy');
		expect(await registry.claim(eventOf(1, 'expired'), 0)).toBe('busy');
	});

	it('waits no longer than its patience where the claim of another payment does not end', async () => {
		const registry = new EventRegistry();
		await claimed(registry, eventOf(1));
		expect(await registry.claim(eventOf(2), 0)).not.toBe('repeat');
	});

	it.each([16.1 * 1000, 0.5, 1e12])('may be given %d milliseconds', async (patience) => {
		const claim = await new EventRegistry().claim(eventOf(1), patience);
		expect(claim).toHaveProperty('record');
	});

	it('does not undo what was learnt while it was open', async () => {
		const registry = new EventRegistry();
		const claim = await claimed(registry, eventOf(1, 'attemptFailed', 1));
		registry.learn(`another ${refOf(1)}:paid`);
		claim.keep();
		expect(await registry.claim(eventOf(1), 0)).toBe('repeat');
	});
});

describe('a paid payment', () => {
	it('is settled once its claim is kept', async () => {
		const registry = new EventRegistry();
		const claim = await claimed(registry, eventOf(1));
		const answers = [1, 2, 3].map(() => registry.isSettled(refOf(1), PATIENCE));
		claim.keep();
		expect(await Promise.all(answers)).toEqual([true, true, true]);
	});

	it('is not settled where its claim is given back, or does not end in time', async () => {
		const registry = new EventRegistry();
		const claim = await claimed(registry, eventOf(1));
		expect(await registry.isSettled(refOf(1), 0)).toBe(false);
		const answer = registry.isSettled(refOf(1), PATIENCE);
		claim.giveBack();
		expect(await answer).toBe(false);
	});

	it.each([
		['paid', true],
		['paid+unknown', true],
		['expired', false],
		['partiallyPaid:5000', false],
		['nonsense', false],
	])('is settled where the record says so: %s is %s', async (text, settled) => {
		const registry = new EventRegistry();
		registry.learn(`another ${refOf(1)}:${text}`);
		expect(await registry.isSettled(refOf(1), 0)).toBe(settled);
		expect(await registry.isSettled(refOf(2), 0)).toBe(false);
	});
});
