import { relative } from 'node:path';
import { groupedNumber } from '../../sandbox/cards';
import { SANDBOX_ACCOUNTS, TEST_CARDS, type Sandbox } from '../../sandbox/index';
import { DATA_DIR, ROOT } from './paths';
import { OWNER, type Demo } from './provision';

/** The lines `npm start` ends with: all that a person needs to try a payment. */
export function summary(
	editor: string,
	sandbox: Pick<Sandbox, 'url' | 'apiBaseUrl'>,
	{ orderLink, buyLink, formLink, waitLink, orderId, published }: Demo,
): string {
	const { merchant } = SANDBOX_ACCOUNTS;
	const cards = Object.values(TEST_CARDS).map(
		({ label, number, expiry, cvc, succeeds }) =>
			`${groupedNumber(number)}   ${expiry}   ${cvc}   ${label}, ${succeeds ? 'accepted' : 'refused'}`,
	);
	const rows: Array<[string, ...string[]]> = [
		['n8n editor', editor],
		['  e-mail', OWNER.email],
		['  password', OWNER.password],
		['  workflow', `${editor}/workflow/${orderId}`],
		['  its executions', `${editor}/workflow/${orderId}/executions`],
		['Pay an order', orderLink],
		['Make a payment', buyLink],
		['Payment form', formLink],
		['Order by chat', waitLink],
		['Test cards', ...cards],
		['Konnect sandbox', `${sandbox.url}/admin   (payments, webhook calls, faults)`],
		['  Base URL', sandbox.apiBaseUrl],
		['  API Key', merchant.apiKey],
		['  Wallet ID', merchant.walletId],
	];
	const table = rows.flatMap(([title, ...values]) =>
		values.map((value, index) => `  ${(index === 0 ? title : '').padEnd(18)}${value}`),
	);
	const hint = 'Publish all "Konnect: …" workflows in the editor: the links need them.';
	return [
		'',
		'Ready. No money moves here.',
		'',
		...table,
		'',
		...(published ? [] : [hint, '']),
		'The order is delivered under Executions of "Konnect: order to delivery"; for another one, change its number in the link.',
		'Each other payment appears under Executions of "Konnect: payment received", and in the data table "Konnect payments".',
		`Your changes and payments are kept in ${relative(ROOT, DATA_DIR)}; delete that folder to begin anew. Stop with Ctrl-C.`,
		'',
	].join('\n');
}
