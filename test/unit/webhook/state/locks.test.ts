import { Deadline } from '../../../../nodes/Konnect/api/clock';
import { claimOn, Locks } from '../../../../nodes/Konnect/webhook/state/locks';
import { VirtualClock } from '../../../fixtures/virtualClock';

const never = Deadline.in(new VirtualClock(), Infinity);
const somethingToDo = () => false;

describe('a claim', () => {
	it.each(['commit', 'release'] as const)('that has ended with %s is over', (end) => {
		const done: string[] = [];
		const claim = claimOn(
			{ commit: () => done.push('commit'), release: () => done.push('release') },
			() => done.push('free'),
		);
		claim[end]();
		claim.commit();
		claim.release();
		expect(done).toEqual([end, 'free']);
	});
});

describe('a lock', () => {
	it('is not taken by who has nothing to do, so that nobody waits for them', async () => {
		const locks = new Locks();
		expect(await locks.take('a', never, () => true)).toBe('repeat');
		expect(await locks.take('a', never, somethingToDo)).toBeInstanceOf(Function);
	});

	it('goes to those who wait one by one', async () => {
		const locks = new Locks();
		const free = await locks.take('a', never, somethingToDo);
		const turns: string[] = [];
		const wait = async (name: string) => {
			const end = await locks.take('a', never, somethingToDo);
			turns.push(name);
			await Promise.resolve();
			turns.push(`${name} ends`);
			if (typeof end !== 'string') end();
		};
		const waiting = Promise.all([wait('first'), wait('second')]);
		if (typeof free !== 'string') free();
		await waiting;
		expect(turns).toEqual(['first', 'first ends', 'second', 'second ends']);
	});
});
