import { type Context as HttpContext, Hono } from 'hono';
import { languageDetector } from 'hono/language';
import { isCardName, TEST_CARDS } from './cards';
import { processPayment } from './checkout';
import type { Context } from './context';
import { decimalText } from './money';
import type { Theme } from './page';
import { checkForm, type FormValues } from './payForm';
import type { View } from './payFields';
import { closedPage, formPage, pageLink, unknownPage } from './payPage';
import { amountDue } from './payments';
import { LANGUAGES, PAY_TEXTS, type Language } from './payTexts';
import type { SandboxPayment } from './types';

const themeOf = (value: unknown): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

type Query = Record<string, string | undefined>;

const viewOf = (c: HttpContext, theme: unknown): View => ({
	theme: themeOf(theme),
	language: c.get('language') as Language,
});

/** What the form holds when it is opened, with a test card where the link names one. */
function initialValues(payment: SandboxPayment, { card, slow = '' }: Query): FormValues {
	const { number = '', expiry = '', cvc = '' } = isCardName(card) ? TEST_CARDS[card] : {};
	const { name = '', email = '', phoneNumber: phone = '' } = payment.payer;
	const amount = decimalText(amountDue(payment), payment.token);
	return { cardNumber: number, expiry, cvc, amount, name, email, phone, slow };
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
		slow: text('slow'),
	};
}

async function submit(context: Context, c: HttpContext) {
	const form: Form = await c.req.parseBody();
	const view = viewOf(c, form.theme);
	const payment = context.store.find(String(form.payment_ref ?? c.req.query('payment_ref')));
	if (!payment) return c.html(unknownPage(view), 404);
	const closed = closedPage(payment, view);
	if (closed) return c.html(closed, 409);

	const values = typedValues(form);
	const { input, errors } = checkForm(payment, values, PAY_TEXTS[view.language]);
	if (errors) return c.html(formPage({ ...view, payment, values, errors }), 422);
	const { redirectTo } = await processPayment(context, payment, input);
	// Without an address of the merchant the pay page shows the result, and a reload pays nothing.
	return c.redirect(redirectTo ?? pageLink(payment, view.theme), 302);
}

/** The pay page: what a payer sees behind `payUrl`. */
export function payRoutes(context: Context): Hono {
	const routes = new Hono();
	routes.use('/pay', async (c, next) => {
		await next();
		c.header('cache-control', 'no-store');
	});
	const supportedLanguages = [...LANGUAGES];
	routes.use('/pay', languageDetector({ supportedLanguages, order: ['header'], caches: false }));
	routes.get('/pay', (c) => {
		const view = viewOf(c, c.req.query('theme'));
		const payment = context.store.find(c.req.query('payment_ref') ?? '');
		if (!payment) return c.html(unknownPage(view), 404);
		const values = initialValues(payment, c.req.query());
		return c.html(closedPage(payment, view) ?? formPage({ ...view, payment, values, errors: {} }));
	});
	routes.post('/pay', async (c) => await submit(context, c));
	return routes;
}
