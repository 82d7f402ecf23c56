import { Command, InvalidArgumentError, Option } from 'commander';
import { CARD_NAMES, groupedNumber, TEST_CARDS } from './cards';
import { parseFaults } from './faults';
import { SANDBOX_ACCOUNTS, startSandbox, type Sandbox, type SandboxOptions } from './index';
import type { Faults } from './types';

const DEFAULT_PORT = 4010;

function count(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
	return Number(text);
}

function port(text: string): number {
	const number = count(text);
	if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
	return number;
}

interface Arguments extends Pick<SandboxOptions, 'host' | 'shape' | 'getKey' | 'expiryGrace'> {
	port: number;
	rateLimit?: number;
	latency?: number;
	faultStatus?: number;
	retryAfter?: string;
	faultHtml?: boolean;
	faultEmptyBody?: boolean;
	faultTruncated?: boolean;
	faultCut?: Faults['cut'];
	faultTimes?: number;
	faultSkip?: number;
	faultMatch?: Faults['match'];
	duplicateWebhooks?: number;
	outOfOrderWebhooks?: boolean;
}

const choice = (flags: string, text: string, ...values: string[]) =>
	new Option(flags, text).choices(values);

const command = new Command('konnect-sandbox')
	.description('A Konnect that runs on your own machine. No money moves.')
	.option('--port <number>', 'port to listen on, 0 for a free one', port, DEFAULT_PORT)
	.option('--host <address>', 'address to listen on', '127.0.0.1')
	.addOption(choice('--shape <shape>', 'payments as seen or as documented', 'real', 'documented'))
	.addOption(choice('--get-key <mode>', 'does reading a payment need a key', 'required', 'ignored'))
	.option('--rate-limit <number>', 'requests per minute and key before 429', count)
	.option('--expiry-grace <ms>', 'from the end of the lifespan until "expired"', count)
	.option('--latency <ms>', 'delay of each answer', count)
	.option('--fault-status <status>', 'HTTP status instead of an answer', count)
	.option('--retry-after <value>', 'Retry-After sent with --fault-status')
	.option('--fault-html', 'an HTML page instead of JSON')
	.option('--fault-empty-body', 'answers without a body')
	.option('--fault-truncated', 'JSON that stops halfway')
	.addOption(choice('--fault-cut <when>', 'cut the connection', 'before', 'after'))
	.option('--fault-times <number>', 'how many requests the faults hit', count)
	.option('--fault-skip <number>', 'how many requests pass first', count)
	.addOption(choice('--fault-match <kind>', 'which requests are hit', 'init', 'get', 'all'))
	.option('--duplicate-webhooks <number>', 'extra calls beside each webhook call', count)
	.option('--out-of-order-webhooks', "send a failed attempt's call after the next one");

function faultsOf(given: Arguments): Partial<Faults> {
	return parseFaults({
		latency: given.latency,
		status: given.faultStatus,
		retryAfter: given.retryAfter,
		html: given.faultHtml,
		emptyBody: given.faultEmptyBody,
		truncated: given.faultTruncated,
		cut: given.faultCut,
		times: given.faultTimes,
		skip: given.faultSkip,
		match: given.faultMatch,
		duplicateWebhooks: given.duplicateWebhooks,
		outOfOrderWebhooks: given.outOfOrderWebhooks,
	});
}

function banner({ url, apiBaseUrl }: Sandbox): string {
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
		'Ctrl-C stops it and forgets all payments.',
		'',
	].join('\n');
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function fail(error: unknown, { port: wanted, host }: Arguments): never {
	const { code, message } = error as NodeJS.ErrnoException;
	const text =
		code === 'EADDRINUSE'
			? `Port ${wanted} on ${host} is taken. Choose another with --port.`
			: `The sandbox could not start: ${message}`;
	process.stderr.write(`${text}\n`);
	process.exit(1);
}

async function main(): Promise<void> {
	const given = command.parse().opts<Arguments>();
	const log = (line: string) => say(`${new Date().toISOString().slice(11, 19)} ${line}`);
	try {
		const sandbox = await startSandbox({ ...given, faults: faultsOf(given), log });
		say(banner(sandbox));
		const stop = () => void sandbox.close().then(() => process.exit(0));
		process.once('SIGINT', stop);
		process.once('SIGTERM', stop);
	} catch (error) {
		fail(error, given);
	}
}

void main();
