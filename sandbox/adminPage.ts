import { html } from 'hono/html';
import type { Context } from './context';
import { FAULT_FIELDS, FAULT_NAMES } from './faultFields';
import { formatAmount } from './money';
import { page, type Html } from './page';
import { failedAttempts, reachedAmount } from './payments';
import type { Delivery, Faults, SandboxPayment } from './types';

/** Rows of each list; the JSON routes have all. */
const ROWS = 100;

const time = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function control(name: keyof Faults, value: unknown): Html {
	const { kind } = FAULT_FIELDS[name];
	const text = value === undefined ? '' : String(value);
	if (typeof kind === 'string') {
		return html`<input id="${name}" name="${name}" value="${text}" />`;
	}
	return html`<select id="${name}" name="${name}">
		${['', ...kind].map(
			(word) => html`<option ${word === text ? 'selected' : ''}>${word}</option>`,
		)}
	</select>`;
}

const faultRow = (name: keyof Faults, value: unknown) =>
	html`<tr>
		<td>
			<label for="${name}">${name} <small>${FAULT_FIELDS[name].text}</small></label>
		</td>
		<td>${control(name, value)}</td>
	</tr>`;

const faultForm = (faults: Partial<Faults>) =>
	html`<h2>Faults</h2>
		<form method="post" action="/admin/faults">
			<table>
				${FAULT_NAMES.map((name) => faultRow(name, faults[name]))}
			</table>
			<button>Set faults</button>
		</form>
		<form method="post" action="/admin/faults"><button>Clear faults</button></form>`;

const paymentRow = (payment: SandboxPayment) => [
	html`<a href="/admin/payments/${payment.ref}">${payment.ref}</a>`,
	payment.settling ? 'at the bank' : payment.status,
	formatAmount(payment.request.amount, payment.token),
	formatAmount(reachedAmount(payment), payment.token),
	failedAttempts(payment),
	payment.request.orderId ?? '',
	time(payment.createdAt),
	html`<a href="/pay?payment_ref=${payment.ref}">Pay page of ${payment.ref.slice(-4)}</a>`,
];

const deliveryRow = ({ at, paymentRef, mode, status, error, url }: Delivery) => [
	time(at),
	paymentRef,
	mode,
	error ?? status ?? (mode === 'redirect' ? 'the browser knows' : 'under way'),
	url,
];

type Cell = Html | string | number;

/** The newest first. */
function table<T>(heading: string, columns: string[], all: readonly T[], row: (one: T) => Cell[]) {
	const cells = all.slice(-ROWS).reverse().map(row);
	return html`<h2>${heading} (${all.length})</h2>
		<div class="scroll calls" tabindex="0" role="region" aria-label="${heading}">
			<table>
				<tr>
					${columns.map((column) => html`<th>${column}</th>`)}
				</tr>
				${cells.map(
					(one) =>
						html`<tr>
							${one.map((cell) => html`<td>${cell}</td>`)}
						</tr>`,
				)}
			</table>
		</div>`;
}

/** An overview of what the sandbox holds, for people. */
export const adminPage = ({ store, settings, faults }: Context): Html =>
	page(
		'Overview',
		html`<h1>Konnect sandbox</h1>
			<p>Shape of payments: ${settings.shape}. Key to read a payment: ${settings.getKey}.</p>
			<p>
				As JSON: <a href="/admin/payments">payments</a>,
				<a href="/admin/deliveries">webhook calls</a>, <a href="/admin/requests">requests</a>,
				<a href="/admin/faults">faults</a>.
			</p>
			${faultForm(faults.current())}
			${table(
				'Payments',
				['Reference', 'Status', 'Amount', 'Paid', 'Failed', 'Order', 'Made (UTC)', 'Pay'],
				store.all(),
				paymentRow,
			)}
			${table(
				'Webhook calls',
				['Sent (UTC)', 'Payment', 'Mode', 'Answer', 'URL'],
				store.deliveries,
				deliveryRow,
			)}`,
	);
