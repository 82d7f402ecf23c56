import { type Context as HttpContext, Hono } from 'hono';
import { stream } from 'hono/streaming';
import { setTimeout as delay } from 'node:timers/promises';
import { isCardName } from './cards';
import { processPayment } from './checkout';
import type { Context } from './context';
import type { PayInput } from './contract';
import { parseAmount } from './money';
import {
	callingPage,
	closedPage,
	formPage,
	pageLink,
	sendOn,
	unknownPage,
	unpaidPage,
} from './payPage';
import { refusedAmount } from './payments';
import type { SandboxPayment } from './types';

/** Ms. If the shop answers sooner, the payer sees no waiting page. */
const SOON = 250;

type Fields = Record<string, string | undefined>;

const secondsOf = (slow: string | undefined) =>
	slow !== undefined && /^\d{1,4}$/.test(slow) ? Number(slow) * 1000 : undefined;

/** The attempt that the form describes, or why it cannot be made. */
function attemptOf(payment: SandboxPayment, fields: Fields): PayInput | string {
	const { card, name, email, phoneNumber } = fields;
	if (!isCardName(card)) return 'Choose one of the test cards.';
	const isAsked = payment.type === 'partial';
	const amount = isAsked ? (parseAmount(fields.amount ?? '', payment.token) ?? 0) : undefined;
	const refusal = amount === undefined ? undefined : refusedAmount(payment, amount);
	if (refusal) return refusal;
	return {
		card,
		amount,
		open: fields.open !== undefined,
		settlesAfter: secondsOf(fields.slow),
		payer: payment.request.checkoutForm ? { name, email, phoneNumber } : undefined,
	};
}

async function submit(context: Context, c: HttpContext) {
	const fields = (await c.req.parseBody()) as Fields;
	const payment = context.store.find(fields.payment_ref ?? '');
	if (!payment) return c.html(unknownPage(), 404);
	const closed = closedPage(payment);
	if (closed) return c.html(closed, 409);
	const attempt = attemptOf(payment, fields);
	if (typeof attempt === 'string') return c.text(attempt, 400);

	// If the shop has no page for the payer, a redirect to the pay page shows the result, so that a reload pays nothing.
	const paying = processPayment(context, payment, attempt).then(
		({ redirectTo }) => redirectTo ?? pageLink(payment),
	);
	const soon = await Promise.race([paying, delay(SOON, undefined, { ref: false })]);
	if (soon !== undefined) return c.redirect(soon, 302);
	c.header('content-type', 'text/html; charset=utf-8');
	return stream(c, async (out) => {
		await out.write(String(await callingPage()));
		await out.write(String(await sendOn(await paying)));
	});
}

/** The pay page: what a payer sees behind `payUrl`. */
export function payRoutes(context: Context): Hono {
	const routes = new Hono();
	routes.use('/pay', async (c, next) => {
		await next();
		c.header('cache-control', 'no-store');
	});
	routes.get('/pay', (c) => {
		const { payment_ref: ref = '', card, slow, open, closed } = c.req.query() as Fields;
		const payment = context.store.find(ref);
		if (!payment) return c.html(unknownPage(), 404);
		const done = closedPage(payment);
		if (done) return c.html(done);
		if (closed !== undefined) return c.html(unpaidPage(payment));
		const choice = { ...(slow && { slow }), ...(open && { open }) };
		return c.html(formPage(payment, isCardName(card) ? { card, ...choice } : {}));
	});
	routes.post('/pay', async (c) => await submit(context, c));
	return routes;
}
