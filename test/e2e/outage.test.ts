import { openShop, startSingleStage, type ServedStage } from './harness';
import { databaseOutageSuite, konnectOutageSuite } from './suites/outage';

const BOOT_TIMEOUT_MS = 240_000;

let stage: ServedStage;

beforeAll(async () => {
	stage = await startSingleStage('postgres');
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

describe('an outage, in one n8n process with PostgreSQL', () => {
	const suite = {
		stage: () => stage,
		open: async () => await openShop(stage),
		happened: async (shop: Awaited<ReturnType<typeof openShop>>) => await shop.started(),
	};
	konnectOutageSuite(suite);
	databaseOutageSuite(suite);
});
