import { type Context as HttpContext, Hono } from 'hono';
import { isCardName, TEST_CARDS } from './cards';
import { processPayment } from './checkout';
import type { Context } from './context';
import { decimalText } from './money';
import type { Theme } from './page';
import { checkForm, type FormValues } from './payForm';
import { closedPage, formPage, unknownPage } from './payPage';
import { amountDue } from './payments';
import type { SandboxPayment } from './types';

const themeOf = (value: unknown): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

/** What the form holds when it is opened, with a test card where the link names one. */
function initialValues(payment: SandboxPayment, card: string | undefined): FormValues {
	const { number = '', expiry = '', cvc = '' } = isCardName(card) ? TEST_CARDS[card] : {};
	const { name = '', email = '', phoneNumber: phone = '' } = payment.payer;
	const amount = decimalText(amountDue(payment), payment.token);
	return { cardNumber: number, expiry, cvc, amount, name, email, phone };
}

type Form = Record<string, unknown>;

function typedValues(form: Form): FormValues {
	const text = (name: keyof FormValues) => {
		const value = form[name];
		return typeof value === 'string' ? value : '';
	};
	return {
		cardNumber: text('cardNumber'),
		expiry: text('expiry'),
		cvc: text('cvc'),
		amount: text('amount'),
		name: text('name'),
		email: text('email'),
		phone: text('phone'),
	};
}

async function submit(context: Context, c: HttpContext) {
	const form: Form = await c.req.parseBody();
	const theme = themeOf(form.theme);
	const payment = context.store.find(String(form.payment_ref ?? c.req.query('payment_ref')));
	if (!payment) return c.html(unknownPage(theme), 404);
	const closed = closedPage(payment, theme);
	if (closed) return c.html(closed, 409);

	const values = typedValues(form);
	const { input, errors } = checkForm(payment, values);
	if (errors) return c.html(formPage({ payment, theme, values, errors }), 422);
	const { redirectTo } = await processPayment(context, payment, input);
	// Without an address of the merchant the pay page shows the result, and a reload pays nothing.
	const here = `/pay?payment_ref=${payment.ref}${theme === 'auto' ? '' : `&theme=${theme}`}`;
	return c.redirect(redirectTo ?? here, 302);
}

/** The pay page: what a payer sees behind `payUrl`. */
export function payRoutes(context: Context): Hono {
	const routes = new Hono();
	routes.use('/pay', async (c, next) => {
		await next();
		c.header('cache-control', 'no-store');
	});
	routes.get('/pay', (c) => {
		const theme = themeOf(c.req.query('theme'));
		const payment = context.store.find(c.req.query('payment_ref') ?? '');
		if (!payment) return c.html(unknownPage(theme), 404);
		const values = initialValues(payment, c.req.query('card'));
		return c.html(closedPage(payment, theme) ?? formPage({ payment, theme, values, errors: {} }));
	});
	routes.post('/pay', async (c) => await submit(context, c));
	return routes;
}
