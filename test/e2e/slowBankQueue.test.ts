import { startQueueStage, type ServedStage } from './harness';
import { slowBankSuite } from './suites/slowBank';

const BOOT_TIMEOUT_MS = 240_000;

let stage: ServedStage;

beforeAll(async () => {
	stage = await startQueueStage();
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

describe('a bank that is slower than the payer, in queue mode with two webhook processors', () => {
	// Two processors know nothing of each other: docs/scaling.md says how often both start it.
	slowBankSuite(() => stage, 2);
});
