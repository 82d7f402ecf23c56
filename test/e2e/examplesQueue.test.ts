import { startQueueStage, type ServedStage } from './harness';
import { deliverySuite } from './suites/examples/delivery';
import { delivered, openDeliveryShop, type DeliveryShop } from './suites/examples/deliveryShop';

const BOOT_TIMEOUT_MS = 240_000;
const PAYMENTS = 200;
/** Customers who open their links in the same moment. */
const AT_ONCE = 8;

jest.setTimeout(300_000);

let stage: ServedStage;
let shop: DeliveryShop;

beforeAll(async () => {
	// With n8n's own two connections some executions failed where 400 calls came at once on a busy machine.
	stage = await startQueueStage({ env: { DB_POSTGRESDB_POOL_SIZE: '10' } });
	shop = await openDeliveryShop(stage, stage.entrances);
}, BOOT_TIMEOUT_MS);
afterAll(async () => {
	await shop?.close();
	await stage?.close();
}, BOOT_TIMEOUT_MS);

describe('order-to-delivery.json, in queue mode with two webhook processors', () => {
	deliverySuite(() => shop);

	it(`delivers each of ${PAYMENTS} orders once when both processors are called in the same moment`, async () => {
		const orders = Array.from({ length: PAYMENTS }, (_, n) => `MANY-${n}`);
		const refs: string[] = [];
		for (let n = 0; n < PAYMENTS; n += AT_ONCE) {
			const some = orders.slice(n, n + AT_ONCE);
			refs.push(...(await Promise.all(some.map(async (order, m) => await shop.refOf(order, m)))));
		}
		for (const ref of refs) await shop.sandbox.pay(ref);
		await shop.notify(refs);
		await stage.ready();
		await shop.settled();
		const told = shop.deliveries.filter((text) => text.includes('MANY-'));
		const wanted = orders.map((order, n) => delivered(order, String(refs[n])));
		expect(told.sort()).toEqual(wanted.sort());
		expect(shop.reviews.filter((text) => text.includes('MANY-'))).toEqual([]);
	});
});
