import { LABELS } from '../../../nodes/Konnect/descriptions/initPayment';
import type { PaymentForm } from '../../../nodes/Konnect/payment/paymentRequest';
import { toPaymentRequest } from '../../../nodes/Konnect/payment/paymentRequest';
import { problemOf, valueOf } from '../../fixtures/results';

const WALLET = '5f7a209aeb3f76490ac4a3d1';
const OTHER_WALLET = '6706B08E0D21EB0194727CB3';

const read = (changes: Partial<PaymentForm> = {}) =>
	toPaymentRequest(
		{
			amount: 12.5,
			amountUnit: 'currency',
			token: 'TND',
			webhook: undefined,
			additionalFields: {},
			walletId: WALLET,
			...changes,
		},
		LABELS,
	);
const bodyOf = (changes?: Partial<PaymentForm>) => valueOf(read(changes));
const bodyWith = (additionalFields: Record<string, unknown>) => bodyOf({ additionalFields });
const refusalOf = (additionalFields: Record<string, unknown>) =>
	problemOf(read({ additionalFields }));

const MINIMUM = { receiverWalletId: WALLET, token: 'TND', amount: 12_500, type: 'immediate' };

describe('the request of a payment', () => {
	it('always has wallet, token, amount and type, and nothing else that was not filled in', () => {
		expect(bodyOf()).toEqual(MINIMUM);
	});

	it('has the webhook where there is one', () => {
		const webhook = 'https://n8n.example.com/webhook/1?cart_id=6670';
		expect(bodyOf({ webhook })).toEqual({ ...MINIMUM, webhook });
	});

	it('has the amount in minor units, whatever the unit it was given in', () => {
		expect(bodyOf({ amount: '12.50', token: 'EUR' })).toMatchObject({ amount: 1250, token: 'EUR' });
		expect(bodyOf({ amount: 1250, amountUnit: 'minor' })).toMatchObject({ amount: 1250 });
	});

	it.each([
		['receiverWalletId', OTHER_WALLET],
		['type', 'partial'],
		['description', 'تذكرتان ليوم السبت, "two" tickets\n& more'],
		['acceptedPaymentMethods', ['bank_card', 'wallet', 'e-DINAR', 'flouci', 'MCOIN']],
		['acceptedPaymentMethods', ['wire_transfer']],
		['lifespan', 10],
		['firstName', 'Amine'],
		['lastName', 'Ben Salah'],
		['phoneNumber', '22777777'],
		['email', 'name@email.com'],
		['orderId', '0001234657'],
		['link', 'https://api.dev.konnect.network/WSlQUtBF8'],
		['successUrl', 'https://shop.example.com/thank-you?x=1'],
		['failUrl', 'http://shop.example.com/not-paid'],
		['silentWebhook', true],
		['silentWebhook', false],
		['checkoutForm', true],
		['checkoutForm', false],
		['addPaymentFeesToAmount', true],
		['addPaymentFeesToAmount', false],
		['theme', 'dark'],
	])('has %s as it was given: %p', (name, value) => {
		expect(bodyWith({ [name]: value })).toEqual({ ...MINIMUM, [name]: value });
	});

	it.each([
		['orderId', 1042, '1042'],
		['phoneNumber', 22777777, '22777777'],
		['lifespan', '30', 30],
		['silentWebhook', 'true', true],
		['checkoutForm', 'false', false],
		['acceptedPaymentMethods', 'wallet, bank_card', ['wallet', 'bank_card']],
		['receiverWalletId', ` ${WALLET} `, WALLET],
	])('has %s in the type that Konnect wants where an expression gave %p', (name, given, sent) => {
		expect(bodyWith({ [name]: given })).toEqual({ ...MINIMUM, [name]: sent });
	});

	it.each(Object.keys(LABELS).filter((name) => !['amount', 'token', 'type'].includes(name)))(
		'has no %s where it was left empty',
		(name) => {
			for (const empty of ['', undefined, null]) {
				expect(bodyWith({ [name]: empty })).toEqual(MINIMUM);
			}
		},
	);

	it('has the type immediate where the type was left empty', () => {
		expect(bodyWith({ type: '' })).toEqual(MINIMUM);
	});

	it('never has an empty list of methods, by which nobody could pay', () => {
		const result = read({ additionalFields: { acceptedPaymentMethods: [] } });
		expect(result).not.toMatchObject({ ok: true, value: { acceptedPaymentMethods: [] } });
	});

	it('never has pieces of a JSON text as methods', () => {
		const text = '["wallet", "bank_card"]';
		const result = read({ additionalFields: { acceptedPaymentMethods: text } });
		if (result.ok) expect(result.value.acceptedPaymentMethods).toEqual(['wallet', 'bank_card']);
		else expect(result.problem.message).toBe("'Accepted Payment Methods' is not a list");
	});
});

describe('other fields', () => {
	it.each([
		{ metadata: { a: [1, null] }, flag: false },
		'{"metadata":{"a":[1,null]},"flag":false}',
	])('are sent along: %p', (otherFields) => {
		const expected = { ...MINIMUM, metadata: { a: [1, null] }, flag: false };
		expect(bodyWith({ otherFields })).toEqual(expected);
	});

	it.each([{}, '{}', '', null, undefined])('may be empty: %p', (otherFields) => {
		expect(bodyWith({ otherFields })).toEqual(MINIMUM);
	});

	it.each(['[1]', '"text"', '7', 'null', 'true', '{amount: 1}', '{', [], [{}], 7, true])(
		'are refused where they are no JSON object: %p',
		(otherFields) => {
			const { message, description } = refusalOf({ otherFields });
			expect(message).toBe("'Other Fields' is not a JSON object");
			expect(description).toContain('{"name": "value"}');
		},
	);

	it.each([
		['amount', 'Amount'],
		['token', 'Currency'],
		['webhook', 'Webhook URL'],
		['receiverWalletId', 'Receiver Wallet ID'],
		['orderId', 'Order ID'],
		['silentWebhook', 'Silent Webhook'],
		['type', 'Type'],
	])('are refused where they name %s, which has a field of its own', (name, label) => {
		const { message, description } = refusalOf({ otherFields: { extra: 1, [name]: 1 } });
		expect(message).toBe(`'Other Fields' names "${name}", which has a field of its own`);
		expect(description).toContain(`'${label}'`);
	});
});

describe('the request of a payment is refused', () => {
	it.each([
		['receiverWalletId', 'x', "'Receiver Wallet ID' is not a wallet id"],
		['receiverWalletId', `${WALLET}0`, "'Receiver Wallet ID' is not a wallet id"],
		['receiverWalletId', 42, "'Receiver Wallet ID' is not a wallet id"],
		['lifespan', 0, "'Lifespan (Minutes)' is not a number of minutes"],
		['lifespan', -5, "'Lifespan (Minutes)' is not a number of minutes"],
		['lifespan', 'an hour', "'Lifespan (Minutes)' is not a number of minutes"],
		['lifespan', NaN, "'Lifespan (Minutes)' is not a number of minutes"],
		['lifespan', Infinity, "'Lifespan (Minutes)' is not a number of minutes"],
		['silentWebhook', 'yes', "'Silent Webhook' is neither true nor false"],
		['checkoutForm', 1, "'Checkout Form' is neither true nor false"],
		['addPaymentFeesToAmount', [], "'Add Payment Fees to Amount' is neither true nor false"],
		['acceptedPaymentMethods', ['wallet', 7], "'Accepted Payment Methods' is not a list"],
		['acceptedPaymentMethods', 'wallet,,', "'Accepted Payment Methods' is not a list"],
		['acceptedPaymentMethods', {}, "'Accepted Payment Methods' is not a list"],
		['description', { text: 'x' }, "'Description' is not text"],
		['orderId', ['ORDER-1'], "'Order ID' is not text"],
		['orderId', true, "'Order ID' is not text"],
		['phoneNumber', NaN, "'Phone Number' is not text"],
		['successUrl', 'shop.example.com', "'Success URL' is not a web address"],
		['failUrl', 'javascript:alert(1)', "'Fail URL' is not a web address"],
	])('for %s %p', (name, value, message) => {
		expect(refusalOf({ [name]: value }).message).toBe(message);
	});

	it.each(['tnd', 'XXX', '', 'constructor', undefined, ['TND']])('for the currency %p', (token) => {
		const problem = problemOf(read({ token }));
		expect(problem.message).toBe("'Currency' is not a currency of Konnect");
		expect(problem.description).toBe('Use TND, EUR or USD.');
	});

	it.each(['1e3', '1,000', 'ten', -5, 0])('for the amount %p, by its label', (amount) => {
		expect(problemOf(read({ amount })).message).toMatch(/^'Amount' /);
	});

	it.each(['', 'localhost:5678/webhook', false, null])('for the webhook %p', (webhook) => {
		const { message } = problemOf(read({ webhook }));
		expect(message).toBe("'Webhook URL' is not a web address");
	});

	it('for a wallet that neither the credential nor the node names', () => {
		const problem = problemOf(read({ walletId: undefined }));
		expect(problem.message).toBe("'Receiver Wallet ID' is missing");
		expect(problem.description).toContain("'Wallet ID' in the credential");
	});
});
