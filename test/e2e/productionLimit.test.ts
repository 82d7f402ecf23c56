import { callAll, opened, openShop, paidPayments, startStage } from './harness';
import { paidEvents, sorted } from './suites/once';

const PAYMENTS = 6;

jest.setTimeout(120_000);

const env = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' };
const stage = opened(async () => await startStage({ n8n: { env } }));

/** A workflow of so many seconds: n8n holds the answers of the calls that wait for their turn. */
const slowNode = (seconds: number) => ({
	name: 'Slow',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: seconds, unit: 'seconds' },
});

describe('an n8n that runs one execution at a time', () => {
	it('runs the workflow for each of six payments called at once, and refuses none', async () => {
		const shop = await openShop(stage(), [slowNode(6)]);
		const refs = await paidPayments(stage().sandbox, PAYMENTS);
		const answers = await callAll(shop.urls, refs);
		expect(answers).toEqual(refs.map(() => ({ status: 200, result: 'accepted' })));
		expect(sorted(await shop.started())).toEqual(paidEvents(refs));
	});
});
