import { html } from 'hono/html';
import { CARD_NAMES, groupedNumber, TEST_CARDS } from './cards';
import { formatAmount } from './money';
import { page, type Html, type Theme } from './page';
import { field, type FormView, type View } from './payFields';
import { asksAmount, asksPayer, type FormField } from './payForm';
import { amountDue, failedAttempts, reachedAmount } from './payments';
import { PAY_TEXTS, type PayTexts } from './payTexts';
import type { CardName, SandboxPayment } from './types';

/** Seconds of the slow bank that the page offers; the form takes others. */
const SLOW_SECONDS = 10;

/** Digits and Latin letters that keep their order in a text from right to left. */
const ltr = (text: string): Html => html`<bdi dir="ltr">${text}</bdi>`;

/** A link to the page, with a card, and the seconds that its bank takes, to fill in. */
export function pageLink(
	{ ref }: SandboxPayment,
	theme: Theme,
	card?: CardName,
	slow?: number,
): string {
	const query = new URLSearchParams({ payment_ref: ref });
	if (theme !== 'auto') query.set('theme', theme);
	if (card) query.set('card', card);
	if (slow) query.set('slow', String(slow));
	return `/pay?${query.toString()}`;
}

function testCards({ payment, theme, language }: FormView): Html {
	const texts = PAY_TEXTS[language];
	return html`<section class="box" aria-labelledby="cards">
		<h2 id="cards">${texts.testCards}</h2>
		<ul class="cards">
			${CARD_NAMES.map((name) => {
				const { label, number, expiry, cvc, succeeds } = TEST_CARDS[name];
				const result = succeeds ? texts.succeeds : texts.fails;
				return html`<li>
					<span>
						${label}, <span class="${succeeds ? 'good' : 'bad'}">${result}</span><br />
						<span class="number">${ltr(groupedNumber(number))}</span><br />
						<span class="soft">${ltr(`${expiry}, CVC ${cvc}`)}</span>
					</span>
					<a href="${pageLink(payment, theme, name)}"
						>${succeeds ? texts.use : texts.useFailing} ${label}</a
					>
				</li>`;
			})}
			<li>
				<span class="text">
					${texts.slowBank}<br />
					<span class="soft">${texts.slowBankResult(SLOW_SECONDS)}</span>
				</span>
				<a href="${pageLink(payment, theme, 'visa', SLOW_SECONDS)}">${texts.useSlowBank}</a>
			</li>
		</ul>
	</section>`;
}

function summary(payment: SandboxPayment, texts: PayTexts): Html {
	const { request, token } = payment;
	const reached = reachedAmount(payment);
	const due = amountDue(payment);
	return html`${request.description ? html`<p dir="auto">${request.description}</p>` : ''}
		<p class="amount">${ltr(formatAmount(request.amount, token))}</p>
		${
			reached > 0 && due > 0
				? html`<p>
						${ltr(formatAmount(reached, token))} ${texts.paid} ·
						<strong>${ltr(formatAmount(due, token))} ${texts.due}</strong>
					</p>`
				: ''
		}
		${request.orderId ? html`<p class="soft">${texts.order} <bdi>${request.orderId}</bdi></p>` : ''}
		${request.addPaymentFeesToAmount ? html`<p class="soft">${texts.feesAdded}</p>` : ''}`;
}

/** Tells the payer at the top, and to a screen reader at once, why the form is here again. */
function notice({ payment, errors, language }: FormView): Html | string {
	const { checkForm, attemptsFailed, tryAgain } = PAY_TEXTS[language];
	if (Object.keys(errors).length > 0) return html`<p class="error" role="alert">${checkForm}</p>`;
	if (payment.transactions.at(-1)?.status !== 'failed_payment') return '';
	const text = `${attemptsFailed(failedAttempts(payment))} ${tryAgain}`;
	return html`<p class="error" role="status">${text}</p>`;
}

const titled = (title: string) => `${title} - Konnect sandbox`;

const banner = ({ language }: View): Html =>
	html`<p class="banner"><strong>${PAY_TEXTS[language].sandbox}</strong></p>`;

/** The form to pay a pending payment. */
export function formPage(view: FormView): Html {
	const { payment, theme, language, values, errors } = view;
	const texts = PAY_TEXTS[language];
	const shown = (names: FormField[]) => names.map((name) => field(name, view));
	const isSlow = values.slow !== '' || errors.slow !== undefined;
	return page(
		{ title: titled(`${texts.pay} ${formatAmount(amountDue(payment), payment.token)}`), ...view },
		html`${banner(view)}
			<section class="box" aria-labelledby="title">
				<h1 id="title">${texts.payTo} <bdi>${payment.account}</bdi></h1>
				${summary(payment, texts)} ${notice(view)}
				<form method="post" action="/pay" novalidate>
					<input type="hidden" name="payment_ref" value="${payment.ref}" />
					<input type="hidden" name="theme" value="${theme}" />
					${asksPayer(payment) ? shown(['name', 'email', 'phone']) : ''}
					${asksAmount(payment) ? shown(['amount']) : ''} ${shown(['cardNumber'])}
					<div class="pair">${shown(['expiry', 'cvc'])}</div>
					${isSlow ? shown(['slow']) : ''}
					<button type="submit">${texts.pay}</button>
				</form>
			</section>
			${testCards(view)}`,
	);
}

/** A page with nothing to do but read it, and perhaps to open it again. */
const told = (
	view: View,
	[title, text]: readonly [title: string, text: string],
	tone: 'good' | 'bad' | '',
	more: Html | string,
): Html =>
	page(
		{ title: titled(title), ...view },
		html`${banner(view)}
			<section class="box">
				<h1 class="${tone}">${title}</h1>
				<p>${text}</p>
				${more}
			</section>`,
	);

/** What there is to say about a payment that nobody can pay, or not now. */
export function closedPage(payment: SandboxPayment, view: View): Html | undefined {
	const texts = PAY_TEXTS[view.language];
	const facts = summary({ ...payment, transactions: [] }, texts);
	if (payment.settling) {
		const again = html`<p><a href="${pageLink(payment, view.theme)}">${texts.lookAgain}</a></p>`;
		return told(view, texts.settling, '', html`${facts}${again}`);
	}
	if (payment.status === 'pending') return undefined;
	const isPaid = payment.status === 'completed';
	return isPaid
		? told(view, texts.complete, 'good', facts)
		: told(view, texts.expired, 'bad', facts);
}

export const unknownPage = (view: View): Html =>
	told(view, PAY_TEXTS[view.language].notFound, '', '');
