import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startSandbox } from '../sandbox/index';
import { buildIfStale } from './demo/build';
import { claimDataDir } from './demo/claim';
import { DATA_DIR } from './demo/paths';
import { addressOf, checkPorts, type Ports } from './demo/ports';
import { provision } from './demo/provision';
import { stopSignal } from './demo/stop';
import { summary } from './demo/summary';
import { rebuildOnChange, RELOADS } from './demo/watch';
import { DEFAULT_VERSION, installN8n, isInstalled, type N8nInstall } from './n8n/install';
import { packPackage } from './n8n/pack';
import { withProgress } from './n8n/progress';
import { n8nClient } from './n8n/rest';
import { startN8n } from './n8n/server';

interface Options extends Ports {
	watch: boolean;
}

interface Closable {
	close(): Promise<void>;
}

const FAILURE_LINES = 30;

function port(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
	throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}

async function findN8n(signal: AbortSignal): Promise<N8nInstall> {
	if (isInstalled()) return await installN8n(DEFAULT_VERSION, { progress: console.log, signal });
	const title = `Installing n8n ${DEFAULT_VERSION}, once: about five minutes`;
	return await withProgress(
		title,
		async (progress) => await installN8n(DEFAULT_VERSION, { progress, signal }),
	);
}

/** n8n takes the world to be in New York unless it is told otherwise. */
function timeZone(): Record<string, string> {
	const { timeZone: ours } = Intl.DateTimeFormat().resolvedOptions();
	return { TZ: ours, GENERIC_TIMEZONE: process.env.GENERIC_TIMEZONE ?? ours };
}

/** Starts everything, prints where it is, and resolves when n8n has ended. */
async function run(options: Options, signal: AbortSignal, opened: Closable[]): Promise<void> {
	const { port: n8nPort, sandboxPort, watch } = options;
	await mkdir(DATA_DIR, { recursive: true });
	const addresses = { editor: addressOf(n8nPort), sandbox: addressOf(sandboxPort) };
	opened.push(await claimDataDir(addresses));
	await checkPorts(options, watch ? 'npm run dev' : 'npm start');
	await buildIfStale(signal);
	const install = await findN8n(signal);

	const sandboxLog = createWriteStream(join(DATA_DIR, 'sandbox.log'));
	const log = (line: string) => void sandboxLog.write(`${line}\n`);
	const keepIn = join(DATA_DIR, 'payments.json');
	const sandbox = await startSandbox({ port: sandboxPort, log, keepIn });
	opened.push(sandbox);

	const n8n = await withProgress('Starting n8n', async () => {
		const n8nLog = createWriteStream(join(DATA_DIR, 'n8n.log'));
		return await startN8n(install, {
			userFolder: DATA_DIR,
			port: n8nPort,
			packageSource: await packPackage(),
			env: { ...timeZone(), ...(watch && RELOADS) },
			onLog: (line) => void n8nLog.write(`${line}\n`),
			signal,
		});
	});
	opened.push({ close: async () => await n8n.stop() });
	const { apiBaseUrl } = sandbox;
	const demo = await provision(n8nClient(n8n.url), { apiBaseUrl, webhookUrl: n8n.webhookUrl });
	signal.throwIfAborted();
	console.log(summary(n8n.url, sandbox, demo));
	if (watch) opened.push(await startWatching());

	await Promise.race([n8n.exited, once(signal, 'abort')]);
	if (signal.aborted) return;
	throw new Error(
		`n8n has ended by itself. The end of its log (${join(DATA_DIR, 'n8n.log')}):\n${n8n.logs(FAILURE_LINES)}`,
	);
}

async function startWatching(): Promise<Closable> {
	const watching = await rebuildOnChange(DATA_DIR);
	console.log('Watching the sources: what you change is built, and loaded by n8n.\n');
	return watching;
}

async function main(): Promise<void> {
	const command = new Command('npm start --')
		.description('Runs n8n with this package, a Konnect sandbox and the example workflows.')
		.option('--port <number>', "n8n's port", port, 5678)
		.option('--sandbox-port <number>', "the sandbox's port", port, 4010)
		.option('--watch', 'build the package anew whenever it changes, for n8n to load', false)
		.parse();
	const signal = stopSignal();
	const opened: Closable[] = [];
	signal.addEventListener('abort', () => console.log('\nStopping …'));
	try {
		await run(command.opts<Options>(), signal, opened);
	} catch (error) {
		if (!signal.aborted) {
			console.error(`\n${error instanceof Error ? error.message : String(error)}`);
			process.exitCode = 1;
		}
	}
	for (const part of opened.reverse()) await part.close();
	process.exit();
}

void main();
