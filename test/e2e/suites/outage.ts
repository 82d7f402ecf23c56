import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../../../sandbox/index';
import { callAll, callUntilAnswered, paidPayments, type Shop } from '../harness';
import { paidEvents, sorted, type Suite } from './once';

const POLL_MS = 20;
/** Longer than the calls need to arrive at the sandbox and PostgreSQL to stop, in ms. */
const HELD_FOR = 6000;

const OUTAGES: Array<[string, Partial<Faults>]> = [
	['answers 503', { status: 503, match: 'get' }],
	['breaks connections off', { cut: 'before', match: 'get' }],
];

/** As Konnect and payers do: until each call is answered, and then once more. */
async function repeatCalls({ urls }: Shop, refs: string[]): Promise<void> {
	await callUntilAnswered(urls, refs);
	await callUntilAnswered(urls, refs, 1);
}

type OutageSuite = Omit<Suite, 'burstSignals'>;

/** No payment is lost, and none counted twice, when Konnect is away while calls come. */
export function konnectOutageSuite({ stage, open, happened }: OutageSuite): void {
	it.each(OUTAGES)(
		'starts nothing while Konnect %s, and all 50 once when the calls are repeated',
		async (_name, faults) => {
			const shop = await open();
			const { sandbox } = stage();
			const refs = await paidPayments(sandbox, 50);
			sandbox.setFaults(faults);
			const answers = await callAll(shop.urls, refs);
			expect(answers).toEqual(refs.map(() => ({ status: 503, result: 'failed' })));
			expect(await shop.started()).toEqual([]);
			sandbox.clearFaults();
			await repeatCalls(shop, refs);
			expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
		},
	);
}

/** The same when n8n's own database is away. */
export function databaseOutageSuite({ stage, open, happened }: OutageSuite): void {
	it('loses and doubles none of 20 calls that come while PostgreSQL is stopped', async () => {
		const shop = await open();
		const { postgres, sandbox, ready } = stage();
		const refs = await paidPayments(sandbox, 20);
		await postgres?.stop();
		const answers = await callAll(shop.urls, refs);
		await postgres?.start();
		await ready();
		expect(answers.filter(({ status }) => status < 500)).toEqual([]);
		await repeatCalls(shop, refs);
		expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
	});

	it('loses and doubles none of 20 calls during which PostgreSQL stops', async () => {
		const shop = await open();
		const { postgres, sandbox, ready } = stage();
		const refs = await paidPayments(sandbox, 20);
		// Konnect's answers come when the database is gone: n8n can no longer store what they start.
		sandbox.setFaults({ latency: HELD_FOR, match: 'get' });
		const calls = callAll(shop.urls, refs);
		const isRead = ({ method, path }: { method: string; path: string }) =>
			method === 'GET' && refs.some((ref) => path.endsWith(ref));
		const readsOf = () => sandbox.requests.filter(isRead).length;
		while (readsOf() < refs.length) await sleep(POLL_MS);
		await postgres?.stop();
		const answers = await calls;
		sandbox.clearFaults();
		await postgres?.start();
		await ready();
		expect(answers.filter(({ status }) => status < 500)).toEqual([]);
		await repeatCalls(shop, refs);
		expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
	});
}
