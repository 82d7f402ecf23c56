import { html } from 'hono/html';
import { groupedNumber, TEST_CARDS } from './cards';
import { decimalText, formatAmount } from './money';
import { page, type Html } from './page';
import { amountDue, failedAttempts, reachedAmount } from './payments';
import type { CardName, SandboxPayment } from './types';

/** How the payer is about to pay. A link on the page chooses it, and the form sends it. */
export interface Choice {
	card?: CardName;
	/** Seconds until the bank answers. */
	slow?: string;
	/** `on`: the attempt stays open. */
	open?: string;
}

const CHOICES: ReadonlyArray<[link: string, result: string, choice: Choice]> = [
	['Use Visa', 'is accepted', { card: 'visa' }],
	['Use MasterCard', 'is accepted', { card: 'mastercard' }],
	['Use failing MasterCard', 'is refused', { card: 'failing' }],
	[
		'Use slow bank',
		'accepts the card 10 seconds after you were sent back to the shop',
		{ card: 'visa', slow: '10' },
	],
	['Leave the bank’s page open', 'is never answered', { card: 'visa', open: 'on' }],
];

/** A link to the pay page of a payment, with something chosen or not. */
export const pageLink = ({ ref }: SandboxPayment, choice: Choice | { closed: string } = {}) =>
	`/pay?${new URLSearchParams({ payment_ref: ref, ...choice }).toString()}`;

const choices = (payment: SandboxPayment) =>
	html`<h2>Test cards</h2>
		<ul>
			${CHOICES.map(
				([link, result, choice]) =>
					html`<li><a href="${pageLink(payment, choice)}">${link}</a>: ${result}</li>`,
			)}
			<li>
				<a href="${pageLink(payment, { closed: 'on' })}">Close without paying</a>: the shop is not
				told
			</li>
		</ul>`;

function summary(payment: SandboxPayment): Html {
	const { account, request, token } = payment;
	const reached = reachedAmount(payment);
	return html`<p>
			To ${account}${request.description ? html`: <bdi>${request.description}</bdi>` : ''}
		</p>
		<p class="amount">${formatAmount(request.amount, token)}</p>
		${reached > 0 ? html`<p>${formatAmount(reached, token)} paid</p>` : ''}
		${request.orderId ? html`<p>Order <bdi>${request.orderId}</bdi></p>` : ''}
		${request.addPaymentFeesToAmount ? html`<p>Payment fees are added.</p>` : ''}`;
}

const field = (name: string, label: string, value: string, type = 'text') =>
	html`<p>
		<label for="${name}">${label}</label>
		<input id="${name}" name="${name}" type="${type}" value="${value}" required />
	</p>`;

/** Asked only where the merchant wants it. */
const payerFields = ({ request, payer }: SandboxPayment) =>
	request.checkoutForm
		? [
				field('name', 'Name', payer.name ?? ''),
				field('email', 'Email', payer.email ?? '', 'email'),
				field('phoneNumber', 'Phone', payer.phoneNumber ?? '', 'tel'),
			]
		: '';

function payForm(payment: SandboxPayment, choice: Choice & { card: CardName }): Html {
	const { label, number, expiry, cvc } = TEST_CARDS[choice.card];
	const due = decimalText(amountDue(payment), payment.token);
	const hidden = Object.entries({ payment_ref: payment.ref, ...choice });
	return html`<form method="post" action="/pay">
		<p>${label} ${groupedNumber(number)}, ${expiry}, CVC ${cvc}</p>
		${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
		${payerFields(payment)}
		${payment.type === 'partial' ? field('amount', `Amount in ${payment.token}`, due) : ''}
		<button>Pay</button>
	</form>`;
}

/** The page on which a payment is paid: first a choice of cards, then a form as well. */
export function formPage(payment: SandboxPayment, { card, ...others }: Choice): Html {
	const last = payment.transactions.at(-1)?.status;
	return page(
		'Pay',
		html`<h1>Pay</h1>
			${summary(payment)}
			${
				last === 'failed_payment'
					? html`<p role="status">
							Failed attempts: ${failedAttempts(payment)}. You can try again.
						</p>`
					: ''
			}
			${last === 'pending_payment' ? html`<p role="status">The last attempt is open.</p>` : ''}
			${card ? payForm(payment, { card, ...others }) : ''} ${choices(payment)}`,
	);
}

const told = (title: string, content: Html | string) =>
	page(
		title,
		html`<h1>${title}</h1>
			${content}`,
	);

/** The page of a payment that cannot be paid, for now or for good. */
export function closedPage(payment: SandboxPayment): Html | undefined {
	if (payment.settling) {
		return told(
			'The bank has not answered yet',
			html`${summary(payment)}
				<p><a href="${pageLink(payment)}">Look again</a></p>`,
		);
	}
	if (payment.status === 'completed') return told('Payment complete', summary(payment));
	if (payment.status === 'expired') return told('Payment expired', summary(payment));
	return undefined;
}

export const unpaidPage = (payment: SandboxPayment) =>
	told(
		'Closed without paying',
		html`<p>Nothing was paid, and the shop is not told.</p>
			<p><a href="${pageLink(payment)}">Back to the payment</a></p>`,
	);

/** Shown while the shop has not answered. `sendOn` follows it on the same connection. */
export const callingPage = () =>
	told('Konnect is calling the shop …', 'You are sent on when the shop has answered.');

export const sendOn = (url: string) => html`<meta http-equiv="refresh" content="0;url=${url}" />`;

export const unknownPage = () =>
	told('Payment not found', 'The sandbox knows no payment by that reference.');
