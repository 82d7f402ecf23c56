import { findTable, runFrom } from '../../harness';
import { delivered, paidBesides, refIn, review, type DeliveryShop } from './deliveryShop';

const PAID_TWICE = 'Paid twice: refund by hand';
const NOT_OF_THE_LINK = "Not the payment that the order's link leads to";

/** `order-to-delivery.json`, wherever it runs. */
export function deliverySuite(shop: () => DeliveryShop): void {
	/** What the chat and the person were told of an order. */
	const toldOf = (order: string | RegExp) => {
		const of = (texts: string[]) => texts.filter((text) => text.search(order) >= 0);
		return { deliveries: of(shop().deliveries), reviews: of(shop().reviews) };
	};
	/** Lets Konnect call for these payments, and waits until nothing runs any more. */
	const hear = async (refs: string[]) => {
		await shop().notify(refs);
		await shop().settled();
	};

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

	it.each([
		['fr-FR,fr;q=0.9,en;q=0.8', 'lang="fr" dir="ltr"', 'Quel produit ?'],
		['es-AR, ar;q=0.5', 'lang="ar" dir="rtl"', 'أي منتج؟'],
		['de', 'lang="en" dir="ltr"', 'Which product?'],
	])('says in a language of the payer (%s) that there is no such product', async (...asked) => {
		const [language, marks, heading] = asked;
		const { status, text } = await shop().open('1001&product=free', 0, language);
		expect(status).toBe(400);
		for (const part of [marks, heading]) expect(text).toContain(part);
	});

	it('gives the same link at a second click, delivers once when it is paid, and tells a person of each further payment, with both references', async () => {
		const first = await shop().refOf('TWICE');
		expect(await shop().refOf('TWICE', 1)).toBe(first);
		await shop().sandbox.pay(first);
		await hear([first, first]);
		expect(toldOf('TWICE').deliveries).toEqual([delivered('TWICE', first)]);
		expect(await shop().open('TWICE')).toMatchObject({
			status: 200,
			text: expect.stringMatching(/There is nothing left to pay.*TWICE.*Here is your ticket/),
		});

		const second = await paidBesides(shop().sandbox, 'TWICE');
		for (let n = 0; n < 2; n++) await hear([second]);
		const { deliveries, reviews } = toldOf('TWICE');
		expect(deliveries).toHaveLength(1);
		expect(new Set(reviews)).toEqual(new Set([review(PAID_TWICE, 'TWICE', second, first)]));
		const rows = await (await findTable(shop().client, 'Konnect reviews')).rows();
		expect(rows.filter(({ paymentId }) => paymentId === second)[0]).toMatchObject({
			orderId: 'TWICE',
			deliveredFor: first,
			done: false,
		});
	});

	it('delivers for the payment of the order’s link alone, though another is heard of in the same moment', async () => {
		const first = await shop().refOf('BOTH');
		await shop().sandbox.pay(first);
		const second = await paidBesides(shop().sandbox, 'BOTH');
		await hear([first, second]);
		const { deliveries, reviews } = toldOf('BOTH');
		expect(deliveries).toEqual([delivered('BOTH', first)]);
		expect(reviews.length).toBeGreaterThan(0);
		// The reason depends on which of the two payments is heard of first.
		const reasons = [
			review(PAID_TWICE, 'BOTH', second, first),
			review(NOT_OF_THE_LINK, 'BOTH', second, 'none'),
		];
		expect(reviews.filter((text) => !reasons.includes(text))).toEqual([]);
	});

	it('delivers nothing for a payment of the same order and amount that somebody else made', async () => {
		const first = await shop().refOf('FORGED');
		const forged = await paidBesides(shop().sandbox, 'FORGED');
		await hear([forged]);
		const { deliveries, reviews } = toldOf('FORGED');
		expect(deliveries).toEqual([]);
		expect(new Set(reviews)).toEqual(new Set([review(NOT_OF_THE_LINK, 'FORGED', forged, 'none')]));
		await shop().sandbox.pay(first);
		await hear([first]);
		expect(toldOf('FORGED').deliveries).toEqual([delivered('FORGED', first)]);
	});

	it('delivers nothing for too little, or for an order that is not there, and tells a person', async () => {
		await shop().refOf('SHORT');
		const short = await paidBesides(shop().sandbox, 'SHORT', 1_000);
		const nobodys = await paidBesides(shop().sandbox, 'NOBODYS');
		await hear([short, nobodys]);
		const { deliveries, reviews } = toldOf(/SHORT|NOBODYS/);
		expect(deliveries).toEqual([]);
		expect(new Set(reviews)).toEqual(
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
		expect(toldOf('LOST').deliveries).toEqual([delivered('LOST', ref)]);
	});

	it('delivers when no call came and nobody opened the link again, each order once', async () => {
		const orders = ['UNHEARD-1', 'UNHEARD-2'];
		const refs: string[] = [];
		for (const order of orders) {
			const ref = await shop().refOf(order);
			await shop().sandbox.pay(ref);
			refs.push(ref);
		}
		const unpaid = await shop().refOf('UNHEARD-UNPAID');
		shop().sandbox.expire(unpaid);
		for (let look = 0; look < 2; look++) {
			await runFrom(shop(), shop().workflowId, 'Every 15 minutes');
			await shop().settled();
		}
		await hear(refs);
		const { deliveries, reviews } = toldOf('UNHEARD');
		expect(deliveries.sort()).toEqual(orders.map((order, n) => delivered(order, String(refs[n]))));
		expect(reviews).toEqual([]);
	});
}
