import { CLOCK } from '../../../../nodes/Konnect/api/clock';
import { stateOf } from '../../../../nodes/Konnect/webhook/state/nodeState';

const DAY = 24 * 60 * 60_000;

describe('what the calls of a node share', () => {
	let now = 0;
	beforeEach(() => {
		now = Math.ceil(CLOCK.now());
		jest.spyOn(CLOCK, 'now').mockImplementation(() => now);
	});
	afterEach(() => jest.restoreAllMocks());

	it('is theirs alone', () => {
		const state = stateOf('workflow', 'node');
		expect(stateOf('workflow', 'node')).toBe(state);
		expect(stateOf('workflow', 'other')).not.toBe(state);
		expect(stateOf('other', 'node')).not.toBe(state);
	});

	it('is kept as long as a call comes within a day', () => {
		const state = stateOf('workflow', 'node');
		for (let days = 0; days < 3; days++) {
			now += DAY;
			expect(stateOf('workflow', 'node')).toBe(state);
		}
	});

	it('is dropped after a day without a call, whichever node is called', () => {
		const [idle, busy] = [stateOf('workflow', 'idle'), stateOf('workflow', 'busy')];
		now += DAY / 2;
		expect(stateOf('workflow', 'busy')).toBe(busy);
		now += DAY / 2 + 1;
		expect(stateOf('workflow', 'busy')).toBe(busy);
		expect(stateOf('workflow', 'idle')).not.toBe(idle);
	});
});
