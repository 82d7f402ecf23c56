import { CLOCK, Deadline } from '../../../nodes/Konnect/api/clock';
import { VirtualClock } from '../../fixtures/virtualClock';

describe('the clock of this process', () => {
	it('sleeps as long as it is told to', async () => {
		const timeout = jest.spyOn(AbortSignal, 'timeout');
		await CLOCK.sleep(20);
		// Other code of the process may sleep at the same time.
		expect(timeout).toHaveBeenCalledWith(20);
		timeout.mockRestore();
	});

	it.each([0, -5, 0.5])('wakes at once where it is told to sleep for %p', async (wait) => {
		const after = async (milliseconds: number, then: string) =>
			await CLOCK.sleep(milliseconds).then(() => then);
		expect(await Promise.race([after(wait, 'awake'), after(10_000, 'asleep')])).toBe('awake');
	});
});

describe('a pause of this process', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('lasts as long as it is told to', async () => {
		let isOver = false;
		void CLOCK.pause(19.5, []).then(() => (isOver = true));
		await jest.advanceTimersByTimeAsync(19);
		expect(isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(isOver).toBe(true);
	});

	it.each(['before it began', 'meanwhile'])(
		'ends at once where a signal has fired %s',
		async (when) => {
			const stop = new AbortController();
			if (when === 'before it began') stop.abort();
			const pause = CLOCK.pause(60_000, [new AbortController().signal, stop.signal]);
			stop.abort();
			await pause;
			expect(stop.signal.aborted).toBe(true);
		},
	);
});

describe('a deadline', () => {
	it('is over when its time has come, with one timer for all who wait for it', async () => {
		const clock = new VirtualClock();
		const sleep = jest.spyOn(clock, 'sleep');
		const deadline = Deadline.in(clock, 5_000);
		const waiting = [deadline.whenOver(), deadline.whenOver()];
		expect(deadline.isOver).toBe(false);
		await clock.advance(4_999);
		expect(deadline.isOver).toBe(false);
		await clock.advance(1);
		await Promise.all([...waiting, deadline.whenOver()]);
		expect([deadline.isOver, deadline.at]).toEqual([true, 5_000]);
		expect(sleep).toHaveBeenCalledTimes(1);
	});

	it('is over once it was waited for, even by a timer that is a little early', async () => {
		const deadline = new Deadline({ ...CLOCK, now: () => 0, sleep: async () => {} }, 1);
		await deadline.whenOver();
		expect(deadline.isOver).toBe(true);
	});
});
