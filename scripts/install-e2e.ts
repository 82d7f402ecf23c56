import { aptInstall, canInstall } from './apt';
import { stopSignal } from './demo/stop';
import { findChromium } from './n8n/chromium';
import { DEFAULT_VERSION, installN8n, isInstalled } from './n8n/install';
import { withProgress } from './n8n/progress';
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
	try {
		if (!findChromium()) await installChromium(signal);
		if (!hasServices()) {
			await withProgress(
				'Installing PostgreSQL and Redis with apt-get',
				async (progress) => await installServices(progress, signal),
			);
		}
		if (!isInstalled()) {
			await withProgress(
				`Installing n8n ${DEFAULT_VERSION}, once: about five minutes`,
				async (progress) => await installN8n(DEFAULT_VERSION, { progress, signal }),
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
	process.exit();
}

void main();
