import { startSingleStage, type ServedStage } from './harness';
import { waitSuite } from './suites/wait';

const BOOT_TIMEOUT_MS = 240_000;

let stage: ServedStage;

beforeAll(async () => {
	stage = await startSingleStage('sqlite');
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

describe('an execution that waits, in one n8n process with SQLite', () => {
	waitSuite(() => stage);
});
