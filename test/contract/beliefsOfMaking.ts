import type { Belief } from './belief';
import { KEY_REFUSED, only, refused, wrong } from './belief';
import type { Observations } from './observations';
import { NOBODY, refusalIn, SMALLEST } from './observations';

const MAKING: Belief[] = [
	{
		says: 'Init-payment answers 200 with a reference and a link, and nothing else',
		isRelied: true,
		expected: { status: 200, fields: ['payUrl', 'paymentRef'] },
		see: async ({ made }) => {
			const { status, body } = (await made()).answer;
			return { status, fields: Object.keys(body as object).sort() };
		},
	},
	{
		says: 'The reference has 24 hexadecimal characters, the link names it, and our code reads both',
		isRelied: true,
		expected: { form: true, named: true, read: true },
		see: async ({ made, madeRef }) => {
			const { outcome } = await made();
			const ref = await madeRef();
			const link = outcome.ok ? new URL(outcome.value.payUrl) : undefined;
			return {
				form: /^[0-9a-f]{24}$/.test(ref),
				named: link?.searchParams.get('payment_ref') === ref,
				read: outcome.ok,
			};
		},
	},
	{
		says: 'The colours that are asked for stand in the link',
		expected: 'dark',
		see: async ({ made }) => {
			const { outcome } = await made();
			return outcome.ok ? new URL(outcome.value.payUrl).searchParams.get('theme') : outcome;
		},
	},
	{
		says: 'Without a currency and a type a payment is in dinars and paid at once, by wallet, card and e-DINAR',
		settles: 8,
		expected: {
			token: 'TND',
			type: 'immediate',
			acceptedPaymentMethods: ['wallet', 'bank_card', 'e-DINAR'],
		},
		see: async ({ byDefault }) =>
			only(await byDefault(), 'token', 'type', 'acceptedPaymentMethods'),
	},
	{
		says: 'A field that Konnect does not know is passed over',
		isRelied: true,
		expected: { type: 'partial', status: 'pending' },
		see: async ({ inParts }) => only(await inParts(), 'type', 'status'),
	},
	...Object.entries({
		'A description of 1,000 characters': { description: 'x'.repeat(1_000) },
		'An order id of 1,000 characters': { orderId: 'x'.repeat(1_000) },
		'A phone number with its country code and spaces': { phoneNumber: '+216 22 777 777' },
	}).map(([what, fields]) => ({
		says: `${what} is taken`,
		settles: 10,
		expected: { status: 200 },
		see: async ({ init }: Observations) => {
			const answer = await init(fields);
			return answer.status === 200 ? { status: 200 } : refusalIn(answer);
		},
	})),
];

const refusedFields = (isRelied: boolean, fields: Record<string, Record<string, unknown>>) =>
	Object.entries(fields).map(([what, sent]) => ({
		says: `${what} is refused by its field`,
		...(isRelied && { isRelied }),
		expected: refused(Object.keys(sent).join()),
		see: async ({ init }: Observations) => refusalIn(await init(sent)),
	}));

const REFUSALS: Belief[] = [
	...refusedFields(true, {
		[`An amount of ${SMALLEST - 1}`]: { amount: SMALLEST - 1 },
		'An amount of 10000001': { amount: 10_000_001 },
	}),
	...refusedFields(false, {
		'A wallet that nobody has': { receiverWalletId: NOBODY },
		'A currency that Konnect does not know': { token: 'XYZ' },
	}),
	{
		says: 'A payment of nothing is refused by its field, so that it can test a key',
		settles: 9,
		isRelied: true,
		expected: refused('amount'),
		see: async ({ ofNothing }) => refusalIn(await ofNothing()),
	},
	{
		says: 'What is refused by its field is answered 400',
		settles: 3,
		expected: 400,
		see: async ({ ofNothing }) => (await ofNothing()).status,
	},
	{
		says: 'The key is looked at before the fields',
		settles: 9,
		isRelied: true,
		expected: KEY_REFUSED,
		see: async ({ init }, { account }) =>
			refusalIn(await init({ amount: 0 }, { key: wrong(account.apiKey) })),
	},
	{
		says: 'A wrong key is refused by a code of its own',
		isRelied: true,
		expected: KEY_REFUSED,
		see: async ({ byWrongKey }) => refusalIn(await byWrongKey()),
	},
	{
		says: 'A wrong key is answered 401',
		settles: 3,
		expected: 401,
		see: async ({ byWrongKey }) => (await byWrongKey()).status,
	},
	{
		says: 'A missing key is refused like a wrong one',
		expected: KEY_REFUSED,
		see: async ({ init }) => refusalIn(await init({}, { key: null })),
	},
	{
		says: 'A payment that nobody has is answered 404, in the envelope',
		isRelied: true,
		expected: { kind: 'notFound', target: 'common' },
		see: async ({ read }) => refusalIn(await read(NOBODY)),
	},
	{
		says: 'An id that is none is answered 500',
		expected: 500,
		see: async ({ read }) => (await read('no-id')).status,
	},
	{
		says: 'A path that Konnect does not know is answered in the envelope, about no field',
		expected: 'common',
		see: async (_observations, { ask }) => refusalIn(await ask({ path: '/nothing/here' })).target,
	},
];

export const BELIEFS_OF_MAKING: Belief[] = [...MAKING, ...REFUSALS];
