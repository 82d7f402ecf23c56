import { simulate } from './history';
import { MUTATIONS } from './mutations';
import { brokenPromises } from './promises';
import { World } from './world';

const HISTORIES = 200;

describe('the simulation finds what goes wrong without a fix', () => {
	it.each(Object.entries(MUTATIONS))(
		'%s',
		async (_name, fix) => {
			if (fix.seed !== undefined) {
				const { seed } = fix;
				const options = { seed, mutation: fix, shrink: false };
				const { failure, histories } = await simulate(HISTORIES, options);
				expect(failure).toBeDefined();
				// It is the fix that makes the difference, not the history.
				const whole = await simulate(histories, { seed, shrink: false });
				expect(whole.failure).toBeUndefined();
				return;
			}
			const brokenIn = async (world: World) => {
				await fix.history(world);
				await world.end();
				return brokenPromises(world);
			};
			expect(await brokenIn(new World(fix.setup, fix))).not.toEqual([]);
			expect(await brokenIn(new World(fix.setup))).toEqual([]);
		},
		300_000,
	);
});
