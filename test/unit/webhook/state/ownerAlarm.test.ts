import { OwnerAlarm } from '../../../../nodes/Konnect/webhook/state/ownerAlarm';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

describe('the owner', () => {
	it('is told at once, then after ten minutes, with how many calls met the same meanwhile', async () => {
		const clock = new VirtualClock();
		const alarm = new OwnerAlarm(clock);
		expect(alarm.ring('key')).toBe(0);
		expect(alarm.ring('key')).toBeUndefined();
		await clock.advance(10 * MINUTE - 1);
		expect(alarm.ring('key')).toBeUndefined();
		await clock.advance(1);
		expect(alarm.ring('key')).toBe(2);
		expect(alarm.ring('key')).toBeUndefined();
		await clock.advance(10 * MINUTE);
		expect(alarm.ring('key')).toBe(1);
	});

	it('is told of each kind separately, for up to a hundred kinds', () => {
		const alarm = new OwnerAlarm(new VirtualClock());
		for (let kind = 0; kind < 100; kind++) expect(alarm.ring(String(kind))).toBe(0);
		expect(alarm.ring('0')).toBeUndefined();
		expect(alarm.ring('one more')).toBe(0);
		expect(alarm.ring('0')).toBe(0);
	});
});
