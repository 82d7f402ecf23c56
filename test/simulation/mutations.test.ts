import { simulate } from './history';
import { MUTATIONS, WAIT_MUTATIONS } from './mutations';
import { simulateWaits } from './waitHistory';

/** A seed among whose first histories is one that shows the defect; any other seed shows it sooner or later. */
const SEEDS: Record<keyof typeof MUTATIONS, number> = {
	'a claim waits for no other payment': 1,
	'no timer frees a claim': 3,
	'ten thousand paid payments are remembered': 6,
	'what is unpaid never pushes out what is paid': 1,
	'nothing is remembered of what Konnect does not know': 4,
	'strangers have a budget': 2,
	'what cannot be verified runs seldom': 1,
	'of a payment that could not be read no query is verified': 1,
	'a signed address has a budget': 9,
	'a price that has arrived is not settled': 8,
	'no refusal stands on a credential that could not be read': 1,
	'invented references are counted however slow Konnect is': 1,
	'calls go before a bulk run': 1,
	'reads are kept apart by credential': 4,
	'a payment that has not settled is asked for again': 1,
};

const HISTORIES = 1_000;

describe('the simulation finds what goes wrong without a mend', () => {
	it.each(Object.entries(MUTATIONS))(
		'%s',
		async (mend, mutation) => {
			const seed = SEEDS[mend];
			const { failure, histories } = await simulate(HISTORIES, { seed, mutation, shrink: false });
			expect(failure).toBeDefined();
			// It is the mend that makes the difference, not the history.
			const whole = await simulate(histories, { seed, shrink: false });
			expect(whole.failure).toBeUndefined();
		},
		300_000,
	);

	it.each(Object.entries(WAIT_MUTATIONS))('%s', async (_mend, decide) => {
		const { failure, histories } = await simulateWaits(HISTORIES, { seed: 1, decide });
		expect(failure).toBeDefined();
		const whole = await simulateWaits(histories, { seed: 1 });
		expect(whole.failure).toBeUndefined();
	});
});
