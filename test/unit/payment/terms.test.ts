import fc from 'fast-check';

import type { Terms } from '../../../nodes/Konnect/payment/terms';
import {
	ownParameters,
	PARAMETERS,
	resumeAddress,
	searchOf,
	signingKeys,
	signWebhook,
	toSecrets,
	verifyTerms,
	withoutParameters,
	withoutSignature,
} from '../../../nodes/Konnect/payment/terms';
import { problemOf, valueOf } from '../../fixtures/results';

const SECRET = 'an invented secret of some length';
const OTHER = 'another invented secret, as long';
const WALLET = '5f7a209aeb3f76490ac4a3d1';
const TERMS: Terms = { amount: 12_500, token: 'TND', orderId: 'ORDER-1', receiverWalletId: WALLET };
const ADDRESS = 'https://n8n.example.com/webhook/1';

/** The query of an address as Konnect calls it. */
const called = (address: string) => searchOf(`${address}&payment_ref=${'a'.repeat(24)}`);
const signed = (terms = TERMS, secret = SECRET, address = ADDRESS) =>
	called(signWebhook(address, terms, secret));
const parameterOf = (search: URLSearchParams) => search.get(PARAMETERS.terms) ?? '';
const withParameter = (parameter: string) => new URLSearchParams({ [PARAMETERS.terms]: parameter });

describe('signed terms', () => {
	it('are read as they were signed, whatever the order id and the address’s own parameters', () => {
		const amounts = fc.integer({ min: 1, max: 10_000_000 });
		const tokens = fc.constantFrom('TND', 'EUR');
		const orderIds = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
		const own = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), {
			maxLength: 4,
		});
		fc.assert(
			fc.property(amounts, tokens, orderIds, own, (amount, token, orderId, query) => {
				const terms = { ...TERMS, amount, token, orderId };
				const address = `${ADDRESS}?${new URLSearchParams(query).toString()}`;
				const names: string[] = Object.values(PARAMETERS);
				const kept = query.filter(([name]) => !names.includes(name));
				expect(verifyTerms(signed(terms, SECRET, address), [SECRET])).toEqual({
					...terms,
					query: kept,
				});
			}),
		);
	});

	it('leave the rest of the address as it was', () => {
		const url = new URL(signWebhook('https://shop.example/hook?cart=%206670#end', TERMS, SECRET));
		expect(url.href).toMatch(/^https:\/\/shop\.example\/hook\?cart=%206670&[^#]*#end$/);
	});

	it('are accepted under either secret while one takes the place of the other', () => {
		expect(verifyTerms(signed(TERMS, OTHER), [SECRET, OTHER])).toMatchObject(TERMS);
	});

	it('name the wallet in one way, however it was written', () => {
		const terms = { ...TERMS, receiverWalletId: WALLET.toUpperCase() };
		expect(verifyTerms(signed(terms), [SECRET])).toMatchObject({ receiverWalletId: WALLET });
	});

	const right = parameterOf(signed());
	const [payload = '', signature = ''] = right.split('.');
	it.each([
		['another secret', parameterOf(signed(TERMS, OTHER))],
		['terms without signature', payload],
		['an empty signature', `${payload}.`],
		['another’s', `${payload}.${parameterOf(signed({ ...TERMS, amount: 1 })).split('.')[1]}`],
		['a third part', `${right}.`],
		['a space behind it', `${right} `],
		['the signature alone', signature],
		['nothing', ''],
	])('are refused with %s', (_name, parameter) => {
		expect(verifyTerms(withParameter(parameter), [SECRET])).toBeUndefined();
	});

	it('are refused where they stand twice', () => {
		const search = signed();
		search.append(PARAMETERS.terms, right);
		expect(verifyTerms(search, [SECRET])).toBeUndefined();
	});

	it('are refused without a key', () => {
		expect(verifyTerms(signed(), [])).toBeUndefined();
	});

	it('are refused where one character differs, or the end is cut off', () => {
		const places = fc.integer({ min: 0, max: right.length - 1 });
		const characters = fc.constantFrom(...'ABCabc019-_.=+/ \0é');
		fc.assert(
			fc.property(places, characters, (place, character) => {
				const wrong = right.slice(0, place) + character + right.slice(place + 1);
				if (wrong !== right) expect(verifyTerms(withParameter(wrong), [SECRET])).toBeUndefined();
				expect(verifyTerms(withParameter(right.slice(0, place)), [SECRET])).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});

	it('are refused whatever comes, and checking never fails', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.base64String()), (parameter) => {
				expect(verifyTerms(withParameter(parameter), [SECRET])).toBeUndefined();
				expect(verifyTerms(new URLSearchParams(parameter), [SECRET])).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('the own parameters of a signed address', () => {
	const ADDRESS_OF_CART = `${ADDRESS}?cart_id=6670&size=S&size=M`;
	const search = () => signed(TERMS, SECRET, ADDRESS_OF_CART);

	it.each([
		['is changed', (query: URLSearchParams) => query.set('cart_id', '6671')],
		['is taken out', (query: URLSearchParams) => query.delete('cart_id')],
		['is given twice', (query: URLSearchParams) => query.append('cart_id', '6671')],
		['loses one of its values', (query: URLSearchParams) => query.delete('size', 'M')],
	])('make it as good as unsigned where one %s', (_name, edit) => {
		const edited = search();
		expect(verifyTerms(edited, [SECRET])).toBeDefined();
		edit(edited);
		expect(verifyTerms(edited, [SECRET])).toBeUndefined();
	});

	it('do not mind what others add, which is not put out either', () => {
		const added = search();
		added.append('fbclid', 'x');
		expect(verifyTerms(added, [SECRET])?.query).toEqual([
			['cart_id', '6670'],
			['size', 'S'],
			['size', 'M'],
		]);
	});
});

describe('the key that addresses are signed with', () => {
	const apiKey = '6137ad140c181c5eb44a7f88:invented_key-0123456789';

	it('is the webhook secret, or the first of several', () => {
		expect(signingKeys({ apiKey, webhookSecrets: [SECRET, OTHER] })).toEqual([SECRET, OTHER]);
	});

	it('signs as it always has: addresses that were given out before an update stay good', () => {
		expect(signWebhook(`${ADDRESS}?cart_id=6670`, TERMS, SECRET)).toBe(
			`${ADDRESS}?cart_id=6670&konnect_terms=WzEyNTAwLCJUTkQiLCJPUkRFUi0xIiwiNWY3YTIwOWFlYjNmNzY0OTBhYzRhM2QxIiwiY2FydF9pZD02NjcwIl0.j43eM33zbOUwo_Xw5NGo0xn8UtdmV1gk3_oE802AdzM`,
		);
		expect(signingKeys({ apiKey, webhookSecrets: [] })).toEqual([
			'K5U12Y4GtceAkGFow2wX_pzTXInkWw51bPdLtcnF4SM',
		]);
	});
});

describe('the webhook secret', () => {
	it('may be none, one, or several', () => {
		expect(valueOf(toSecrets(''))).toEqual([]);
		expect(valueOf(toSecrets(SECRET.replaceAll(',', '')))).toHaveLength(1);
		expect(valueOf(toSecrets('0123456789abcdef, fedcba9876543210'))).toEqual([
			'0123456789abcdef',
			'fedcba9876543210',
		]);
	});

	it.each(['short', '0123456789abcde', '0123456789abcdef,', '0123456789abcdef,short', ',', ' '])(
		'is refused where one is short or empty, without being shown: %p',
		(text) => {
			const { message, description } = problemOf(toSecrets(text));
			expect(message).toBe("The credential's 'Webhook Secret' is too short to be safe");
			expect(description).toContain('openssl rand -hex 32');
			expect(description).not.toContain('0123456789');
		},
	);
});

describe('an address without its signatures', () => {
	it.each([
		[`${ADDRESS}?a=1&konnect_terms=x.y&payment_ref=1`, `${ADDRESS}?a=1&payment_ref=1`],
		[`${ADDRESS}?konnect_terms=x.y`, ADDRESS],
		[
			resumeAddress('https://n8n.example/renamed-waiting/7?signature=abc'),
			'https://n8n.example/renamed-waiting/7/konnect',
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
