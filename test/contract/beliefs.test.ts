import { startSandbox, type Sandbox } from '../../sandbox';
import type { Finding } from './hold';
import { BELIEFS, hold } from './hold';
import { accountAt } from './sandboxAccount';
import type { Exchange } from './talk';
import { MOST_REQUESTS, talkTo } from './talk';

let sandbox: Sandbox;
let findings: Finding[];
let exchanges: Exchange[];
beforeAll(async () => {
	sandbox = await startSandbox();
	({ findings, exchanges } = await hold(accountAt(sandbox)));
});
afterAll(() => sandbox.close());

describe('what we believe of Konnect holds for the sandbox', () => {
	it.each(BELIEFS.map(({ says }, index) => [says, index] as const))('%s', (_says, index) => {
		const finding = findings[index];
		expect(finding).toMatchObject({ seen: BELIEFS[index]?.expected, holds: true });
	});
});

describe('the beliefs', () => {
	it('say each something of their own', () => {
		expect(new Set(BELIEFS.map(({ says }) => says)).size).toBe(BELIEFS.length);
	});

	it('cost fewer than 30 requests, and no payment of more than a tenth of a dinar or euro', () => {
		expect(MOST_REQUESTS).toBeLessThan(30);
		expect(sandbox.requests).toHaveLength(exchanges.length);
		expect(exchanges.length).toBeLessThanOrEqual(MOST_REQUESTS);
		for (const payment of sandbox.payments()) expect(payment.request.amount).toBe(100);
	});

	it('cannot cost more, whatever is asked', async () => {
		sandbox.reset();
		const { ask } = talkTo(accountAt(sandbox));
		for (let count = 0; count < MOST_REQUESTS; count++) await ask({ path: '/' });
		await expect(ask({ path: '/' })).rejects.toThrow('the limit of 29 requests is reached');
		expect(sandbox.requests).toHaveLength(MOST_REQUESTS);
	});
});
