import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { lock } from 'proper-lockfile';
import { startSandbox } from '../sandbox/index';
import { provision } from './demo/provision';
import { summary } from './demo/summary';
import { DEFAULT_VERSION, installN8n } from './n8n/install';
import { packageFolder, packPackage } from './n8n/pack';
import { isFree } from './n8n/ports';
import { startProcess, stopSignal } from './n8n/process';
import { withProgress } from './n8n/progress';
import { n8nClient } from './n8n/rest';
import { startN8n } from './n8n/server';

interface Options {
	port: number;
	sandboxPort: number;
	watch: boolean;
}

/** Ends something that was started. */
type Close = () => Promise<unknown>;

const ROOT = resolve(__dirname, '..');

/** Where n8n's data and the logs are kept. */
const DATA_DIR = resolve(ROOT, process.env.KONNECT_DEMO_DATA ?? '.sandbox');

/** How long a process that was killed holds the data folder. */
const LOCK_STALE_MS = 5000;
const FAILURE_LINES = 30;

function port(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
	throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}

/** Two n8n servers on one database would damage it. @throws when the data folder is in use */
async function lockDataDir(): Promise<Close> {
	await mkdir(DATA_DIR, { recursive: true });
	const options = { lockfilePath: join(DATA_DIR, 'lock'), stale: LOCK_STALE_MS };
	return await lock(DATA_DIR, options).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'ELOCKED') throw error;
		throw new Error(`npm start is running already: it uses ${DATA_DIR}. End it first.`);
	});
}

async function checkPort(flag: string, number: number): Promise<void> {
	if (await isFree(number)) return;
	throw new Error(`Port ${number} is taken. Choose another: npm start -- ${flag} <number>`);
}

/** Without it, n8n uses the time zone of New York. */
function timeZone(): Record<string, string> {
	const { timeZone: ours } = Intl.DateTimeFormat().resolvedOptions();
	return { TZ: ours, GENERIC_TIMEZONE: process.env.GENERIC_TIMEZONE ?? ours };
}

/** Starts everything, prints where it is, and resolves when n8n has ended. */
async function run(options: Options, signal: AbortSignal, opened: Close[]): Promise<void> {
	const { port: n8nPort, sandboxPort, watch } = options;
	opened.push(await lockDataDir());
	await checkPort('--port', n8nPort);
	await checkPort('--sandbox-port', sandboxPort);
	const install = await installN8n(DEFAULT_VERSION, signal);

	const sandboxLog = createWriteStream(join(DATA_DIR, 'sandbox.log'));
	const log = (line: string) => void sandboxLog.write(`${line}\n`);
	const keepIn = join(DATA_DIR, 'payments.json');
	const sandbox = await startSandbox({ port: sandboxPort, log, keepIn });
	opened.push(sandbox.close);

	const n8nLog = createWriteStream(join(DATA_DIR, 'n8n.log'));
	const packageSource = await packPackage();
	const n8n = await withProgress(
		'Starting n8n',
		async () =>
			await startN8n(install, {
				userFolder: DATA_DIR,
				port: n8nPort,
				packageSource,
				// n8n then reloads nodes and credentials when their files change.
				env: { ...timeZone(), ...(watch && { N8N_DEV_RELOAD: 'true' }) },
				onLog: (line) => void n8nLog.write(`${line}\n`),
				signal,
			}),
	);
	opened.push(n8n.stop);
	const addresses = { apiBaseUrl: sandbox.apiBaseUrl, webhookUrl: n8n.webhookUrl };
	const demo = await provision(n8nClient(n8n.url), join(DATA_DIR, 'setup.json'), addresses);
	signal.throwIfAborted();
	console.log(summary(n8n.url, sandbox, demo, relative(ROOT, DATA_DIR)));
	if (watch) opened.push(rebuildOnChange());

	await Promise.race([n8n.exited, once(signal, 'abort')]);
	if (signal.aborted) return;
	throw new Error(`n8n stopped unexpectedly. The end of its log:\n${n8n.logs(FAILURE_LINES)}`);
}

/** Lets gulp rebuild the package on each change, into the folder from which this n8n loads it. */
function rebuildOnChange(): Close {
	const gulp = join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	const env = { ...process.env, COPY_TO: join(packageFolder(DATA_DIR), 'dist') };
	console.log('Watching the sources: what you change is built, and loaded by n8n.\n');
	const options = { cwd: ROOT, env, onLine: (line: string) => console.log(line) };
	return startProcess(process.execPath, [gulp, 'watch'], options).kill;
}

async function main(): Promise<void> {
	const command = new Command('npm start --')
		.description('Runs n8n with this package, a Konnect sandbox and the example workflows.')
		.option('--port <number>', "n8n's port", port, 5678)
		.option('--sandbox-port <number>', "the sandbox's port", port, 4010)
		.option('--watch', 'build the package anew whenever it changes, for n8n to load', false)
		.parse();
	const signal = stopSignal();
	const opened: Close[] = [];
	signal.addEventListener('abort', () => console.log('\nStopping …'));
	try {
		await run(command.opts<Options>(), signal, opened);
	} catch (error) {
		if (!signal.aborted) {
			console.error(`\n${error instanceof Error ? error.message : String(error)}`);
			process.exitCode = 1;
		}
	}
	for (const close of opened.reverse()) await close();
	process.exit();
}

void main();
