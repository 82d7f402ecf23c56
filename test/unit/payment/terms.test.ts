import fc from 'fast-check';

import type { Terms } from '../../../nodes/Konnect/payment/terms';
import {
	signWebhook,
	TERMS_PARAMETER,
	toSecrets,
	verifyTerms,
} from '../../../nodes/Konnect/payment/terms';
import { problemOf, valueOf } from '../../fixtures/results';

const SECRET = 'an invented secret of some length';
const OTHER = 'another invented secret, as long';
const TERMS: Terms = { amount: 12_500, token: 'TND', orderId: 'ORDER-1' };

const parameterIn = (webhook: string) => new URL(webhook).searchParams.get(TERMS_PARAMETER) ?? '';
const signed = (terms: Terms = TERMS, secret = SECRET) =>
	parameterIn(signWebhook('https://n8n.example.com/webhook/1', terms, secret));

describe('signed terms', () => {
	const orderIds = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });

	it('are read as they were signed, whatever the order id', () => {
		const amounts = fc.integer({ min: 1, max: 10_000_000 });
		fc.assert(
			fc.property(amounts, fc.constantFrom('TND', 'EUR'), orderIds, (amount, token, orderId) => {
				const terms = { amount, token, ...(orderId !== undefined && { orderId }) };
				expect(verifyTerms(signed(terms), [SECRET])).toEqual(terms);
			}),
		);
	});

	it('leave the rest of the address as it was', () => {
		const url = new URL(signWebhook('https://shop.example/hook?cart=%206670#end', TERMS, SECRET));
		expect(url.href).toMatch(/^https:\/\/shop\.example\/hook\?cart=%206670&[^#]*#end$/);
	});

	it('are accepted under either secret while one takes the place of the other', () => {
		expect(verifyTerms(signed(TERMS, OTHER), [SECRET, OTHER])).toEqual(TERMS);
	});

	it.each([
		['another secret', signed(TERMS, OTHER)],
		['terms without signature', signed().split('.')[0]],
		['an empty signature', `${signed().split('.')[0]}.`],
		[
			'the signature of other terms',
			`${signed().split('.')[0]}.${signed({ ...TERMS, amount: 1 }).split('.')[1]}`,
		],
		['a third part', `${signed()}.`],
		['a space behind it', `${signed()} `],
		['a list', [signed()]],
		['nothing', ''],
	])('are refused with %s', (_name, parameter) => {
		expect(verifyTerms(parameter, [SECRET])).toBeUndefined();
	});

	it('are refused without a secret', () => {
		expect(verifyTerms(signed(), [])).toBeUndefined();
	});

	it('are refused where one character differs, or the end is cut off', () => {
		const right = signed();
		const places = fc.integer({ min: 0, max: right.length - 1 });
		const characters = fc.constantFrom(...'ABCabc019-_.=+/ \0é');
		fc.assert(
			fc.property(places, characters, (place, character) => {
				const wrong = right.slice(0, place) + character + right.slice(place + 1);
				if (wrong !== right) expect(verifyTerms(wrong, [SECRET])).toBeUndefined();
				expect(verifyTerms(right.slice(0, place), [SECRET])).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});

	it('are refused whatever comes, and checking never fails', () => {
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.string(), fc.base64String()), (parameter) => {
				expect(verifyTerms(parameter, [SECRET])).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
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
