import { toPaymentId } from '../../../nodes/Konnect/payment/paymentId';
import { problemOf, valueOf } from '../../fixtures/results';

const ID = '6911c8a763c10de262b88c7c';

describe('a payment id is read', () => {
	it.each([
		['as it is', ID],
		['with spaces around', `  ${ID}\n`],
		['in capitals', ID.toUpperCase()],
		['from a sandbox pay link', `https://gateway.sandbox.konnect.network/pay?payment_ref=${ID}`],
		['from a pay link of the old host', `https://preprod.konnect.network/a?payment_ref=${ID}#card`],
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
		`${ID}/../account`,
		`${ID}?x=1`,
		'https://gateway.konnect.network/pay?payment_ref=',
		`https://gateway.konnect.network/pay?payment_ref=${ID}0`,
		`payment_ref=${ID}`,
		[ID],
		[`https://gateway.konnect.network/pay?payment_ref=${ID}`],
		{ payment_ref: ID },
	])('because it is none: %p', (input) => {
		const { message, description } = problemOf(toPaymentId(input, 'Payment ID'));
		expect(message).toMatch(/^'Payment ID' is not a payment id: .+$/);
		expect(description).toContain('24 characters');
	});
});
