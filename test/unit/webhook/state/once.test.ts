import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { Claim } from '../../../../nodes/Konnect/webhook/state/once';
import { Once } from '../../../../nodes/Konnect/webhook/state/once';
import { VirtualClock } from '../../../fixtures/virtualClock';

const clock = new VirtualClock();
const never = Deadline.in(clock, Infinity);

function ledgerOf(done = new Set<string>()) {
	return {
		isDone: () => done.has('a'),
		note: () => void done.add('a'),
		erase: () => void done.delete('a'),
	};
}

describe('a thing that is done once', () => {
	it('is done after a commit, and can be claimed again after a release', async () => {
		const [once, ledger] = [new Once(), ledgerOf()];
		((await once.claim('a', never, ledger)) as Claim).release();
		const claim = (await once.claim('a', never, ledger)) as Claim;
		claim.commit();
		expect(await once.claim('a', never, ledger)).toBe('done');
		claim.release();
		expect(await once.claim('a', never, ledger)).toBeInstanceOf(Object);
	});

	it('keeps others waiting while it is under way, as long as they can', async () => {
		const [once, ledger] = [new Once(), ledgerOf()];
		const first = (await once.claim('a', never, ledger)) as Claim;
		expect(await once.claim('a', Deadline.in(clock, 0), ledger)).toBe('busy');
		const waiting = [once.claim('a', never, ledger), once.claim('a', never, ledger)];
		first.release();
		((await waiting[0]) as Claim).commit();
		expect(await waiting[1]).toBe('done');
	});

	it('is not held by a claim that was released and is committed too late', async () => {
		const [once, ledger] = [new Once(), ledgerOf()];
		const claim = (await once.claim('a', never, ledger)) as Claim;
		claim.release();
		claim.commit();
		expect(ledger.isDone()).toBe(false);
	});
});
