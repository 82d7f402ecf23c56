import { Command, InvalidArgumentError, Option } from 'commander';
import { CARD_NAMES, groupedNumber, TEST_CARDS } from './cards';
import { faultsOfTexts } from './faultFields';
import { SANDBOX_ACCOUNTS, startSandbox, type Sandbox, type SandboxOptions } from './index';

function portOf(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 65_535)
		throw new InvalidArgumentError('A port is at most 65535.');
	return port;
}

interface Arguments extends Pick<SandboxOptions, 'shape' | 'keepIn'> {
	port: number;
	fault?: string[];
}

const command = new Command('konnect-sandbox')
	.description('A Konnect that runs on your own machine. No money moves.')
	.option('--port <number>', 'port to listen on, 0 for a free one', portOf, 4010)
	.addOption(
		new Option('--shape <shape>', 'payments as seen or as documented').choices([
			'real',
			'documented',
		]),
	)
	.option('--keep-in <file>', 'keep the payments in a file, over a restart')
	.option(
		'--fault <name=value...>',
		'what goes wrong, see sandbox/README.md; several can be given',
	);

const faultsOf = (given: string[] = []) =>
	faultsOfTexts(
		Object.fromEntries(given.map((text) => [text.split('=')[0], text.replace(/^[^=]*=?/, '')])),
	);

function banner({ url, apiBaseUrl }: Sandbox, { keepIn }: Arguments): string {
	const { merchant } = SANDBOX_ACCOUNTS;
	const cards = CARD_NAMES.map((name) => {
		const { label, number, expiry, cvc, succeeds } = TEST_CARDS[name];
		return `  ${groupedNumber(number)}  ${expiry}  ${cvc}  ${label}, ${succeeds ? 'succeeds' : 'fails'}`;
	});
	return [
		'',
		'Konnect sandbox: no money moves.',
		'',
		'In the credential, choose the environment Custom and enter:',
		`  Base URL   ${apiBaseUrl}`,
		`  API Key    ${merchant.apiKey}`,
		`  Wallet ID  ${merchant.walletId}`,
		'',
		`Overview     ${url}/admin`,
		'',
		'Test cards (number, expiry, CVC):',
		...cards,
		'',
		keepIn
			? `Ctrl-C stops it; its payments are kept in ${keepIn}.`
			: 'Ctrl-C stops it and forgets all payments.',
		'',
	].join('\n');
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function fail(error: unknown, { port }: Arguments): never {
	const { code, message } = error as NodeJS.ErrnoException;
	const text =
		code === 'EADDRINUSE'
			? `Port ${port} is taken. Choose another with --port.`
			: `The sandbox could not start: ${message}`;
	process.stderr.write(`${text}\n`);
	process.exit(1);
}

async function main(): Promise<void> {
	const given = command.parse().opts<Arguments>();
	const log = (line: string) => say(`${new Date().toISOString().slice(11, 19)} ${line}`);
	try {
		const sandbox = await startSandbox({ ...given, faults: faultsOf(given.fault), log });
		say(banner(sandbox, given));
		const stop = () => void sandbox.close().then(() => process.exit(0));
		process.once('SIGINT', stop);
		process.once('SIGTERM', stop);
	} catch (error) {
		fail(error, given);
	}
}

void main();
