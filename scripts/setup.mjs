// Installs the development tools where they are missing or old. It runs before anything is installed, so it is plain Node. Every npm
// script that needs the tools calls it, because .npmrc's ignore-scripts also switches off pre- and post-scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const OLDEST_NODE = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
	console.error(
		`This project needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`,
	);
	process.exit(1);
}

const packagesOf = (file) =>
	existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};

/**
 * Compares what npm says it installed with what the lock file asks for. npm writes its own list last, so an installation that was
 * interrupted has none. Packages for other platforms stay out of node_modules.
 */
function isUpToDate() {
	const installed = packagesOf('node_modules/.package-lock.json');
	return Object.entries(packagesOf('package-lock.json')).every(
		([path, { version, optional, devOptional }]) =>
			path === '' ||
			(installed[path] ? installed[path].version === version : optional || devOptional),
	);
}

if (!isUpToDate()) {
	console.log('Installing the development tools …');
	// Not `npm ci`: it refuses a lock file written where the packages for some other platform were out
	// of reach. This keeps to the lock file just as well, and leaves it alone.
	const args = ['install', '--no-save', '--include=dev', '--loglevel=error'];
	const { status } = spawnSync('npm', args, {
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	process.exitCode = status ?? 1;
}
