import { Hono } from 'hono';
import { adminPage } from './adminPage';
import { paymentBody } from './bodies';
import { isCardName } from './cards';
import type { Context } from './context';
import type { PayInput, PayOutcome, Sandbox } from './contract';
import { faultsOfTexts, isCount, parseFaults } from './faultFields';
import type { SandboxPayment } from './types';

/** The part of a sandbox that its admin routes use. */
export type Controls = Omit<Sandbox, 'url' | 'apiBaseUrl' | 'close'>;

type Json = Record<string, unknown>;

/** Throws an error with a message for whoever sent the request. */
const refuse = (message: string): never => {
	throw new RangeError(message);
};

function payInput({ card, amount, method, settlesAfter, open }: Json): PayInput {
	if (card !== undefined && !isCardName(card)) return refuse(`There is no card '${String(card)}'.`);
	if (amount !== undefined && typeof amount !== 'number') {
		return refuse('The amount is a number of minor units.');
	}
	if (method !== undefined && typeof method !== 'string') return refuse('The method is a text.');
	if (settlesAfter !== undefined && !isCount(settlesAfter)) {
		return refuse('settlesAfter is a number of milliseconds.');
	}
	if (open !== undefined && typeof open !== 'boolean') return refuse('open is true or false.');
	return { card, amount, method, settlesAfter, open };
}

function applySettings(controls: Controls, { shape, getKey, ...others }: Json): void {
	const [unknown] = Object.keys(others);
	if (unknown) refuse(`There is no setting '${unknown}'.`);
	if (shape !== undefined && shape !== 'real' && shape !== 'documented') {
		return refuse("The shape is 'real' or 'documented'.");
	}
	if (getKey !== undefined && getKey !== 'required' && getKey !== 'ignored') {
		return refuse("The getKey is 'required' or 'ignored'.");
	}
	if (shape) controls.setShape(shape);
	if (getKey) controls.setGetKey(getKey);
}

/** The JSON object a request brought; an empty body counts as an empty object. */
async function jsonOf(request: { text: () => Promise<string> }): Promise<Json> {
	const text = await request.text();
	const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Json)
		: refuse('The body must be a JSON object.');
}

/** Everything about one payment, for debugging. */
const details = (context: Context, controls: Controls, payment: SandboxPayment) => ({
	payment,
	payUrl: context.payUrl(payment),
	body: paymentBody(payment, context.settings.shape, context),
	deliveries: controls.deliveries.filter(({ paymentRef }) => paymentRef === payment.ref),
	requests: controls.requests.filter(({ paymentRef }) => paymentRef === payment.ref),
});

const NOTHING_DONE: Array<PayOutcome['state']> = ['alreadySettling', 'alreadyPaid', 'expired'];

function paymentRoutes(
	context: Context,
	controls: Controls,
): Hono<{
	Variables: { payment: SandboxPayment };
}> {
	const routes = new Hono<{ Variables: { payment: SandboxPayment } }>();
	routes.use('/:ref/*', async (c, next) => {
		const payment = controls.payment(c.req.param('ref'));
		if (!payment) return c.json({ error: 'There is no such payment.' }, 404);
		c.set('payment', payment);
		return await next();
	});
	routes.get('/:ref', (c) => c.json(details(context, controls, c.get('payment'))));
	routes.patch('/:ref', async (c) => {
		const payment = c.get('payment');
		controls.update(payment.ref, await jsonOf(c.req));
		return c.json(details(context, controls, payment));
	});
	routes.post('/:ref/pay', async (c) => {
		const outcome = await controls.pay(c.get('payment').ref, payInput(await jsonOf(c.req)));
		return c.json(outcome, NOTHING_DONE.includes(outcome.state) ? 409 : 200);
	});
	for (const action of ['settle', 'expire'] as const) {
		routes.post(`/:ref/${action}`, (c) => {
			const payment = c.get('payment');
			controls[action](payment.ref);
			return c.json(details(context, controls, payment));
		});
	}
	routes.post('/:ref/webhook', async (c) => {
		const delivery = await context.webhooks.call(c.get('payment'));
		return delivery ? c.json(delivery) : refuse('This payment has no webhook.');
	});
	return routes;
}

/** `/admin`: the controls over HTTP. Open to anyone, because the sandbox guards nothing. */
export function adminRoutes(context: Context, controls: Controls): Hono {
	const { faults } = context;
	const routes = new Hono().basePath('/admin');
	routes.onError((error, c) => c.json({ error: error.message }, 400));
	routes.get('/', (c) => c.html(adminPage(context)));
	routes.get('/payments', (c) => c.json(controls.payments()));
	routes.route('/payments', paymentRoutes(context, controls));
	routes.get('/deliveries', (c) => c.json(controls.deliveries));
	routes.get('/requests', (c) => c.json(controls.requests));
	routes.get('/faults', (c) => c.json(faults.current()));
	routes.put('/faults', async (c) => {
		faults.set(parseFaults(await jsonOf(c.req)));
		return c.json(faults.current());
	});
	routes.post('/faults', async (c) => {
		faults.set(faultsOfTexts(await c.req.parseBody()));
		return c.redirect('/admin', 303);
	});
	routes.delete('/faults', (c) => {
		faults.set({});
		return c.json(faults.current());
	});
	routes.get('/settings', (c) => c.json(context.settings));
	routes.put('/settings', async (c) => {
		applySettings(controls, await jsonOf(c.req));
		return c.json(context.settings);
	});
	routes.post('/reset', (c) => {
		controls.reset();
		return c.json({ payments: 0 });
	});
	return routes;
}
