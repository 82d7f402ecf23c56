import { percentOf } from '../../../scripts/n8n/packages';

const ALL = { requests: 2050, megabytes: 2900 };

describe('the progress of an installation', () => {
	it('moves while npm asks, while it brings and while it only unpacks', () => {
		// As an installation goes: requests first, then megabytes, while the requests stand still.
		const stages = [
			{ requests: 0, megabytes: 0 },
			{ requests: 1000, megabytes: 1 },
			{ requests: 2050, megabytes: 2 },
			{ requests: 2050, megabytes: 700 },
			{ requests: 3000, megabytes: 1500 },
			{ requests: 4100, megabytes: 2200 },
			{ requests: 4100, megabytes: 2800 },
		];
		const percents = stages.map((done) => percentOf(done, ALL));
		expect(percents).toEqual([0, 16, 33, 49, 67, 83, 97]);
	});

	it('never says that it is done before it is', () => {
		expect(percentOf({ requests: 9000, megabytes: 9000 }, ALL)).toBe(99);
	});
});
