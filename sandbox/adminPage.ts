import { html } from 'hono/html';
import type { Context } from './context';
import { faultForm } from './faultForm';
import { formatAmount } from './money';
import { page, type Html } from './page';
import { failedAttempts, reachedAmount } from './payments';
import type { Delivery, SandboxPayment } from './types';

/** Rows of each table; the JSON routes have all. */
const ROWS = 100;

const newestFirst = <T>(list: readonly T[]): T[] => list.slice(-ROWS).reverse();

const time = (at: number) => {
	const iso = new Date(at).toISOString();
	return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
};

const paymentRow = (payment: SandboxPayment): Html =>
	html`<tr>
		<td>
			<a href="/admin/payments/${payment.ref}"><code>${payment.ref}</code></a>
		</td>
		<td>${payment.settling ? 'at the bank' : payment.status}</td>
		<td>${formatAmount(payment.request.amount, payment.token)}</td>
		<td>${formatAmount(reachedAmount(payment), payment.token)}</td>
		<td>${failedAttempts(payment)}</td>
		<td class="long">${payment.request.orderId ?? ''}</td>
		<td>${time(payment.createdAt)}</td>
		<td><a href="/pay?payment_ref=${payment.ref}">Pay page of ${payment.ref.slice(-4)}</a></td>
	</tr>`;

const deliveryRow = ({ at, paymentRef, mode, status, error, url }: Delivery): Html =>
	html`<tr>
		<td>${time(at)}</td>
		<td><code>${paymentRef}</code></td>
		<td>${mode}</td>
		<td>${error ?? status ?? (mode === 'redirect' ? 'the browser knows' : 'under way')}</td>
		<td class="long">${url}</td>
	</tr>`;

function table(heading: string, columns: string[], rows: Html[], total: number): Html {
	const count = total > rows.length ? `last ${rows.length} of ${total}` : `${total}`;
	return html`<section class="box">
		<h2>${heading} (${count})</h2>
		<div class="scroll" tabindex="0" role="region" aria-label="${heading}">
			<table>
				<thead>
					<tr>
						${columns.map((column) => html`<th scope="col">${column}</th>`)}
					</tr>
				</thead>
				<tbody>
					${rows}
				</tbody>
			</table>
		</div>
	</section>`;
}

const PAYMENT_COLUMNS = [
	'Reference',
	'Status',
	'Amount',
	'Paid',
	'Failed attempts',
	'Order',
	'Made (UTC)',
	'Pay',
];
const DELIVERY_COLUMNS = ['Sent (UTC)', 'Payment', 'Mode', 'Answer', 'URL'];

/**
 * An overview of what the sandbox holds, for people.
 *
 * @param refused faults that were typed and cannot be, and why
 */
export function adminPage(
	{ store, settings, faults }: Context,
	refused?: { form: Record<string, unknown>; error: string },
): Html {
	const payments = store.all();
	return page(
		{ title: 'Konnect sandbox', wide: true },
		html`<h1>Konnect sandbox</h1>
			<p class="banner"><strong>This is a sandbox: no money moves.</strong></p>
			<section class="box">
				<h2>Settings</h2>
				<p>Shape of payments: ${settings.shape}. Key to read a payment: ${settings.getKey}.</p>
				<p>
					As JSON: <a href="/admin/payments">payments</a>,
					<a href="/admin/deliveries">deliveries</a>, <a href="/admin/requests">requests</a>,
					<a href="/admin/faults">faults</a>.
				</p>
			</section>
			${faultForm(refused?.form ?? faults.current(), refused?.error)}
			${table('Payments', PAYMENT_COLUMNS, newestFirst(payments).map(paymentRow), payments.length)}
			${table(
				'Webhook calls',
				DELIVERY_COLUMNS,
				newestFirst(store.deliveries).map(deliveryRow),
				store.deliveries.length,
			)}`,
	);
}
