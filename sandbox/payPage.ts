import { html } from 'hono/html';
import { CARD_NAMES, groupedNumber, TEST_CARDS } from './cards';
import { formatAmount } from './money';
import { page, type Html, type Theme } from './page';
import { asksAmount, asksPayer, type FormErrors, type FormField, type FormValues } from './payForm';
import { amountDue, failedAttempts, reachedAmount } from './payments';
import type { CardName, SandboxPayment } from './types';

const banner = html`<p class="banner"><strong>This is a sandbox: no money moves.</strong></p>`;

interface FieldView {
	label: string;
	hint?: string;
	type?: 'text' | 'email' | 'tel';
	autocomplete: string;
	inputmode?: 'numeric' | 'decimal';
}

const FIELDS: Record<FormField, FieldView> = {
	amount: { label: 'Amount to pay now', autocomplete: 'off', inputmode: 'decimal' },
	cardNumber: { label: 'Card number', autocomplete: 'cc-number', inputmode: 'numeric' },
	expiry: { label: 'Expiry', hint: 'MM/YY', autocomplete: 'cc-exp', inputmode: 'numeric' },
	cvc: { label: 'CVC', hint: '3 digits', autocomplete: 'cc-csc', inputmode: 'numeric' },
	name: { label: 'Name', autocomplete: 'name' },
	email: { label: 'Email', type: 'email', autocomplete: 'email' },
	phone: { label: 'Phone', type: 'tel', autocomplete: 'tel' },
};

export interface FormView {
	payment: SandboxPayment;
	theme: Theme;
	values: FormValues;
	errors: FormErrors;
}

function field(name: FormField, { values, errors }: FormView): Html {
	const { label, hint, type = 'text', autocomplete, inputmode = 'text' } = FIELDS[name];
	const error = errors[name];
	return html`<div>
		<label for="${name}">${label}${hint ? html` <span class="hint">${hint}</span>` : ''}</label>
		<input
			id="${name}"
			name="${name}"
			type="${type}"
			value="${values[name]}"
			required
			autocomplete="${autocomplete}"
			inputmode="${inputmode}"
			${error ? html`aria-invalid="true" aria-describedby="${name}-error"` : ''}
		/>
		${error ? html`<p class="error" id="${name}-error">${error}</p>` : ''}
	</div>`;
}

/** Query of a link to the same page, with a card to fill in. */
const pageLink = ({ ref }: SandboxPayment, theme: Theme, card?: CardName) =>
	`/pay?payment_ref=${ref}${theme === 'auto' ? '' : `&theme=${theme}`}${card ? `&card=${card}` : ''}`;

const testCards = ({ payment, theme }: FormView): Html =>
	html`<section class="box" aria-labelledby="cards">
		<h2 id="cards">Test cards</h2>
		<ul class="cards">
			${CARD_NAMES.map((name) => {
				const { label, number, expiry, cvc, succeeds } = TEST_CARDS[name];
				const result = succeeds ? 'succeeds' : 'fails';
				return html`<li>
					<span>
						${label}, <span class="${succeeds ? 'good' : 'bad'}">${result}</span><br />
						<span class="number">${groupedNumber(number)}</span><br />
						<span class="soft">${expiry}, CVC ${cvc}</span>
					</span>
					<a href="${pageLink(payment, theme, name)}">Use ${succeeds ? '' : 'failing '}${label}</a>
				</li>`;
			})}
		</ul>
	</section>`;

const summary = (payment: SandboxPayment): Html => {
	const { request, token } = payment;
	const reached = reachedAmount(payment);
	return html`${request.description ? html`<p dir="auto">${request.description}</p>` : ''}
		<p class="amount">${formatAmount(request.amount, token)}</p>
		${
			reached > 0
				? html`<p>
						${formatAmount(reached, token)} paid,
						<strong>${formatAmount(amountDue(payment), token)} due</strong>
					</p>`
				: ''
		}
		${request.orderId ? html`<p class="soft">Order <bdi>${request.orderId}</bdi></p>` : ''}
		${request.addPaymentFeesToAmount ? html`<p class="soft">Payment fees are added.</p>` : ''}`;
};

/** Tells the payer at the top, and to a screen reader at once, why the form is here again. */
function notice({ payment, errors }: FormView): Html | string {
	if (Object.keys(errors).length > 0) {
		return html`<p class="error" role="alert">
			Nothing was paid this time: please check the form.
		</p>`;
	}
	if (payment.transactions.at(-1)?.status !== 'failed_payment') return '';
	const count = failedAttempts(payment);
	const text = count > 1 ? `${count} attempts have failed.` : 'The last attempt failed.';
	return html`<p class="error" role="status">${text} You can try again.</p>`;
}

/** The form to pay a pending payment. */
export function formPage(view: FormView): Html {
	const { payment, theme } = view;
	const shown = (names: FormField[]) => names.map((name) => field(name, view));
	return page(
		{ title: `Pay ${formatAmount(amountDue(payment), payment.token)} - Konnect sandbox`, theme },
		html`${banner}
			<section class="box" aria-labelledby="title">
				<h1 id="title">Pay ${view.payment.account}</h1>
				${summary(payment)} ${notice(view)}
				<form method="post" action="/pay" novalidate>
					<input type="hidden" name="payment_ref" value="${payment.ref}" />
					<input type="hidden" name="theme" value="${theme}" />
					${asksPayer(payment) ? shown(['name', 'email', 'phone']) : ''}
					${asksAmount(payment) ? shown(['amount']) : ''} ${shown(['cardNumber'])}
					<div class="pair">${shown(['expiry', 'cvc'])}</div>
					<button type="submit">Pay</button>
				</form>
			</section>
			${testCards(view)}`,
	);
}

const CLOSED = {
	completed: { title: 'Payment complete', text: 'This payment has been made.' },
	expired: { title: 'Payment expired', text: 'This payment can no longer be made.' },
};

/** What is left to say about a payment that nobody can pay any more. */
export function closedPage(payment: SandboxPayment, theme: Theme): Html | undefined {
	if (payment.status === 'pending') return undefined;
	const { title, text } = CLOSED[payment.status];
	return page(
		{ title: `${title} - Konnect sandbox`, theme },
		html`${banner}
			<section class="box">
				<h1 class="${payment.status === 'completed' ? 'good' : 'bad'}">${title}</h1>
				<p>${text}</p>
				${summary({ ...payment, transactions: [] })}
			</section>`,
	);
}

export const unknownPage = (theme: Theme): Html =>
	page(
		{ title: 'Payment not found - Konnect sandbox', theme },
		html`${banner}
			<section class="box">
				<h1>Payment not found</h1>
				<p>
					This sandbox knows no payment by that reference. It forgets all of them when it stops.
				</p>
			</section>`,
	);
