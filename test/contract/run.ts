import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { Command } from 'commander';

import { groupedNumber, TEST_CARDS } from '../../sandbox/cards';
import { differing, hold } from './hold';
import { reportOf } from './report';
import { accountOf } from './settings';
import { stripExchange } from './strip';
import type { Account, Exchange, Outcome } from './talk';

/** `npm run test:konnect` checks what we believe against Konnect itself. README.md beside this file says more. */

const CARDS = { failure: TEST_CARDS.failing, success: TEST_CARDS.visa, open: TEST_CARDS.visa };

const ENDS = {
	failure: 'pay with a test card that is to end in failure',
	success: 'pay with a test card that is to end in success',
	open: "stop on the bank's own page, which is to end in open, with the test card",
};

/** Asks a person to pay, and waits for Enter. */
async function payByHand(payUrl: string, outcome: Outcome): Promise<void> {
	const { number, expiry, cvc } = CARDS[outcome];
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const card = `${groupedNumber(number)}, ${expiry}, ${cvc}`;
	await terminal.question(
		`\nOpen ${payUrl}\nand ${ENDS[outcome]}: ${card}\nThen press Enter here. `,
	);
	terminal.close();
}

/** For example `07-get-404`. */
const nameOf = ({ request, answer }: Exchange, index: number) =>
	[
		String(index + 1).padStart(2, '0'),
		request.url.endsWith('/init-payment') ? 'init' : request.method.toLowerCase(),
		answer.status,
	].join('-');

/** Writes each exchange, stripped, into its own file. Deletes all earlier recordings first. */
function record(exchanges: readonly Exchange[], account: Account, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	exchanges.forEach((exchange, index) => {
		const text = JSON.stringify(stripExchange(exchange, account), null, '\t');
		writeFileSync(join(folder, `${nameOf(exchange, index)}.json`), `${text}\n`);
	});
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
