import type { SignedTerms } from '../../../nodes/Konnect/payment/terms';
import { queryOf, readCall } from '../../../nodes/Konnect/webhook/call';
import { connection } from '../../fixtures/konnect';
import { realCompleted } from '../../fixtures/payments';
import { success } from '../../fixtures/calls';

const REF = '6911c8a763c10de262b88c7c';

describe('a call', () => {
	it('names its payment in lower case', () => {
		const search = new URLSearchParams({ payment_ref: REF.toUpperCase(), a: '1' });
		expect(readCall(search)).toEqual({ ok: true, call: { paymentRef: REF, search } });
	});

	it.each([
		['', 'payment_ref is missing'],
		[`payment_ref=${REF}&payment_ref=${REF}`, 'payment_ref is not one value'],
		['payment_ref=', 'payment_ref is not a payment id'],
		['payment_ref[]=1', 'payment_ref is missing'],
	])('is refused with the reason: %s', (query, reason) => {
		expect(readCall(new URLSearchParams(query))).toEqual({ ok: false, reason });
	});
});

describe('the query that is put out', () => {
	const search = new URLSearchParams(
		`payment_ref=${REF}&konnect_terms=x.y&konnect_since=1&cart=called&size=S&size=M`,
	);
	const call = { paymentRef: REF, search, terms: undefined, connection };
	const paymentWith = (webhook: unknown) => {
		const outcome = success({ payment: { ...realCompleted.payment, webhook } } as never);
		if (!outcome.ok) throw new Error('not read');
		return outcome.value;
	};

	it('is that of the signed address, where Konnect gives none back', () => {
		const terms = { query: [['cart', 'signed']] } as unknown as SignedTerms;
		expect(queryOf({ ...call, terms }, paymentWith(undefined))).toEqual({
			query: { cart: 'signed' },
			queryVerified: true,
		});
		expect(queryOf({ ...call, terms }, paymentWith('https://a.b/?cart=body'))).toEqual({
			query: { cart: 'body' },
			queryVerified: true,
		});
	});

	it('is that of the address that Konnect gives back, without what is Konnect’s or ours', () => {
		const webhook = 'https://a.b/?cart=body&payment_ref=1&konnect_terms=x.y';
		expect(queryOf(call, paymentWith(webhook))).toEqual({
			query: { cart: 'body' },
			queryVerified: true,
		});
	});

	it.each([undefined, null, 7])(
		'is else that of the call, which nobody has checked: webhook %p',
		(webhook) => {
			const query = { cart: 'called', size: ['S', 'M'] };
			expect(queryOf(call, paymentWith(webhook))).toEqual({ query, queryVerified: false });
			expect(queryOf(call, undefined)).toEqual({ query, queryVerified: false });
		},
	);
});
