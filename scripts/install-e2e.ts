import { stopSignal } from './demo/stop';
import { installN8n, isInstalled, VERSIONS } from './n8n/install';
import { duration, withProgress } from './n8n/progress';
import { hasScanner, installScanner } from './review/install';
import { installPrograms, missingPrograms } from './services/install';

async function main(): Promise<void> {
	const signal = stopSignal();
	const started = Date.now();
	const missing = missingPrograms();
	try {
		if (missing.length > 0) {
			await withProgress(
				`Installing ${missing.join(', ')} with apt-get`,
				async (progress) => await installPrograms(progress, signal),
			);
		}
		for (const version of VERSIONS.filter((known) => !isInstalled(known))) {
			await withProgress(
				`Installing n8n ${version}, once: about five minutes`,
				async (progress) => await installN8n(version, { progress, signal }),
			);
		}
		if (!hasScanner()) {
			await withProgress(
				"Installing n8n's scanner of packages, once: about a minute",
				async (progress) => await installScanner({ progress, signal }),
			);
		}
	} catch (error) {
		console.error(`\n${error instanceof Error ? error.message : String(error)}`);
		process.exit(1);
	}
	console.log(
		`Everything that the end-to-end tests need is installed (${duration(Date.now() - started)}).`,
	);
	process.exit();
}

void main();
