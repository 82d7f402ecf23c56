import { Throttles } from '../../../../nodes/Konnect/api/throttles';
import { ProcessState } from '../../../../nodes/Konnect/webhook/state/nodeState';
import { VirtualClock } from '../../../fixtures/virtualClock';

it('each node has a state of its own, and the thousand called last keep theirs', () => {
	const clock = new VirtualClock();
	const state = new ProcessState(clock, new Throttles(clock));
	const [idle, busy] = [state.nodeOf('idle'), state.nodeOf('busy')];
	expect(idle).not.toBe(busy);
	for (let n = 0; n < 998; n++) state.nodeOf(`other ${n}`);
	expect(state.nodeOf('busy')).toBe(busy);
	state.nodeOf('one more');
	expect(state.nodeOf('busy')).toBe(busy);
	expect(state.nodeOf('idle')).not.toBe(idle);
});
