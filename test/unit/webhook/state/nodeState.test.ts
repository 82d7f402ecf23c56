import { Throttles } from '../../../../nodes/Konnect/api/throttles';
import { ProcessState } from '../../../../nodes/Konnect/webhook/state/nodeState';
import { VirtualClock } from '../../../fixtures/virtualClock';

const DAY = 24 * 60 * 60_000;

it('what the calls of a node share is theirs alone, and dropped after a day without a call', async () => {
	const clock = new VirtualClock();
	const state = new ProcessState(clock, new Throttles(clock));
	const [idle, busy] = [state.nodeOf('idle'), state.nodeOf('busy')];
	expect(idle).not.toBe(busy);
	await clock.advance(DAY);
	expect(state.nodeOf('busy')).toBe(busy);
	await clock.advance(1);
	expect(state.nodeOf('busy')).toBe(busy);
	expect(state.nodeOf('idle')).not.toBe(idle);
});
