import {
	makePayment,
	openOnceOnlyShop,
	outputOf,
	paidPayments,
	type ServedStage,
} from '../../e2e/harness';
import { openDeliveryShop } from '../../e2e/suites/examples/deliveryShop';

const SETTLE_TIMEOUT_MS = 120_000;

/** The shop that a scenario needs. */
export interface Wanted {
	payments: number;
	/** Nobody has paid yet when the scenario begins. */
	isPending?: boolean;
	/** The trigger's option; absent for its default. */
	keepLooking?: number;
	/** The example that claims payments: `delivery` is order-to-delivery; absent is once-only-in-queue-mode. */
	claim?: 'delivery';
}

/** A published example that claims each payment in a database. */
export interface TestedShop {
	/** The trigger's production URL, at each processor. */
	urls: string[];
	/** Payments, as the scenario wants them. */
	refs: string[];
	/** The event that started each execution. Waits until all have ended. */
	started(): Promise<string[]>;
	/** One text for each execution that went past the claim, the same for the same payment. */
	handled(): Promise<string[]>;
	close?(): Promise<void>;
}

export async function openTested(stage: ServedStage, wanted: Wanted): Promise<TestedShop> {
	const { payments, isPending, keepLooking, claim } = wanted;
	const { sandbox } = stage;
	if (claim === 'delivery') return await openDelivery(stage, payments);
	const shop = await openOnceOnlyShop(stage, keepLooking === undefined ? {} : { keepLooking });
	const refs: string[] = isPending ? [] : await paidPayments(sandbox, payments);
	while (refs.length < payments) refs.push(await makePayment(sandbox));
	return { ...shop, refs };
}

/** Orders of the example order-to-delivery, whose links are not paid yet. */
async function openDelivery(stage: ServedStage, orders: number): Promise<TestedShop> {
	const { client, entrances } = stage;
	const shop = await openDeliveryShop(stage, entrances);
	const refs: string[] = [];
	for (let n = 0; n < orders; n++) refs.push(await shop.refOf(`ORDER-${n}`, n));
	const { workflowId } = shop;
	return {
		urls: shop.webhooks,
		refs,
		started: async () => {
			const all = await client.waitUntilSettled({ workflowId, timeout: SETTLE_TIMEOUT_MS });
			const started: string[] = [];
			for (const { id } of all) {
				const [item] = outputOf(await client.getExecution(id), 'Konnect Trigger');
				if (item) started.push(String(item.eventId));
			}
			return started;
		},
		handled: async () => shop.deliveries,
		close: shop.close,
	};
}
