import { randomUUID } from 'node:crypto';
import fetch from 'node-fetch';
import type { InitRequest, Sandbox } from '../../../../sandbox/index';
import {
	errorOf,
	at,
	callUntilAnswered,
	findTable,
	makePayment,
	publishExample,
	startReceiver,
	USER_AGENT,
	type Receiver,
	type Stage,
} from '../../harness';

export type DeliveryShop = Awaited<ReturnType<typeof openDeliveryShop>>;

const SETTLE_TIMEOUT_MS = 240_000;

/**
 * Opens the example `order-to-delivery`, as its note says to set it up, with both its messages switched on.
 *
 * @param entrances what production webhook addresses start with, at each process that takes calls
 */
export async function openDeliveryShop(
	stage: Pick<Stage, 'client' | 'credential' | 'sandbox'>,
	entrances: string[],
) {
	const { client, sandbox } = stage;
	const [chat, person] = await Promise.all([startReceiver(), startReceiver()]);
	const webhookId = randomUUID();
	const webhooks = entrances.map((entrance) => `${entrance}/${webhookId}/konnect`);
	const messageTo = ({ url }: Receiver) => ({ disabled: false, parameters: { url } });
	const { id } = await publishExample(stage, 'order-to-delivery', {
		'Konnect Trigger': { webhookId },
		'Init Payment': { parameters: { webhook: webhooks[0] } },
		'Message to the chat': messageTo(chat),
		'Message to a person': messageTo(person),
	});
	const open = async (order: string, entrance = 0, language = 'en') => {
		const url = `${at(entrances, entrance)}/order?order=${order}&product=ticket`;
		const response = await fetch(url, {
			redirect: 'manual',
			headers: { 'user-agent': USER_AGENT, 'accept-language': language },
		});
		const location = response.headers.get('location') ?? '';
		const refresh = response.headers.get('refresh');
		return { status: response.status, location, refresh, text: await response.text() };
	};
	return {
		client,
		sandbox,
		workflowId: id,
		/** The trigger's production URL, at each process that takes calls. */
		webhooks,
		/** What the chat was told: a line for each delivery. */
		get deliveries() {
			return textsOf(chat);
		},
		/** What the person was told. */
		get reviews() {
			return textsOf(person);
		},
		/** What a browser gets that opens the link of an order, at one of the processors. */
		open,
		/** Opens the link of an order, and resolves with the payment that it leads to. */
		refOf: async (order: string, entrance?: number) =>
			refIn((await open(order, entrance)).location),
		/** Konnect calls for these payments, all at once, each at every processor. */
		notify: async (refs: string[]) => {
			const calls = refs.flatMap((ref) => webhooks.map((webhook) => [ref, webhook] as const));
			await Promise.all(
				calls.map(async ([ref, webhook]) => {
					// The query as Init Payment has signed it, if this workflow has made the payment.
					const { search } = new URL(sandbox.payment(ref)?.request.webhook ?? webhook);
					await callUntilAnswered([`${webhook}${search}`], [ref]);
				}),
			);
		},
		/** Resolves when no execution runs any more, all having succeeded. */
		settled: async () => {
			const all = await client.waitUntilSettled({ workflowId: id, timeout: SETTLE_TIMEOUT_MS });
			const failed = all.filter(({ status }) => status !== 'success');
			const whole = await Promise.all(failed.map(async (one) => await client.getExecution(one.id)));
			const reasons = whole.map((one) => `${one.id} ${one.status}: ${errorOf(one)}`);
			expect(reasons).toEqual([]);
		},
		rowsOf: async (order: string) => {
			const rows = await (await findTable(client, 'Konnect orders')).rows();
			return rows.filter(({ orderId }) => orderId === order);
		},
		close: async () => void (await Promise.all([chat.close(), person.close()])),
	};
}

/** The payment that a payment page is for. */
export const refIn = (location: string) => new URL(location).searchParams.get('payment_ref') ?? '';

const textsOf = ({ bodies }: Receiver) => bodies.map((body) => (body as { text: string }).text);

/** A second payment for an order, as the owner may make one by hand. It is paid too. */
export async function paidBesides(
	sandbox: Sandbox,
	orderId: string,
	amount = 12_500,
	token: InitRequest['token'] = 'TND',
) {
	const ref = await makePayment(sandbox, undefined, { amount, token, orderId });
	await sandbox.pay(ref);
	return ref;
}

export const delivered = (order: string, ref: string) =>
	`Delivered: order ${order}, payment ${ref}.`;

/** What the person is told of a payment that is not delivered. */
export const review = (
	reason: string,
	order: string,
	ref: string,
	first: string,
	amount = '12.500',
) => `${reason}. Order ${order}, payment ${ref}, ${amount} TND. Delivered for payment: ${first}.`;
