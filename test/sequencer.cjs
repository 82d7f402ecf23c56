const { default: Sequencer } = require('@jest/test-sequencer');

// The simulation first, in processes that have run nothing else: n8n's engine, once loaded in a process, makes all that awaits
// there several times slower, because it has Node follow every promise.
module.exports = class extends Sequencer {
	sort(tests) {
		const isSimulation = ({ context }) => context.config.displayName?.name === 'simulation';
		const sorted = super.sort(tests);
		return [...sorted.filter(isSimulation), ...sorted.filter((test) => !isSimulation(test))];
	}
};
