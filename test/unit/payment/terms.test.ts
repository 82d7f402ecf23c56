import fc from 'fast-check';

import type { Terms } from '../../../nodes/Konnect/payment/terms';
import {
	PARAMETERS,
	searchOf,
	signingKeys,
	signWebhook,
	toSecrets,
	verifyTerms,
} from '../../../nodes/Konnect/payment/terms';
import { problemOf, valueOf } from '../../fixtures/results';

const SECRET = 'an invented secret of some length';
const OTHER = 'another invented secret, as long';
const WALLET = '5f7a209aeb3f76490ac4a3d1';
const TERMS: Terms = { amount: 12_500, token: 'TND', orderId: 'ORDER-1', walletId: WALLET };
const ADDRESS = 'https://n8n.example.com/webhook/1';

/** The address as Konnect calls it. */
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
				const terms = {
					amount,
					token,
					walletId: WALLET,
					...(orderId !== undefined && { orderId }),
				};
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
		const terms = { ...TERMS, walletId: WALLET.toUpperCase() };
		expect(verifyTerms(signed(terms), [SECRET])).toMatchObject({ walletId: WALLET });
	});

	const right = parameterOf(signed());
	const [payload = '', signature = ''] = right.split('.');
	it.each([
		['another secret', parameterOf(signed(TERMS, OTHER))],
		['terms without signature', payload],
		['an empty signature', `${payload}.`],
		[
			'the signature of other terms',
			`${payload}.${parameterOf(signed({ ...TERMS, amount: 1 })).split('.')[1]}`,
		],
		[
			'the signature for another wallet',
			`${payload}.${parameterOf(signed({ ...TERMS, walletId: 'f'.repeat(24) })).split('.')[1]}`,
		],
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

	it('is derived from the API key where there is none, and does not tell it', () => {
		const [key, ...others] = signingKeys({ apiKey, webhookSecrets: [] });
		expect(others).toEqual([]);
		expect(key).toMatch(/^[\w-]{43}$/);
		expect(signingKeys({ apiKey, webhookSecrets: [] })).toEqual([key]);
		expect(signingKeys({ apiKey: `${apiKey}x`, webhookSecrets: [] })).not.toEqual([key]);
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
