const { default: Sequencer } = require('@jest/test-sequencer');

// The simulation runs first, in processes that have run nothing else. Once a process has loaded n8n's engine, every await in it
// is several times slower, because the engine has Node track every promise.
module.exports = class extends Sequencer {
	sort(tests) {
		const isSimulation = ({ context }) => context.config.displayName?.name === 'simulation';
		const sorted = super.sort(tests);
		return [...sorted.filter(isSimulation), ...sorted.filter((test) => !isSimulation(test))];
	}
};
