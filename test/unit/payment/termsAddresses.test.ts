import {
	ownParameters,
	resumeAddress,
	searchOf,
	withoutParameters,
	withoutSignature,
} from '../../../nodes/Konnect/payment/terms';

const ADDRESS = 'https://n8n.example.com/webhook/1';

describe('an address without its signatures', () => {
	it.each([
		[`${ADDRESS}?a=1&konnect_terms=x.y&payment_ref=1`, `${ADDRESS}?a=1&payment_ref=1`],
		[`${ADDRESS}?konnect_terms=x.y`, ADDRESS],
		[
			resumeAddress('https://n8n.example/renamed-waiting/7?signature=abc'),
			'https://n8n.example/renamed-waiting/7',
		],
		['https://n8n.example/w/7?signature=abc&b=2#c', 'https://n8n.example/w/7?b=2#c'],
	])('%s is %s', (address, shown) => {
		expect(withoutSignature(address)).toBe(shown);
	});
});

describe('an address without what is Konnect’s or ours', () => {
	it.each([
		['https://a.b/c?konnect_termsx=1&payment_ref', 'https://a.b/c?konnect_termsx=1'],
		['https://a.b/c?payment_ref&a=1#f', 'https://a.b/c?a=1#f'],
		['https://a.b/c?payment_ref=1#f', 'https://a.b/c#f'],
		['https://a.b/c?xpayment_ref=2', 'https://a.b/c?xpayment_ref=2'],
		['https://a.b/c?a=1#payment_ref=1', 'https://a.b/c?a=1#payment_ref=1'],
	])('%s is %s', (address, own) => {
		expect(withoutParameters(address)).toBe(own);
	});
});

describe('the own parameters of an address', () => {
	it('are those that are not Konnect’s or ours, however often they stand there', () => {
		const search = searchOf(`${ADDRESS}?a=1&payment_ref=x&a=2&konnect_terms=x.y&konnect_since=1&b`);
		expect(ownParameters(search)).toEqual([
			['a', '1'],
			['a', '2'],
			['b', ''],
		]);
	});
});

describe('the query of an address', () => {
	it.each([
		['https://a.b/c?x=1?y=2#z?q=3', [['x', '1?y=2']]],
		['https://a.b/c??e=1', [['?e', '1']]],
		['https://a.b/c#d?e=1', []],
		['https://a.b/c', []],
	])('of %s is %j', (address, query) => {
		expect([...searchOf(address)]).toEqual(query);
	});
});
