import { startSandbox, type SandboxOptions } from '../../sandbox';
import { differing, hold } from './hold';
import { accountAt } from './sandboxAccount';

/** The beliefs that do not hold for a Konnect that is otherwise than we believe. */
async function brokenAt(options: SandboxOptions): Promise<string[]> {
	const sandbox = await startSandbox(options);
	try {
		const { findings } = await hold(accountAt(sandbox));
		return differing(findings).map(({ belief }) => belief.says);
	} finally {
		await sandbox.close();
	}
}

const CASES: Array<[what: string, options: SandboxOptions, broken: string[]]> = [
	['as believed', {}, []],
	[
		'refuses fields with 422',
		{ quirks: { refusalStatus: 422 } },
		['What is refused by its field is answered 400'],
	],
	[
		'does not say which field it refuses',
		{ quirks: { hidesFields: true } },
		[
			'An amount of 99 is refused by its field',
			'An amount of 10000001 is refused by its field',
			'A payment of nothing is refused by its field, so that it can test a key',
			'A wallet that nobody has is refused by its field',
			'A currency that Konnect does not know is refused by its field',
		],
	],
	['refuses keys with 403', { quirks: { keyStatus: 403 } }, ['A wrong key is answered 401']],
	[
		'looks at fields before the key',
		{ quirks: { fieldsFirst: true } },
		['The key is looked at before the fields'],
	],
	[
		'takes no long texts',
		{ quirks: { longestText: 280 } },
		['A description of 1,000 characters is taken', 'An order id of 1,000 characters is taken'],
	],
	[
		'reads without a key',
		{ getKey: 'ignored' },
		['Reading needs a key', 'Reading needs the right key'],
	],
	[
		'shows a key its own payments only',
		{ quirks: { ownPaymentsOnly: true } },
		['A key sees the payments of other merchants'],
	],
	[
		'refuses fields that it does not know',
		{ quirks: { refusesUnknownFields: true } },
		[
			'A field that Konnect does not know is passed over',
			'A payment in parts does not say how much has come',
		],
	],
	[
		'takes a payment without a currency for one in euros',
		{ quirks: { defaultToken: 'EUR' } },
		[
			'Without a currency and a type a payment is in dinars and paid at once, by wallet, card and e-DINAR',
		],
	],
	[
		'answers as it is documented',
		{ shape: 'documented' },
		[
			'The body of a pending payment has the fields that were recorded, and no others',
			'A body names no wallet',
			'A payment in parts does not say how much has come',
			'An attempt that the payer has left open counts neither as a success nor as a failure',
			'A failed attempt says why it failed, in a text for people',
			'A payer who bears the fees is charged the amount divided by 1 less 1.6 %, cut; the fee is 1.6 % of the amount, rounded up; the merchant gets the amount',
		],
	],
];

describe('a Konnect that is otherwise than we believe', () => {
	it.each(CASES)(
		'%s: each belief that it breaks is named, and no other',
		async (_what, options, broken) => {
			expect((await brokenAt(options)).sort()).toEqual([...broken].sort());
		},
	);
});
