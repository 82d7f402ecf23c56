import { opened, startQueueStage } from './harness';
import { deliverySuite } from './suites/examples/delivery';
import { delivered, openDeliveryShop } from './suites/examples/deliveryShop';
import { slowBankSuite } from './suites/slowBank';

const PAYMENTS = 200;
/** Customers who open their links in the same moment. */
const AT_ONCE = 8;

jest.setTimeout(300_000);

// With n8n's own two connections some executions failed where 400 calls came at once on a busy machine.
const env = { DB_POSTGRESDB_POOL_SIZE: '10' };
const stage = opened(async () => await startQueueStage({ env }));
const shop = opened(async () => await openDeliveryShop(stage(), stage().entrances));

describe('a bank that is slower than the payer, in queue mode with two webhook processors', () => {
	// Two processors know nothing of each other: docs/scaling.md says how often both start it.
	slowBankSuite(stage, 2, exampleSuite);
});

function exampleSuite(): void {
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
