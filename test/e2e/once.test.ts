import { openShop, startSingleStage, type ServedStage } from './harness';
import { onceSuite } from './suites/once';

const BOOT_TIMEOUT_MS = 240_000;

let stage: ServedStage;

beforeAll(async () => {
	stage = await startSingleStage('sqlite');
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

describe('an execution, in one n8n process with SQLite', () => {
	onceSuite({
		stage: () => stage,
		open: async () => await openShop(stage),
		happened: async (shop) => await shop.started(),
		burstSignals: ['SIGTERM', 'SIGKILL'],
	});
});
