import { simulate } from './history';
import { MUTATIONS } from './mutations';

/** A seed among whose first histories is one that shows the defect; any other seed shows it sooner or later. */
const SEEDS: Record<keyof typeof MUTATIONS, number> = {
	'a claim waits for no other payment': 1,
	'no timer frees a claim': 2,
	'ten thousand paid payments are remembered': 2,
	'what is unpaid never pushes out what is paid': 2,
	'nothing is remembered of what Konnect does not know': 7,
	'strangers have a budget': 1,
	'calls go before a bulk run': 2,
	'reads are kept apart by credential': 1,
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
});
