import { TABLES } from '../../../nodes/Konnect/descriptions';
import { readFields } from '../../../nodes/Konnect/payment/paymentRequest';
import { problemOf, valueOf } from '../../fixtures/results';

const WALLET = '5f7a209aeb3f76490ac4a3d1';
const OTHER_WALLET = '6706B08E0D21EB0194727CB3';

const bodyWith = (fields: unknown) => valueOf(readFields(fields, TABLES.initPayment));
const refusalOf = (fields: unknown) => problemOf(readFields(fields, TABLES.initPayment));

describe('the request of a payment', () => {
	it('has nothing that was not filled in', () => {
		expect(bodyWith({})).toEqual({});
	});

	// test/engine/initPayment.test.ts and everyField.test.ts check that each field is sent as it was typed.
	it.each<[string, unknown, unknown?]>([
		['receiverWalletId', OTHER_WALLET],
		['description', 'تذكرتان ليوم السبت, "two" tickets\n& more'],
		['lifespan', 1],
		['lifespan', 525_600],
		['orderId', '0001234657'],
		['addPaymentFeesToAmount', false],
		['orderId', 1234657, '1234657'],
		['orderId', ' ORDER-1 ', 'ORDER-1'],
		['phoneNumber', 22777777, '22777777'],
		['lifespan', '30', 30],
		['receiverWalletId', ` ${WALLET} `, WALLET],
	])('has %s in the type that Konnect wants where %p was given', (name, given, sent = given) => {
		expect(bodyWith({ [name]: given })).toEqual({ [name]: sent });
	});

	it.each(['firstName', 'lastName', 'phoneNumber', 'email', 'description'])(
		'has no %s where it came out as nothing: nobody is bound to give it',
		(name) => {
			for (const empty of ['', ' ', undefined, null]) {
				expect(bodyWith({ [name]: empty })).toEqual({});
			}
		},
	);
});

describe('other fields', () => {
	it.each([
		{ metadata: { a: [1, null] }, flag: false },
		'{"metadata":{"a":[1,null]},"flag":false}',
	])('are sent along: %p', (otherFields) => {
		const expected = { metadata: { a: [1, null] }, flag: false };
		expect(bodyWith({ otherFields })).toEqual(expected);
	});

	it.each([{}, '{}'])('may be empty: %p', (otherFields) => {
		expect(bodyWith({ otherFields })).toEqual({});
	});

	it.each(['[1]', '"text"', '7', 'null', 'true', '{amount: 1}', '{', [], [{}], 7, true, '', null])(
		'are refused where they are no JSON object: %p',
		(otherFields) => {
			const { message, description } = refusalOf({ otherFields });
			expect(message).toMatch(/^'Other Fields' is (empty|not a JSON object: .+)$/);
			expect(description).toContain('{"name": "value"}');
		},
	);

	it.each([
		['amount', 'Amount'],
		['token', 'Currency'],
		['webhook', 'Webhook URL'],
		['receiverWalletId', 'Receiver Wallet ID'],
	])('are never %s: that is for its own field', (name, label) => {
		const { message, description } = refusalOf({ otherFields: { extra: 1, [name]: 1 } });
		expect(message).toBe(`'Other Fields' names "${name}", which has a field of its own`);
		expect(description).toContain(`'${label}'`);
	});
});

describe('other fields that have a place of their own in the node', () => {
	it.each([
		['acceptedPaymentMethods', ['a method of tomorrow'], undefined],
		['theme', 'sepia', undefined],
		['silentWebhook', true, undefined],
		['orderId', 1042, '1042'],
	])('are sent where the field is not set: %s %p', (name, value, sent) => {
		const expected = { [name]: sent ?? value };
		expect(bodyWith({ otherFields: { [name]: value } })).toEqual(expected);
	});

	it.each([
		['orderId', 'ORDER-1', 'Order ID'],
		['email', '', 'Email'],
	])('are refused where the field is set as well: %s', (name, value, label) => {
		const { message, description } = refusalOf({ [name]: value, otherFields: { [name]: value } });
		expect(message).toBe(`'Other Fields' names "${name}", which has a field of its own`);
		expect(description).toContain(`'${label}'`);
	});

	it.each([
		['silentWebhook', 'true', /^'Silent Webhook' is "true"/],
		['successUrl', 'javascript:alert(1)', /^'Success URL' is not a web address/],
	])('are read as the field is: %s %p', (name, value, message) => {
		expect(refusalOf({ otherFields: { [name]: value } }).message).toMatch(message);
	});
});

describe('the phone number', () => {
	it.each([
		...['+216 22 777 777', '0021622777777', '(+216) 22-777-777'],
		...['22.777.777', '22\u00a0777\u00a0777', 22777777, 21622777777],
	])('of Tunisia is sent as its eight digits: %p', (phoneNumber) => {
		expect(bodyWith({ phoneNumber })).toEqual({ phoneNumber: '22777777' });
	});

	it.each([
		...['+33 6 12 34 56 78', '0033612345678', '22 777 77'],
		...['22 777 7777', '+216 22 777 777 ext. 5', '٢٢٧٧٧٧٧٧'],
	])('of another form is sent as it was typed: %p', (phoneNumber) => {
		expect(bodyWith({ phoneNumber })).toEqual({ phoneNumber });
	});
});

describe('the address where the payer goes', () => {
	it.each(['myapp://paid', 'com.shop.app://paid?order=1', 'myapp:///paid', 'https://shop.tn/ok'])(
		'can be %s',
		(successUrl) => {
			expect(bodyWith({ successUrl })).toEqual({ successUrl });
		},
	);

	it.each([
		...['javascript://%0aalert(1)', 'java\tscript://x', 'data://text/html,x'],
		...['file:///etc/passwd', 'vbscript://x', 'blob://x', 'ftp://shop.example'],
		...['myapp:paid', 'myapp://', 'my app://paid', 'https:///ok'],
	])('cannot be %s', (failUrl) => {
		expect(refusalOf({ failUrl }).message).toMatch(/^'Fail URL' is not a web address/);
	});
});

describe('the request of a payment is refused', () => {
	// test/engine/everyField.test.ts tries on every field whatever else an expression can give.
	it.each([
		['receiverWalletId', 'x', `'Receiver Wallet ID' is not a wallet id: "x"`],
		['receiverWalletId', '', "'Receiver Wallet ID' is empty"],
		['lifespan', 0, "'Lifespan (Minutes)' is 0: it needs a whole number from 1 to 525600"],
		['lifespan', 525_601, "'Lifespan (Minutes)' is 525601"],
		['lifespan', 1.5, "'Lifespan (Minutes)' is 1.5"],
		['silentWebhook', 'true', '\'Silent Webhook\' is "true"'],
	])('for %s %p', (name, value, message) => {
		expect(refusalOf({ [name]: value }).message).toContain(message);
	});

	it.each(['', undefined, null, 7, []])('for additional fields that are %p', (additionalFields) => {
		expect(refusalOf(additionalFields).message).toMatch(
			/^'Additional Fields' is (empty|not an object: .+)$/,
		);
	});
});
