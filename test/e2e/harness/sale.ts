import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import fetch from 'node-fetch';
import { outputOf, type Execution } from '../../../scripts/n8n/executions';
import type { WorkflowJson } from '../../../scripts/n8n/workflows';
import type { ServedStage } from './served';
import { chain, codeNode, konnectNode, webhookNode, type NodeDraft } from './workflow';

const TIMEOUT_MS = 60_000;

/** What orders need of an n8n. */
type SaleStage = Pick<ServedStage, 'client' | 'credential' | 'entrances' | 'sandbox'>;

/** One execution that waits. */
export interface Order {
	executionId: string;
	/** Its payments, in the order of its items. */
	refs: string[];
	/** The address that Konnect calls; the same for all its payments. */
	url: string;
}

/** The only order of a sale. */
export type OnlyOrder = Awaited<ReturnType<typeof openOrder>>;

export interface SaleOptions {
	/** Payments in each execution. */
	items?: number;
	/** Whether the workflow makes one payment, waits for it, and then goes on to the next item. */
	loop?: boolean;
	init?: INodeParameters;
	wait?: INodeParameters;
	/** Nodes behind Wait for Payment. */
	then?: NodeDraft[];
}

/** What the customer gets: shows with which item of the order each payment is paired. */
export const DELIVER: NodeDraft = {
	name: 'Deliver',
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		includeOtherFields: true,
		assignments: {
			assignments: [
				{ id: '1', name: 'delivered', type: 'string', value: "={{ $('Order').item.json.order }}" },
			],
		},
		options: {},
	},
};

/** What the customer got. */
export const delivered = (execution: Execution) => outputOf(execution, 'Deliver');

const LOOP: NodeDraft = {
	name: 'Loop',
	type: 'n8n-nodes-base.splitInBatches',
	typeVersion: 3,
	parameters: { options: {} },
};

/** Makes the items of an order. The `order` of each is the order's number and the item's. */
const orderNode = (items: number) =>
	codeNode(
		'Order',
		`const { order } = $input.first().json.query;
return Array.from({ length: ${items} }, (_, n) => ({ json: { order: \`\${order}-\${n}\` } }));`,
	);

/** Init Payment for the order of an item, and Wait for Payment behind it. */
export function sellNodes(
	stage: Pick<SaleStage, 'credential'>,
	init: INodeParameters = {},
	wait: INodeParameters = {},
): [initPayment: NodeDraft, waitForPayment: NodeDraft] {
	return [
		konnectNode(stage, 'Init Payment', {
			operation: 'initPayment',
			amount: 12.5,
			notify: 'execution',
			additionalFields: { silentWebhook: true, orderId: '={{ $json.order }}' },
			...init,
		}),
		konnectNode(stage, 'Wait for Payment', {
			operation: 'waitForPayment',
			paymentId: '={{ $json.paymentRef }}',
			...wait,
		}),
	];
}

function saleWorkflow(stage: SaleStage, webhookId: string, options: SaleOptions): WorkflowJson {
	const { items = 1, loop = false, init, wait, then = [DELIVER] } = options;
	const start = { ...webhookNode('Start', webhookId), webhookId };
	const sell = sellNodes(stage, init, wait);
	if (!loop) return chain('Sale', [start, orderNode(items), ...sell, ...then]);
	const { connections, ...sale } = chain('Sale', [start, orderNode(items), LOOP, ...sell, ...then]);
	const [initPayment, waitForPayment] = sell;
	const to = (node = '') => [{ node, type: 'main' as const, index: 0 }];
	return {
		...sale,
		connections: {
			...connections,
			[LOOP.name]: { main: [to(then[0]?.name), to(initPayment.name)] },
			[waitForPayment.name]: { main: [to(LOOP.name)] },
		},
	};
}

/** The payments that an execution has made, in all turns of a loop. */
const refsOf = ({ data }: Execution) =>
	(data.resultData.runData['Init Payment'] ?? []).flatMap((run) =>
		(run.data?.main?.[0] ?? []).map(({ json }) => String(json.paymentRef)),
	);

/** Publishes a workflow that makes payments when it is called, waits for them, and delivers. */
export async function openSale(stage: SaleStage, options: SaleOptions = {}) {
	const { client, entrances, sandbox } = stage;
	const webhookId = randomUUID();
	const { id } = await client.createWorkflow(saleWorkflow(stage, webhookId, options));
	await client.publish(id);

	const orderOf = (execution: Execution): Order => {
		const refs = refsOf(execution);
		const { webhook = '' } = sandbox.payment(refs[0] ?? '')?.request ?? {};
		return { executionId: execution.id, refs, url: webhook };
	};
	const order = async (count = 1): Promise<Order[]> => {
		const known = new Set((await client.listAllExecutions({ workflowId: id })).map(({ id }) => id));
		for (let n = 0; n < count; n++) {
			const { status } = await fetch(`${entrances[0]}/${webhookId}?order=${randomUUID()}`);
			if (status !== 200) throw new Error(`The order was answered with ${status}`);
		}
		const all = await client.waitUntilAll({
			workflowId: id,
			timeout: TIMEOUT_MS,
			count: known.size + count,
			until: (execution) => known.has(execution.id) || execution.status === 'waiting',
		});
		const orders: Order[] = [];
		for (const { id: executionId } of all.filter((execution) => !known.has(execution.id))) {
			orders.push(orderOf(await client.getExecution(executionId)));
		}
		return orders;
	};
	return {
		workflowId: id,
		/** Runs the workflow `count` times, and resolves when all these executions wait. */
		order,
		/** The order again, when its execution waits and has made this many payments in all, as in a loop. */
		waitingFor: async ({ executionId }: Order, payments: number) =>
			orderOf(
				await client.waitForExecution({
					workflowId: id,
					timeout: TIMEOUT_MS,
					until: (execution) =>
						execution.id === executionId &&
						execution.status === 'waiting' &&
						refsOf(execution).length === payments,
				}),
			),
		/** The execution, when it has ended. */
		ended: async ({ executionId }: Order) =>
			await client.waitForExecution({
				workflowId: id,
				timeout: 2 * TIMEOUT_MS,
				until: (execution) => execution.id === executionId && execution.status === 'success',
			}),
		isWaiting: async ({ executionId }: Order) =>
			(await client.getExecution(executionId)).status === 'waiting',
	};
}

/** Opens a sale, and orders once. */
export async function openOrder(stage: SaleStage, options?: SaleOptions) {
	const sale = await openSale(stage, options);
	const [order] = (await sale.order()) as [Order];
	return {
		...order,
		/** Its payment, or the first of them. */
		ref: order.refs[0] ?? '',
		ended: async () => await sale.ended(order),
		isWaiting: async () => await sale.isWaiting(order),
	};
}
