import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { Singleflight } from '../../../../nodes/Konnect/webhook/state/singleflight';
import { VirtualClock } from '../../../fixtures/virtualClock';

/** A question whose answers take a second and are counted, and may be asked anew two seconds after it was asked. */
function setUp() {
	const clock = new VirtualClock();
	const flight = new Singleflight<number>(clock, 2_000);
	let asked = 0;
	const ask = async () => {
		const answer = ++asked;
		await clock.sleep(1_000);
		return answer;
	};
	const since = async (at: number, patience = 60_000) =>
		await flight.since(at, Deadline.in(clock, patience), ask);
	return { clock, flight, since, count: () => asked };
}

describe('one question of many callers', () => {
	it('is asked once for callers that come together, and answered from memory where that is new enough', async () => {
		const { clock, since, count } = setUp();
		const facts = await clock.until(Promise.all([since(0), since(0)]));
		expect(facts).toEqual([
			{ value: 1, askedAt: 0 },
			{ value: 1, askedAt: 0 },
		]);
		expect(await since(0)).toBe(facts[0]);
		expect(count()).toBe(1);
	});

	it('is shared while it is under way only by callers that accept an answer from its start', async () => {
		const { clock, since } = setUp();
		const first = since(0);
		await clock.advance(500);
		const [second, third] = [since(0), since(500)];
		expect(await clock.until(second)).toEqual({ value: 1, askedAt: 0 });
		expect(await clock.until(third)).toEqual({ value: 2, askedAt: 2_000 });
		expect(await first).toEqual({ value: 1, askedAt: 0 });
	});

	it('is spaced, and all who wait share the next one', async () => {
		const { clock, since, count } = setUp();
		await clock.until(since(0));
		await clock.advance(100);
		const facts = await clock.until(Promise.all([since(1_100), since(1_050)]));
		expect(facts).toEqual([
			{ value: 2, askedAt: 2_000 },
			{ value: 2, askedAt: 2_000 },
		]);
		expect(count()).toBe(2);
	});

	it('goes on for the next caller when its own gives up', async () => {
		const { clock, flight, since } = setUp();
		expect(await clock.until(since(0, 500))).toBe('late');
		await clock.advance(500);
		expect(flight.latest).toEqual({ value: 1, askedAt: 0 });
	});

	it('is asked again after a failure, by the callers that wait', async () => {
		const { clock, flight, since } = setUp();
		const never = Deadline.in(clock, 60_000);
		const failing = flight.since(0, never, async () => await Promise.reject(new Error('no')));
		const failed = expect(failing).rejects.toThrow('no');
		await clock.advance(0);
		await failed;
		expect(await clock.until(since(0))).toEqual({ value: 1, askedAt: 2_000 });
	});
});
