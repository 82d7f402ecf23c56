import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { installN8n, installScanner, VERSIONS } from './n8n/install';
import { stopSignal } from './n8n/process';
import { missingPrograms } from './services/programs';

const ON_MACOS =
	'brew install postgresql redis nginx, and Chrome from https://www.google.com/chrome';

/** Debian runs this script before it starts a service; 101 means that it must not. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs the browser and the servers that the end-to-end tests lack. None is left running: the tests start their own. */
function installPrograms(): void {
	const packages = missingPrograms();
	if (packages.length === 0) return;
	const install = ['install', '--yes', '--no-install-recommends', ...packages];
	if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
		throw new Error(
			`Install what is missing and run this again (Debian: apt-get ${install.join(' ')}; macOS: ${ON_MACOS}).`,
		);
	}
	const hasPolicy = existsSync(POLICY);
	if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	try {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		for (const args of [['update'], install]) {
			execFileSync('apt-get', args, { env, stdio: 'inherit' });
		}
	} finally {
		if (!hasPolicy) rmSync(POLICY);
	}
}

async function main(): Promise<void> {
	installPrograms();
	const signal = stopSignal();
	for (const version of VERSIONS) await installN8n(version, signal);
	await installScanner(signal);
	process.exit();
}

main().catch((error: Error) => {
	console.error(`\n${error.message}`);
	process.exit(1);
});
