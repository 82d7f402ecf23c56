import { randomUUID } from 'node:crypto';
import fetch from 'node-fetch';
import { SANDBOX_ACCOUNTS, type Sandbox } from '../../../../sandbox/index';
import {
	at,
	callUntilAnswered,
	findTable,
	publishExample,
	startReceiver,
	type Receiver,
	type Stage,
} from '../../harness';

/** The example `order-to-delivery`, as its note says to set it up, with both its messages switched on. */
export interface DeliveryShop extends Pick<Stage, 'client' | 'sandbox'> {
	workflowId: string;
	/** What the chat was told: a line for each delivery. */
	deliveries: string[];
	/** What the person was told. */
	reviews: string[];
	/** What a browser gets that opens the link of an order, at one of the processors. */
	open(order: string, entrance?: number): Promise<Answer>;
	/** Opens the link of an order, and resolves with the payment that it leads to. */
	refOf(order: string, entrance?: number): Promise<string>;
	/** Konnect calls for these payments, all at once, each at every processor. */
	notify(refs: string[]): Promise<void>;
	/** Resolves when no execution runs any more, all having succeeded. */
	settled(): Promise<void>;
	rowsOf(order: string): Promise<Array<Record<string, unknown>>>;
	close(): Promise<void>;
}

interface Answer {
	status: number;
	location: string;
	text: string;
	refresh: string | null;
}

const SETTLE_TIMEOUT_MS = 240_000;

/** @param entrances what production webhook addresses start with, at each process that takes calls */
export async function openDeliveryShop(
	stage: Pick<Stage, 'client' | 'credential' | 'sandbox'>,
	entrances: string[],
): Promise<DeliveryShop> {
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
	const open = async (order: string, entrance = 0): Promise<Answer> => {
		const url = `${at(entrances, entrance)}/order?order=${order}&product=ticket`;
		const response = await fetch(url, { redirect: 'manual' });
		const location = response.headers.get('location') ?? '';
		const refresh = response.headers.get('refresh');
		return { status: response.status, location, refresh, text: await response.text() };
	};
	return {
		client,
		sandbox,
		workflowId: id,
		get deliveries() {
			return textsOf(chat);
		},
		get reviews() {
			return textsOf(person);
		},
		open,
		refOf: async (order, entrance) => refIn((await open(order, entrance)).location),
		notify: async (refs) => {
			const calls = refs.flatMap((ref) => webhooks.map((webhook) => [ref, webhook] as const));
			await Promise.all(
				calls.map(async ([ref, webhook]) => {
					// As Init Payment has signed it, where this workflow has made the payment.
					const { search } = new URL(sandbox.payment(ref)?.request.webhook ?? webhook);
					await callUntilAnswered([`${webhook}${search}`], [ref]);
				}),
			);
		},
		settled: async () => {
			const all = await client.waitUntilSettled({ workflowId: id, timeout: SETTLE_TIMEOUT_MS });
			expect(all.filter(({ status }) => status !== 'success')).toEqual([]);
		},
		rowsOf: async (order) => {
			const rows = await (await findTable(client, 'Konnect orders')).rows();
			return rows.filter(({ orderId }) => orderId === order);
		},
		close: async () => void (await Promise.all([chat.close(), person.close()])),
	};
}

/** The payment that a payment page is for. */
export const refIn = (location: string) => new URL(location).searchParams.get('payment_ref') ?? '';

const textsOf = ({ bodies }: Receiver) => bodies.map((body) => (body as { text: string }).text);

/** A second payment for an order, such as the owner makes by hand, that is paid too. */
export async function paidBesides(
	sandbox: Sandbox,
	orderId: string,
	amount = 12_500,
	token = 'TND',
) {
	const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
	const response = await fetch(`${sandbox.apiBaseUrl}/payments/init-payment`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
		body: JSON.stringify({ receiverWalletId: walletId, token, amount, orderId }),
	});
	const { paymentRef } = (await response.json()) as { paymentRef: string };
	await sandbox.pay(paymentRef);
	return paymentRef;
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

/** `order-to-delivery.json`, wherever it runs. */
export function deliverySuite(shop: () => DeliveryShop): void {
	it('gives the same open link again, however many tabs ask at once, and notes the order first', async () => {
		const before = shop().sandbox.payments().length;
		const answers = await Promise.all(
			Array.from({ length: 6 }, async (_, tab) => await shop().open('TABS', tab)),
		);
		const links = new Set(answers.map(({ location }) => location).filter(Boolean));
		expect(links.size).toBe(1);
		for (const { status, refresh } of answers) {
			expect([status, refresh]).toEqual(status === 302 ? [302, null] : [200, '2']);
		}
		const [link = ''] = links;
		expect(await shop().open('TABS')).toMatchObject({ status: 302, location: link });
		const made = shop().sandbox.payments().slice(before);
		expect(made.map(({ ref }) => ref)).toEqual([refIn(link)]);
		const [row] = await shop().rowsOf('TABS');
		const noted = { state: 'open', paymentId: refIn(link), payUrl: link, amount: 12_500 };
		expect(row).toMatchObject({ ...noted, currency: 'TND' });
		const [payment] = made;
		expect(Date.parse(String(row?.createdAt))).toBeLessThanOrEqual(Number(payment?.createdAt));
	});

	it('makes a new link when the old one has run out', async () => {
		const old = await shop().refOf('EXPIRED');
		shop().sandbox.expire(old);
		const renewed = await shop().refOf('EXPIRED');
		expect(renewed).not.toBe(old);
		expect(await shop().refOf('EXPIRED')).toBe(renewed);
	});

	it('gives the open link while Konnect is away, and a page that loads itself where there is none', async () => {
		const ref = await shop().refOf('OPEN');
		shop().sandbox.setFaults({ status: 500, retryAfter: 0 });
		const again = await shop().open('OPEN');
		const fresh = await shop().open('FRESH');
		shop().sandbox.clearFaults();
		expect(refIn(again.location)).toBe(ref);
		expect(fresh).toMatchObject({ status: 503, refresh: '10' });
		expect(fresh.text).toContain('Nothing has been paid');
		expect(await shop().refOf('FRESH')).toMatch(/^[0-9a-f]{24}$/);
	});

	it('asks no payment for an order that is not complete', async () => {
		const before = shop().sandbox.payments().length;
		for (const order of ['', '%3Cb%3E', '1&product=free', '1&product=constructor']) {
			expect(await shop().open(order)).toMatchObject({ status: 400 });
		}
		expect(shop().sandbox.payments()).toHaveLength(before);
	});

	it('delivers once, and tells a person once of each further payment, with both references', async () => {
		const first = await shop().refOf('TWICE');
		await shop().sandbox.pay(first);
		await shop().notify([first, first]);
		await shop().settled();
		expect(shop().deliveries.filter((text) => text.includes('TWICE'))).toEqual([
			delivered('TWICE', first),
		]);
		expect(await shop().open('TWICE')).toMatchObject({
			status: 200,
			text: expect.stringContaining('There is nothing left to pay'),
		});

		const second = await paidBesides(shop().sandbox, 'TWICE');
		for (let n = 0; n < 2; n++) {
			await shop().notify([second]);
			await shop().settled();
		}
		expect(shop().deliveries.filter((text) => text.includes('TWICE'))).toHaveLength(1);
		const told = shop().reviews.filter((text) => text.includes('TWICE'));
		expect(new Set(told)).toEqual(
			new Set([review('Paid twice: refund by hand', 'TWICE', second, first)]),
		);
		const rows = await (await findTable(shop().client, 'Konnect reviews')).rows();
		expect(rows.filter(({ paymentId }) => paymentId === second)[0]).toMatchObject({
			orderId: 'TWICE',
			deliveredFor: first,
			done: false,
		});
	});

	it('delivers one of two payments that are heard of in the same moment', async () => {
		const first = await shop().refOf('BOTH');
		await shop().sandbox.pay(first);
		const second = await paidBesides(shop().sandbox, 'BOTH');
		await shop().notify([first, second]);
		await shop().settled();
		const told = shop().deliveries.filter((text) => text.includes('BOTH'));
		expect(told).toHaveLength(1);
		const [winner, other] = told[0]?.includes(first) ? [first, second] : [second, first];
		expect(told).toEqual([delivered('BOTH', winner)]);
		expect(new Set(shop().reviews.filter((text) => text.includes('BOTH')))).toEqual(
			new Set([review('Paid twice: refund by hand', 'BOTH', other, winner)]),
		);
	});

	it('delivers nothing for too little, or for an order that is not there, and tells a person', async () => {
		await shop().refOf('SHORT');
		const short = await paidBesides(shop().sandbox, 'SHORT', 1_000);
		const nobodys = await paidBesides(shop().sandbox, 'NOBODYS');
		await shop().notify([short, nobodys]);
		await shop().settled();
		const of = (texts: string[]) => texts.filter((text) => /SHORT|NOBODYS/.test(text));
		expect(of(shop().deliveries)).toEqual([]);
		expect(new Set(of(shop().reviews))).toEqual(
			new Set([
				review('Not the amount or currency of the order', 'SHORT', short, 'none', '1.000'),
				review('There is no such order', 'NOBODYS', nobodys, 'none'),
			]),
		);
	});

	it('delivers when the call was lost and the customer opens the link of the order again', async () => {
		const ref = await shop().refOf('LOST');
		await shop().sandbox.pay(ref);
		expect(await shop().open('LOST')).toMatchObject({ status: 200 });
		await shop().settled();
		expect(shop().deliveries.filter((text) => text.includes('LOST'))).toEqual([
			delivered('LOST', ref),
		]);
	});
}
