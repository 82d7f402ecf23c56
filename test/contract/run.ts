import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { Command } from 'commander';

import { groupedNumber, TEST_CARDS } from '../../sandbox/cards';
import { differing, hold } from './hold';
import { record } from './recordings';
import { reportOf } from './report';
import { accountOf } from './settings';
import type { Account, Outcome } from './talk';

/** `npm run test:konnect`: what we believe, held against Konnect itself. README.md beside this file says more. */

const CARDS = { failure: TEST_CARDS.failing, success: TEST_CARDS.visa, open: TEST_CARDS.visa };

const ENDS = {
	failure: 'pay with a test card that is to end in failure',
	success: 'pay with a test card that is to end in success',
	open: "stop on the bank's own page, which is to end in open, with the test card",
};

/** Has a person pay, who is asked for it. */
async function payByHand(payUrl: string, outcome: Outcome): Promise<void> {
	const { number, expiry, cvc } = CARDS[outcome];
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const card = `${groupedNumber(number)}, ${expiry}, ${cvc}`;
	await terminal.question(
		`\nOpen ${payUrl}\nand ${ENDS[outcome]}: ${card}\nThen press Enter here. `,
	);
	terminal.close();
}

async function main(): Promise<void> {
	const { recordings } = new Command()
		.option('--recordings <folder>', 'where to write what was seen', join(__dirname, 'recordings'))
		.parse()
		.opts<{ recordings: string }>();
	const account: Account = accountOf(process.env);
	if (process.env.KONNECT_PAY === '1') {
		account.pay = async (payUrl, _ref, outcome) => await payByHand(payUrl, outcome);
	}
	const { findings, exchanges } = await hold(account);
	console.log(reportOf(findings, exchanges.length, account));
	record(exchanges, account, recordings);
	console.log(
		`What was seen is in ${relative(process.cwd(), recordings)}, without keys and people. git does not see it: look it through before it becomes a fixture.`,
	);
	process.exitCode = differing(findings).length > 0 ? 1 : 0;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
