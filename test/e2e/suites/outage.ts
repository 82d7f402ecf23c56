import { setTimeout as sleep } from 'node:timers/promises';
import { openTab } from '../../fixtures/callers';
import { call, callAll, callUntilAnswered, credentialFor, paidPayments } from '../harness';
import type { CallAnswer, Shop } from '../harness';
import { paidEvents, sorted, type Suite } from './once';

const POLL_MS = 20;
/** Milliseconds, enough for all calls to arrive at the sandbox and for PostgreSQL to stop. */
const HELD_FOR = 6000;

/** No payment is lost or counted twice while Konnect is away, or refuses the key, which only the owner can fix. */
export function konnectOutageSuite({ stage, open, happened }: Suite): void {
	it('starts nothing while Konnect breaks connections off, and all 8 once when it is back, though nobody calls again', async () => {
		const shop = await open();
		const { sandbox } = stage();
		const refs = await paidPayments(sandbox, 8);
		sandbox.setFaults({ cut: 'before', match: 'get' });
		const answers = await callAll(shop.urls, refs);
		expect(answers).toEqual(refs.map(() => ({ status: 503, result: 'failed' })));
		expect(await shop.started()).toEqual([]);
		sandbox.clearFaults();
		await shop.ended(refs.length, 120_000);
		expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
	});

	it('tells the owner once that the key is refused, and starts all others when it is fixed, though nobody calls again', async () => {
		const { client, credential, sandbox } = stage();
		const shop = await open();
		const revoked = credentialFor(sandbox, { apiKey: '5f7a209aeb3f76490ac4a3d1:revoked' });
		const refs = await paidPayments(sandbox, 5);
		const [told = '', held = '', ...others] = refs;
		await client.updateCredential(credential.id, revoked);
		const refused = { status: 502, result: 'failed' };
		expect(await call(shop.url, told)).toEqual(refused);
		const page = openTab(`${shop.url}?payment_ref=${held}`);
		expect(await callAll(shop.urls, others)).toEqual(others.map(() => refused));
		const { error } = (await client.waitForExecution({ workflowId: shop.id })).data.resultData;
		expect(error?.message).toBe('Konnect does not accept the API key');
		expect(error?.description).toContain(told);
		await client.updateCredential(credential.id, credentialFor(sandbox));
		expect((await page).text).toContain('Payment received');
		await shop.ended(refs.length, 60_000);
		expect(await call(shop.url, told)).toEqual({ status: 200, result: 'accepted' });
		await shop.ended(refs.length + 1, 60_000);
		expect((await shop.payments()).map(({ eventId }) => eventId).sort()).toEqual(
			[...paidEvents(refs), undefined].sort(),
		);
	});
}

/** The same when n8n's own database is away. */
export function databaseOutageSuite({ stage, open, happened }: Suite): void {
	/** `during` stops PostgreSQL and calls for payments. Each call must get an error, and each payment happen once later. */
	const callWhile = async (during: (shop: Shop, refs: string[]) => Promise<CallAnswer[]>) => {
		const shop = await open();
		const { postgres, sandbox, ready } = stage();
		const refs = await paidPayments(sandbox, 20);
		const answers = await during(shop, refs);
		sandbox.clearFaults();
		await postgres?.start();
		await ready();
		expect(answers.filter(({ status }) => status < 500)).toEqual([]);
		// Konnect and payers repeat their calls until each is answered. After that all are called for once more.
		await callUntilAnswered(shop.urls, refs);
		await callUntilAnswered(shop.urls, refs, 1);
		expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
	};

	it('loses and doubles none of 20 calls that come while PostgreSQL is stopped', async () => {
		await callWhile(async ({ urls }, refs) => {
			await stage().postgres?.stop();
			return await callAll(urls, refs);
		});
	});

	it('loses and doubles none of 20 calls during which PostgreSQL stops', async () => {
		const { postgres, sandbox } = stage();
		await callWhile(async ({ urls }, refs) => {
			// Konnect's answers come when the database is gone: n8n can no longer store what they start.
			sandbox.setFaults({ latency: HELD_FOR, match: 'get' });
			const calls = callAll(urls, refs);
			const isRead = ({ method, path }: { method: string; path: string }) =>
				method === 'GET' && refs.some((ref) => path.endsWith(ref));
			const readsOf = () => sandbox.requests.filter(isRead).length;
			while (readsOf() < refs.length) await sleep(POLL_MS);
			await postgres?.stop();
			return await calls;
		});
	});
}
