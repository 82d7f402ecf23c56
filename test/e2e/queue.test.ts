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
import { deliverySuite } from './suites/examples/delivery';
import { delivered, openDeliveryShop } from './suites/examples/deliveryShop';
import { onceSuite, paidEvents, sorted, type Suite } from './suites/once';
import { databaseOutageSuite } from './suites/outage';
import { slowBankSuite } from './suites/slowBank';
import { waitSuite } from './suites/wait';

jest.setTimeout(300_000);

const PAYMENTS = 100;
/** Customers who open their links in the same moment. */
const AT_ONCE = 8;

// With n8n's default of two connections, some executions fail when hundreds of calls come at once on a busy machine.
const env = { DB_POSTGRESDB_POOL_SIZE: '10' };
const stage = opened(async () => await startQueueStage({ env }));
const open = async () => await openOnceOnlyShop(stage());

describe('a bank that is slower than the payer, in queue mode with two webhook processors', () => {
	// Two processors know nothing of each other. docs/scaling.md says how often both start the workflow.
	slowBankSuite(stage, 2, exampleSuite);
});

describe('two webhook processors behind nginx as the docs configure it', () => nginxSuite(stage));

describe('an execution, in queue mode with two webhook processors', () => {
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

function exampleSuite(): void {
	const shop = opened(async () => await openDeliveryShop(stage(), stage().entrances));

	describe('order-to-delivery.json, in queue mode with two webhook processors', () => {
		deliverySuite(shop);

		it(`delivers each of ${PAYMENTS} orders once when both processors are called in the same moment`, async () => {
			const orders = Array.from({ length: PAYMENTS }, (_, n) => `MANY-${n}`);
			const refs: string[] = [];
			for (let n = 0; n < PAYMENTS; n += AT_ONCE) {
				const some = orders.slice(n, n + AT_ONCE);
				refs.push(
					...(await Promise.all(some.map(async (order, m) => await shop().refOf(order, m)))),
				);
			}
			for (const ref of refs) await shop().sandbox.pay(ref);
			await shop().notify(refs);
			await stage().ready();
			await shop().settled();
			const told = shop().deliveries.filter((text) => text.includes('MANY-'));
			const wanted = orders.map((order, n) => delivered(order, String(refs[n])));
			expect(told.sort()).toEqual(wanted.sort());
			expect(shop().reviews.filter((text) => text.includes('MANY-'))).toEqual([]);
		});
	});
}
