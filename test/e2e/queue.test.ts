import { at, call, callAll, openOnceOnlyShop, paidPayments, startQueueStage } from './harness';
import type { ServedStage } from './harness';
import { onceSuite, paidEvents, sorted, type Suite } from './suites/once';
import { databaseOutageSuite, konnectOutageSuite } from './suites/outage';
import { waitSuite } from './suites/wait';

const BOOT_TIMEOUT_MS = 240_000;
const TIMEOUT_MS = 60_000;

let stage: ServedStage;

beforeAll(async () => {
	stage = await startQueueStage();
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

const open = async () => await openOnceOnlyShop(stage);

describe('an execution, in queue mode with two webhook processors', () => {
	it(
		'is one when the identical calls at once all come to one processor',
		async () => {
			const shop = await open();
			const [ref = ''] = await paidPayments(stage.sandbox, 1);
			await callAll(shop.urls.slice(0, 1), new Array<string>(50).fill(ref));
			expect(await shop.started()).toEqual(paidEvents([ref]));
		},
		TIMEOUT_MS,
	);

	it(
		'is one when the other processor is called after the first has answered',
		async () => {
			const shop = await open();
			const refs = await paidPayments(stage.sandbox, 20);
			for (const [index, ref] of refs.entries()) {
				const results = [
					(await call(at(shop.urls, index), ref)).result,
					(await call(at(shop.urls, index + 1), ref)).result,
				];
				expect(results).toEqual(['accepted', 'duplicate']);
			}
			expect(sorted(await shop.started())).toEqual(paidEvents(refs));
		},
		TIMEOUT_MS,
	);

	it(
		'is at most one a processor when both are called in the same moment',
		async () => {
			const shop = await open();
			const refs = await paidPayments(stage.sandbox, 10);
			await callAll(shop.urls, [...refs, ...refs].sort());
			const started = await shop.started();
			expect(new Set(started)).toEqual(new Set(paidEvents(refs)));
			expect(started.length).toBeLessThanOrEqual(refs.length * shop.urls.length);
			expect(sorted(await shop.handled())).toEqual(paidEvents(refs));
		},
		TIMEOUT_MS,
	);
});

describe('what the example workflow does, in queue mode with two webhook processors', () => {
	const suite: Suite = {
		stage: () => stage,
		open,
		happened: async (shop) => await shop.handled(),
		burstSignals: ['SIGTERM', 'SIGKILL'],
	};
	onceSuite(suite);
	konnectOutageSuite(suite);
	databaseOutageSuite(suite);
});

describe('an execution that waits, in queue mode with two webhook processors', () => {
	waitSuite(() => stage);
});
