import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { OnceOnly } from '../../../../nodes/Konnect/webhook/state/onceOnly';
import { VirtualClock } from '../../../fixtures/virtualClock';

const clock = new VirtualClock();
const never = Deadline.in(clock, Infinity);

async function claimed(once: OnceOnly, key: string) {
	const claim = await once.claim(key, never);
	if (typeof claim === 'string') throw new Error(`it is ${claim}`);
	return claim;
}

describe('a thing that is done once', () => {
	it('is done after it was committed, and can be claimed again after it was released', async () => {
		const once = new OnceOnly();
		(await claimed(once, 'a')).release();
		(await claimed(once, 'a')).commit();
		expect(await once.claim('a', never)).toBe('repeat');
		expect(await once.claim('a', never)).toBe('repeat');
		(await claimed(once, 'b')).release();
	});

	it('keeps others waiting while it is under way, as long as they can', async () => {
		const once = new OnceOnly();
		const first = await claimed(once, 'a');
		expect(await once.claim('a', Deadline.in(clock, 0))).toBe('busy');
		const waiting = once.claim('a', never);
		first.commit();
		first.release();
		expect(await waiting).toBe('repeat');
	});

	it('is remembered among the last thousand', async () => {
		const once = new OnceOnly();
		for (let n = 0; n < 1_001; n++) (await claimed(once, String(n))).commit();
		expect(await once.claim('1', never)).toBe('repeat');
		(await claimed(once, '0')).release();
	});
});
