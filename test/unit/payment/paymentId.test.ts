import fc from 'fast-check';

import { isObjectId, toPaymentId } from '../../../nodes/Konnect/payment/paymentId';
import { problemOf, valueOf } from '../../fixtures/results';

const ID = '6911c8a763c10de262b88c7c';

describe('a payment id is read', () => {
	it.each([
		['as it is', ID],
		['with spaces around', `  ${ID}\n`],
		['in capitals', ID.toUpperCase()],
		['from a sandbox pay link', `https://gateway.sandbox.konnect.network/pay?payment_ref=${ID}`],
		[
			'from a pay link of the old host with a fragment',
			`https://preprod.konnect.network/gateway/pay?payment_ref=${ID}#card`,
		],
		[
			'from a pay link with spaces around',
			` https://gateway.konnect.network/pay?payment_ref=${ID} `,
		],
	])('%s', (_how, input) => {
		expect(valueOf(toPaymentId(input, 'Payment ID'))).toBe(ID);
	});
});

describe('a payment id is refused', () => {
	it.each([undefined, null, '', '   '])('because it is missing: %p', (input) => {
		expect(problemOf(toPaymentId(input, 'Payment ID')).message).toBe("'Payment ID' is missing");
	});

	it.each([
		ID.slice(1),
		`${ID}0`,
		'g'.repeat(24),
		`${ID.slice(0, 23)}O`,
		`${ID}/../account`,
		`${ID}?x=1`,
		'https://gateway.konnect.network/pay',
		'https://gateway.konnect.network/pay?payment_ref=',
		`https://gateway.konnect.network/pay?payment_ref=${ID}0`,
		`https://gateway.konnect.network/pay/${ID}`,
		`payment_ref=${ID}`,
		12345,
		true,
		[ID],
		[`https://gateway.konnect.network/pay?payment_ref=${ID}`],
		{ payment_ref: ID },
	])('because it is none: %p', (input) => {
		const { message, description } = problemOf(toPaymentId(input, 'Payment ID'));
		expect(message).toMatch(/^'Payment ID' is not a payment id: .+$/);
		expect(description).toContain('24 characters');
	});

	it('unless it has 24 hexadecimal characters, whatever it is', () => {
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.string(), fc.webUrl()), (input) => {
				const result = toPaymentId(input, 'Payment ID');
				if (result.ok) expect(result.value).toMatch(/^[0-9a-f]{24}$/);
				else expect(result.problem.message).toMatch(/^'Payment ID' /);
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('the shape of an id', () => {
	it.each([`${ID}\n`, `\n${ID}`, ` ${ID}`, [ID], new String(ID), null, undefined, 24])(
		'is not that of %p',
		(value) => {
			expect(isObjectId(value)).toBe(false);
		},
	);

	it('is that of any 24 hexadecimal characters', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[0-9a-fA-F]{24}$/), (id) => {
				expect(isObjectId(id)).toBe(true);
			}),
		);
	});
});
