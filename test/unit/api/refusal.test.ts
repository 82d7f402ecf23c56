import { explain } from '../../../nodes/Konnect/api/errors';
import { TABLES } from '../../../nodes/Konnect/descriptions';
import { amountOutOfRange } from '../../fixtures/errors';
import { answer, connection } from '../../fixtures/konnect';

const table = TABLES.initPayment;

const complaint = (field: string, message: string) => ({
	errors: [{ code: 'is_invalid', target: 'field', message, source: { field } }],
});

const descriptionOf = (answered: unknown, body: Record<string, unknown>) =>
	explain(answer(400, answered), connection, { table, body: body as never }).problem.description;

describe('the text for a field that Konnect refused', () => {
	it.each([
		['TND', 50, '0.100 to 10 000 TND', '0.050 TND (50 in minor units)'],
		['EUR', 50, '1 to 100 000 EUR', '0.50 EUR (50 in minor units)'],
	])('has the limits of an amount in %s, and what was sent', (token, amount, limits, sent) => {
		expect(descriptionOf(amountOutOfRange, { token, amount })).toBe(
			`Konnect says: "Amount must be an integer number between 100 and 10000000." That is ${limits}. 'Amount' was ${sent}. Correct 'Amount' and run again.`,
		);
	});

	it.each([
		'Amount is too small',
		'Amount must be at least 100',
		'Amount must be between 500 and 100',
		'Amount must be between 100 and 100',
		'Amount must be 1, 2 or 3',
	])('has no limits where Konnect names none: %p', (message) => {
		const description = descriptionOf(complaint('amount', message), { token: 'TND', amount: 50 });
		expect(description).not.toContain('That is');
		expect(description).toContain("'Amount' was 0.050 TND");
	});

	it('has no limits of another field, and no currency in its value', () => {
		const message = 'Lifespan must be between 10 and 1000';
		expect(descriptionOf(complaint('lifespan', message), { token: 'TND', lifespan: 5 })).toBe(
			`Konnect says: "${message}". 'Lifespan (Minutes)' was 5. Correct 'Lifespan (Minutes)' and run again.`,
		);
	});

	it("names the credential's wallet where it was not set in the node", () => {
		const answered = answer(400, complaint('receiverWalletId', 'no such wallet'));
		const problemWith = (receiverWalletId: string) =>
			explain(answered, connection, { table, body: { receiverWalletId } }).problem;
		const ofTheCredential = problemWith(connection.walletId ?? '');
		expect(ofTheCredential.message).toBe("Konnect does not accept the credential's 'Wallet ID'");
		expect(ofTheCredential.description).toContain("Correct the credential's 'Wallet ID'");
		expect(problemWith('a'.repeat(24)).message).toBe(
			"Konnect does not accept 'Receiver Wallet ID'",
		);
	});

	it('has the field that Konnect names, also beside a fault without a field', () => {
		const [amount] = amountOutOfRange.errors;
		const { problem } = explain(answer(400, { errors: [{ message: 'no' }, amount] }), connection, {
			table,
			body: { token: 'TND', amount: 50 },
		});
		expect(problem.message).toBe("Konnect does not accept 'Amount'");
		expect(problem.description).toContain('That is 0.100 to 10 000 TND');
	});

	it.each([
		[{ amount: 50 }, false, "'Amount' was 50."],
		[{ token: 'LYD', amount: 50 }, false, "'Amount' was 50."],
		[{ token: 'TND', amount: 'fifty' }, true, `'Amount' was "fifty".`],
	])(
		'has the amount as it was sent where it cannot be said in a currency: %j; limits: %s',
		(body, hasLimits, said) => {
			const description = descriptionOf(amountOutOfRange, body);
			expect(description.includes('That is')).toBe(hasLimits);
			expect(description).toContain(said);
		},
	);

	it('has the value that was sent, cut to a length', () => {
		const description = descriptionOf(complaint('orderId', 'too long'), {
			orderId: `ORDER-${'9'.repeat(100)}`,
		});
		expect(description).toMatch(/'Order ID' was "ORDER-9{54}…"\. Correct/);
	});

	it('has no value of a field that was not sent', () => {
		expect(descriptionOf(complaint('lifespan', 'is missing'), {})).toBe(
			`Konnect says: "is missing". Correct 'Lifespan (Minutes)' and run again.`,
		);
	});

	it('has no part of a key or a signature, wherever the text is cut', () => {
		const secret = connection.apiKey.split(':')[1] ?? '';
		for (let length = 0; length <= 60; length++) {
			const orderId = 'x'.repeat(length) + connection.apiKey;
			const description = descriptionOf(complaint('orderId', 'no'), { orderId });
			expect(description).not.toContain(secret.slice(0, 4));
		}
		const webhook = 'https://n8n.example.com/w?kt=v1.terms&signature=abcdef';
		expect(descriptionOf(complaint('webhook', 'no'), { webhook })).not.toContain('abcdef');
	});
});
