import { opened, openShop, startSingleStage, type Shop } from './harness';
import { databaseOutageSuite, konnectOutageSuite } from './suites/outage';

jest.setTimeout(240_000);

const stage = opened(async () => await startSingleStage('postgres'));

describe('an outage, in one n8n process with PostgreSQL', () => {
	const suite = {
		stage,
		open: async () => await openShop(stage()),
		happened: async (shop: Shop) => await shop.started(),
	};
	konnectOutageSuite(suite);
	databaseOutageSuite(suite);
});
