import { opened, openShop, startSingleStage } from './harness';
import { onceSuite } from './suites/once';
import { waitSuite } from './suites/wait';

jest.setTimeout(240_000);

const stage = opened(async () => await startSingleStage('sqlite'));

describe('an execution, in one n8n process with SQLite', () => {
	onceSuite({
		stage,
		open: async () => await openShop(stage()),
		happened: async (shop) => await shop.started(),
		burstSignals: ['SIGTERM', 'SIGKILL'],
	});
});

describe('an execution that waits, in one n8n process with SQLite', () => waitSuite(stage));
