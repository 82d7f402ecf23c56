import { simulate } from './history';
import { MUTATIONS } from './mutations';
import { brokenPromises } from './promises';
import { World } from './world';

const HISTORIES = 200;

describe('the simulation finds what goes wrong without a mend', () => {
	it.each(Object.entries(MUTATIONS))(
		'%s',
		async (_name, mend) => {
			if (mend.seed !== undefined) {
				const { seed } = mend;
				const options = { seed, mutation: mend, shrink: false };
				const { failure, histories } = await simulate(HISTORIES, options);
				expect(failure).toBeDefined();
				// It is the mend that makes the difference, not the history.
				const whole = await simulate(histories, { seed, shrink: false });
				expect(whole.failure).toBeUndefined();
				return;
			}
			const brokenIn = async (world: World) => {
				await mend.history(world);
				await world.end();
				return brokenPromises(world);
			};
			expect(await brokenIn(new World(mend.setup, mend))).not.toEqual([]);
			expect(await brokenIn(new World(mend.setup))).toEqual([]);
		},
		300_000,
	);
});
