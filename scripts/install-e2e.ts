import { existsSync } from 'node:fs';
import { stopSignal } from './demo/stop';
import { findChromium } from './n8n/chromium';
import { DEFAULT_VERSION, installN8n, isInstalled } from './n8n/install';
import { startProcess } from './n8n/process';
import { withProgress } from './n8n/progress';

const HOW_TO =
	'The end-to-end tests need Chromium or Chrome. Install it (Debian and Ubuntu: apt-get install chromium; ' +
	'others: https://www.google.com/chrome), or say where it is in CHROMIUM_PATH, and run this again.';

async function installChromium(signal: AbortSignal): Promise<void> {
	const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
	if (!canInstall) throw new Error(HOW_TO);
	await withProgress('Installing Chromium with apt-get', async (progress) => {
		await apt(['update'], progress, signal);
		await apt(['install', '--yes', '--no-install-recommends', 'chromium'], progress, signal);
	});
	if (!findChromium()) throw new Error(HOW_TO);
}

async function apt(args: string[], progress: (line: string) => void, signal: AbortSignal) {
	const child = startProcess('apt-get', args, {
		cwd: '/',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		onLine: progress,
	});
	const interrupt = () => void child.kill();
	signal.addEventListener('abort', interrupt);
	const code = await child.exited;
	signal.removeEventListener('abort', interrupt);
	signal.throwIfAborted();
	if (code !== 0) throw new Error(`apt-get ${args[0]} failed:\n${child.tail(15)}\n\n${HOW_TO}`);
}

async function main(): Promise<void> {
	const signal = stopSignal();
	try {
		if (!findChromium()) await installChromium(signal);
		if (!isInstalled()) {
			await withProgress(
				`Installing n8n ${DEFAULT_VERSION}, once: about five minutes`,
				async (progress) => await installN8n(DEFAULT_VERSION, { progress, signal }),
			);
		}
	} catch (error) {
		console.error(`\n${error instanceof Error ? error.message : String(error)}`);
		process.exit(1);
	}
	process.exit();
}

void main();
