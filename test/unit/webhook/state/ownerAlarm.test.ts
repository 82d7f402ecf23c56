import { OwnerAlarm } from '../../../../nodes/Konnect/webhook/state/ownerAlarm';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

describe('the owner', () => {
	it('is told at once, then after ten minutes, with how many calls met the same meanwhile', async () => {
		const clock = new VirtualClock();
		const alarm = new OwnerAlarm(clock);
		expect(alarm.ring('key', false)).toBe(0);
		expect(alarm.ring('key', false)).toBeUndefined();
		await clock.advance(10 * MINUTE - 1);
		expect(alarm.ring('key', false)).toBeUndefined();
		await clock.advance(1);
		expect(alarm.ring('key', false)).toBe(2);
		expect(alarm.ring('key', false)).toBeUndefined();
		await clock.advance(10 * MINUTE);
		expect(alarm.ring('key', false)).toBe(1);
	});

	it('is told of each call once, though it rings again when it stops looking', async () => {
		const clock = new VirtualClock();
		const alarm = new OwnerAlarm(clock);
		alarm.ring('key', false);
		for (const isCounted of [false, true, false])
			expect(alarm.ring('key', isCounted)).toBeUndefined();
		await clock.advance(10 * MINUTE);
		expect(alarm.ring('key', true)).toBe(1);
	});

	it('is told of each kind separately, for up to a hundred kinds', () => {
		const alarm = new OwnerAlarm(new VirtualClock());
		for (let kind = 0; kind < 100; kind++) expect(alarm.ring(String(kind), false)).toBe(0);
		expect(alarm.ring('0', false)).toBeUndefined();
		expect(alarm.ring('one more', false)).toBe(0);
		expect(alarm.ring('0', false)).toBe(0);
	});
});
