import { groupedNumber } from '../../sandbox/cards';
import { SANDBOX_ACCOUNTS, TEST_CARDS, type Sandbox } from '../../sandbox/index';
import { OWNER, type Demo } from './provision';

/** The lines `npm start` ends with: all that a person needs to try a payment. */
export function summary(
	editor: string,
	sandbox: Pick<Sandbox, 'url' | 'apiBaseUrl'>,
	{ orderLink, buyLink, formLink, waitLink, formWaitLink, orderId, receivedId, published }: Demo,
	dataDir: string,
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
		['  other payments', `${editor}/workflow/${receivedId}/executions`],
		['Pay an order', orderLink],
		['Make a payment', buyLink],
		['Payment form', formLink],
		['Order by chat', waitLink],
		['Order by form', formWaitLink],
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
		'Pay the order, and open its link again: it shows what was delivered. For another order, change the number in the link.',
		'What is paid by "Make a payment" or the form is noted in the data table "Konnect payments"; an order by chat or by form is delivered in its own execution.',
		`Your changes and payments are kept in ${dataDir}; delete that folder to start over. Stop with Ctrl-C.`,
		'',
	].join('\n');
}
