import { SANDBOX_ACCOUNTS, startSandbox, type Quirks, type Sandbox } from '../../sandbox';
import type { Finding } from './hold';
import { BELIEFS, differing, hold } from './hold';
import type { Account, Exchange } from './talk';
import { MOST_REQUESTS, talkTo } from './talk';

/** The sandbox's merchant. It can also do what needs a person or a second account at Konnect. */
function accountAt(sandbox: Sandbox): Account {
	const { merchant, other } = SANDBOX_ACCOUNTS;
	return {
		baseUrl: sandbox.apiBaseUrl,
		apiKey: merchant.apiKey,
		walletId: merchant.walletId,
		otherApiKey: other.apiKey,
		preprodUrl: sandbox.apiBaseUrl,
		pay: async (_payUrl, ref, outcome) => {
			const card = outcome === 'failure' ? 'failing' : 'visa';
			await sandbox.pay(ref, { card, open: outcome === 'open' });
		},
	};
}

let sandbox: Sandbox;
let findings: Finding[];
let exchanges: Exchange[];
beforeAll(async () => {
	sandbox = await startSandbox();
	({ findings, exchanges } = await hold(accountAt(sandbox)));
});
afterAll(() => sandbox.close());

describe('what we believe of Konnect holds for the sandbox', () => {
	it.each(BELIEFS.map(({ says }, index) => [says, index] as const))('%s', (_says, index) => {
		const finding = findings[index];
		expect(finding).toMatchObject({ seen: BELIEFS[index]?.expected, holds: true });
	});
});

describe('the beliefs', () => {
	it('are all different', () => {
		expect(new Set(BELIEFS.map(({ says }) => says)).size).toBe(BELIEFS.length);
	});

	it('cost fewer than 30 requests, and no payment of more than a tenth of a dinar or euro', () => {
		expect(MOST_REQUESTS).toBeLessThan(30);
		expect(sandbox.requests).toHaveLength(exchanges.length);
		expect(exchanges.length).toBeLessThanOrEqual(MOST_REQUESTS);
		for (const payment of sandbox.payments()) expect(payment.request.amount).toBe(100);
	});

	it('cannot cost more, whatever is asked', async () => {
		sandbox.reset();
		const { ask } = talkTo(accountAt(sandbox));
		for (let count = 0; count < MOST_REQUESTS; count++) await ask({ path: '/' });
		await expect(ask({ path: '/' })).rejects.toThrow('the limit of 29 requests is reached');
		expect(sandbox.requests).toHaveLength(MOST_REQUESTS);
	});
});

/** Ways in which Konnect may differ from what we believe, each with the beliefs that it breaks. */
const BROKEN_BY: Array<[quirk: Partial<Quirks>, ...broken: string[]]> = [
	[{ refusalStatus: 422 }, 'What is refused by its field is answered 400'],
	[
		{ hidesFields: true },
		'An amount of 99 is refused by its field',
		'An amount of 10000001 is refused by its field',
		'A payment of nothing is refused by its field, so that it can test a key',
		'A wallet that nobody has is refused by its field',
		'A currency that Konnect does not know is refused by its field',
	],
	[{ keyStatus: 403 }, 'A wrong key is answered 401'],
	[{ fieldsFirst: true }, 'The key is looked at before the fields'],
	[
		{ longestText: 280 },
		'A description of 1,000 characters is taken',
		'An order id of 1,000 characters is taken',
	],
	[{ ownPaymentsOnly: true }, 'A key sees the payments of other merchants'],
	[{ refusesUnknownFields: true }, 'A field that Konnect does not know is passed over'],
	[
		{ defaultToken: 'EUR' },
		'Without a currency and a type a payment is in dinars and paid at once, by wallet, card and e-DINAR',
	],
];

const BROKEN_BY_THE_KEY = ['Reading needs a key', 'Reading needs the right key'];

const BROKEN_BY_THE_DOCUMENTED_SHAPE = [
	'The body of a pending payment has the fields that were recorded, and no others',
	'A body names no wallet',
	'A payment in parts does not say how much has come',
	'An attempt that the payer has left open counts neither as a success nor as a failure',
	'A failed attempt says why it failed, in a text for people',
	'A payer who bears the fees is charged the amount divided by 1 less 1.6 %, cut; the fee is 1.6 % of the amount, rounded up; the merchant gets the amount',
];

describe('a Konnect that differs from what we believe in every way', () => {
	it('breaks each belief about that, and no other', async () => {
		const quirks = Object.assign({}, ...BROKEN_BY.map(([quirk]) => quirk)) as Partial<Quirks>;
		const sandbox = await startSandbox({ quirks, getKey: 'ignored', shape: 'documented' });
		const { findings } = await hold(accountAt(sandbox));
		await sandbox.close();
		expect(
			differing(findings)
				.map(({ belief }) => belief.says)
				.sort(),
		).toEqual(
			[
				...BROKEN_BY.flatMap(([, ...broken]) => broken),
				...BROKEN_BY_THE_KEY,
				...BROKEN_BY_THE_DOCUMENTED_SHAPE,
			].sort(),
		);
	});
});
