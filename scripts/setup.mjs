// Runs before anything is installed, so: plain Node, no dependency. Every npm script that needs the
// development tools calls it, because .npmrc's ignore-scripts also switches off pre- and post-scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
	console.error(
		`This project needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
			'Install a current one from https://nodejs.org and run the command again.',
	);
	process.exit(1);
}

function packagesOf(file) {
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/**
 * Compares what npm says it installed with what the lock file asks for. npm writes its own list
 * last, so an installation that was interrupted has none.
 */
function isUpToDate() {
	const wanted = packagesOf(join(root, 'package-lock.json'));
	const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
	if (!wanted || !installed) return false;
	return Object.entries(wanted).every(([path, entry]) => {
		if (path === '') return true;
		// Packages for other platforms stay out of node_modules.
		if (!installed[path]) return Boolean(entry.optional || entry.devOptional);
		return installed[path].version === entry.version;
	});
}

function install() {
	console.log('Installing the development tools …');
	const npm = process.env.npm_execpath;
	// Not `npm ci`: it refuses a lock file written where the packages for some other platform were out
	// of reach. This keeps to the lock file just as well, and leaves it alone.
	const args = ['install', '--no-save', '--include=dev', '--loglevel=error'];
	const isNpm = npm?.endsWith('npm-cli.js');
	const result = isNpm
		? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
		: spawnSync('npm', args, {
				cwd: root,
				stdio: 'inherit',
				shell: process.platform === 'win32',
			});
	if (result.status === 0) return;
	console.error(
		'\nThe development tools could not be installed; npm says why above. ' +
			'Most often the network is away or the disk is full.',
	);
	process.exit(result.status ?? 1);
}

checkNode();
if (!isUpToDate()) install();
