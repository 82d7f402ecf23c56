import {
	at,
	call,
	callAll,
	opened,
	openOnceOnlyShop,
	paidPayments,
	startQueueStage,
} from './harness';
import { nginxSuite } from './suites/nginx';
import { onceSuite, paidEvents, sorted, type Suite } from './suites/once';
import { databaseOutageSuite } from './suites/outage';
import { waitSuite } from './suites/wait';

jest.setTimeout(240_000);

const stage = opened(startQueueStage);
const open = async () => await openOnceOnlyShop(stage());

describe('two webhook processors behind nginx as the docs configure it', () => nginxSuite(stage));

describe('an execution, in queue mode with two webhook processors', () => {
	it('is one when the identical calls at once all come to one processor', async () => {
		const shop = await open();
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		await callAll(shop.urls.slice(0, 1), new Array<string>(50).fill(ref));
		expect(await shop.started()).toEqual(paidEvents([ref]));
	});

	it('is one when the other processor is called after the first has answered', async () => {
		const shop = await open();
		const refs = await paidPayments(stage().sandbox, 20);
		for (const [index, ref] of refs.entries()) {
			const results = [
				(await call(at(shop.urls, index), ref)).result,
				(await call(at(shop.urls, index + 1), ref)).result,
			];
			expect(results).toEqual(['accepted', 'duplicate']);
		}
		expect(sorted(await shop.started())).toEqual(paidEvents(refs));
	});

	it('is at most one a processor when both are called in the same moment', async () => {
		const shop = await open();
		const refs = await paidPayments(stage().sandbox, 10);
		await callAll(shop.urls, [...refs, ...refs].sort());
		const started = await shop.started();
		expect(new Set(started)).toEqual(new Set(paidEvents(refs)));
		expect(started.length).toBeLessThanOrEqual(refs.length * shop.urls.length);
		expect(sorted(await shop.handled())).toEqual(paidEvents(refs));
	});
});

describe('what the example workflow does, in queue mode with two webhook processors', () => {
	const suite: Suite = {
		stage,
		open,
		happened: async (shop) => await shop.handled(),
	};
	onceSuite(suite);
	databaseOutageSuite(suite);
});

describe('an execution that waits, in queue mode with two webhook processors', () => {
	waitSuite(stage);
});
