import { documentedPartlyPaid, realCompleted } from '../fixtures/payments';
import { strip, stripExchange } from './strip';
import type { Account } from './talk';

const account: Account = {
	baseUrl: 'https://api.sandbox.konnect.network/api/v2',
	apiKey: '6099aa00bb11cc22dd33ee44:very-secret-part',
	walletId: '6099aa00bb11cc22dd33ee55',
};

const textOf = (value: unknown) => JSON.stringify(strip(value, account));

describe('what was seen, before it is shown or kept', () => {
	it.each([
		['the key', `key ${account.apiKey}`, /very-secret|6099aa00bb11cc22dd33ee44/],
		['half the key', 'the key ends in very-secret-part', /very-secret/],
		['the organisation', { organisation: '6099aa00bb11cc22dd33ee44' }, /6099/],
		['the wallet', { receiverWalletId: account.walletId }, /6099/],
		['an e-mail in a text', { message: 'amine@boutique.tn is no address' }, /amine|boutique/],
		['a phone number in a text', { message: 'call +216 22 345 678' }, /22 345/],
		['the number of a card', { message: 'card 4509 2111 1111 1119 was refused' }, /4509/],
		['the host of a webhook', { webhook: 'https://n8n.boutique.tn:5678/w?x=1' }, /boutique/],
		['a host with a password', 'http://me:pass@boutique.tn/w', /boutique|pass/],
	])('has lost %s', (_what, value, gone) => {
		expect(textOf(value)).not.toMatch(gone);
	});

	it('has lost people, cards and wallets by the names of their fields, at any depth', () => {
		const payer = { name: 'Amine B.', email: 'amine@boutique.tn', phoneNumber: '22345678' };
		const seen = {
			payment: {
				paymentDetails: payer,
				receiverWallet: { id: '6706b08e0d21eb0194727cb3', owner: { owner: payer } },
				transactions: [{ extSenderInfo: { pan: '454545**9999', expiration: '202711', email: '' } }],
			},
		};
		const text = textOf(seen);
		for (const gone of ['Amine', 'boutique', '22345678', '6706b', '454545', '202711']) {
			expect(text).not.toContain(gone);
		}
		expect(text).toContain('"email":""');
	});

	it('keeps the form: fields, amounts, states, dates and ids of payments', () => {
		const { paymentDetails, transactions, ...rest } = realCompleted.payment;
		expect(strip(rest, account)).toEqual(rest);
		expect(Object.keys(strip(paymentDetails, account) as object)).toEqual(
			Object.keys(paymentDetails as object),
		);
		expect(strip(transactions, account)).toMatchObject([{ amount: 294, status: 'success' }]);
		const documented = strip(documentedPartlyPaid, account) as typeof documentedPartlyPaid;
		expect(documented.payment.id).toBe(documentedPartlyPaid.payment.id);
	});

	it("keeps Konnect's own hosts, and what the query of a webhook looks like", () => {
		const link = 'https://gateway.sandbox.konnect.network/pay?payment_ref=6911c8a763c10de262b88c7c';
		expect(strip(link, account)).toBe(link);
		expect(strip('https://konnect.network.evil.tn/w?a=1%20b&payment_ref=1', account)).toBe(
			'https://merchant.example/w?a=1%20b&payment_ref=1',
		);
	});

	it('has only the headers that our code reads', () => {
		const url = `${account.baseUrl}/payments/1`;
		const headers = { 'set-cookie': 'a', 'retry-after': '3' };
		const { request, answer } = stripExchange(
			{
				request: { method: 'GET', url, hasKey: true, body: undefined },
				answer: { status: 200, headers, body: '' },
			},
			account,
		);
		expect(request.path).toBe('/payments/1');
		expect(answer.headers).toEqual({ 'retry-after': '3' });
	});
});
