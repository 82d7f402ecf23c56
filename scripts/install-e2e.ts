import { aptInstall, canInstall } from './apt';
import { stopSignal } from './demo/stop';
import { findChromium } from './n8n/chromium';
import { installN8n, isInstalled, VERSIONS } from './n8n/install';
import { duration, withProgress } from './n8n/progress';
import { hasReviewTools, installReviewTools } from './review/install';
import { hasServices, installServices } from './services/install';

const HOW_TO =
	'The end-to-end tests need Chromium or Chrome. Install it (Debian and Ubuntu: apt-get install chromium; ' +
	'others: https://www.google.com/chrome), or say where it is in CHROMIUM_PATH, and run this again.';

async function installChromium(signal: AbortSignal): Promise<void> {
	if (!canInstall()) throw new Error(HOW_TO);
	await withProgress(
		'Installing Chromium with apt-get',
		async (progress) => await aptInstall(['chromium'], HOW_TO, progress, signal),
	);
	if (!findChromium()) throw new Error(HOW_TO);
}

async function main(): Promise<void> {
	const signal = stopSignal();
	const started = Date.now();
	try {
		if (!findChromium()) await installChromium(signal);
		if (!hasServices()) {
			await withProgress(
				'Installing PostgreSQL, Redis and nginx with apt-get',
				async (progress) => await installServices(progress, signal),
			);
		}
		for (const version of VERSIONS.filter((known) => !isInstalled(known))) {
			await withProgress(
				`Installing n8n ${version}, once: about five minutes`,
				async (progress) => await installN8n(version, { progress, signal }),
			);
		}
		if (!hasReviewTools()) {
			await withProgress(
				"Installing n8n's linter and scanner, once: about two minutes",
				async (progress) => await installReviewTools({ progress, signal }),
			);
		}
	} catch (error) {
		console.error(`\n${error instanceof Error ? error.message : String(error)}`);
		process.exit(1);
	}
	console.log(`All that the end-to-end tests need is there (${duration(Date.now() - started)}).`);
	process.exit();
}

void main();
