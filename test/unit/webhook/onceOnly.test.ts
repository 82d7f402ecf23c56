import fc from 'fast-check';

import { OnceOnly, type Claim } from '../../../nodes/Konnect/webhook/holds';

const PATIENCE = 60_000;
const turn = () => new Promise(setImmediate);

/** Asks for a claim and follows what becomes of it. */
function ask(things: OnceOnly, key: string) {
	const state: { result?: Claim | 'repeat' | 'busy' } = {};
	void things.claim(key, PATIENCE).then((result) => {
		state.result = result;
	});
	return state;
}

describe('a thing that must be done once', () => {
	it('is passed on while it is not done, and done by one only', async () => {
		const failures = fc.integer({ min: 0, max: 9 });
		await fc.assert(
			fc.asyncProperty(failures, async (count) => {
				const things = new OnceOnly();
				const asked = Array.from({ length: 10 }, () => ask(things, 'thing'));
				const claims = () =>
					asked.flatMap(({ result }) => (typeof result === 'object' ? [result] : []));
				for (let failed = 0; failed < count; failed++) {
					await turn();
					expect(claims()).toHaveLength(failed + 1);
					claims().forEach((claim) => claim.giveBack());
				}
				await turn();
				claims().at(-1)?.keep();
				await turn();
				expect(claims()).toHaveLength(count + 1);
				expect(asked.filter(({ result }) => result === 'repeat')).toHaveLength(9 - count);
			}),
		);
	});

	it('is busy where patience runs out', async () => {
		const things = new OnceOnly();
		await things.claim('thing', PATIENCE);
		expect(await things.claim('thing', 0)).toBe('busy');
	});

	it('keeps no other waiting', async () => {
		const things = new OnceOnly();
		await things.claim('one', PATIENCE);
		expect(await things.claim('another', 0)).toHaveProperty('keep');
	});

	it('is remembered while it is among the last thousand', async () => {
		const things = new OnceOnly();
		for (let n = 0; n <= 1000; n++) {
			const claim = await things.claim(`thing-${n}`, PATIENCE);
			if (typeof claim === 'object') claim.keep();
		}
		expect(await things.claim('thing-1', 0)).toBe('repeat');
		expect(await things.claim('thing-0', 0)).toHaveProperty('keep');
	});
});
