import { delimiter, dirname } from 'node:path';
import { startProcess } from './process';

const SHOWN_LINES = 25;

/** Known ways for npm to fail, and what the person at the keyboard can do about each. */
const FAILURES: Array<{ pattern: RegExp; advice: string }> = [
	{
		pattern: /ENOSPC|no space left on device/i,
		advice:
			'The disk is full. n8n needs about 3 GB in the cache folder; free some and run this again.',
	},
	{
		pattern:
			/not found: (make|gcc|g\+\+|cc)|gyp ERR! find Python|Could not find any Python|gyp ERR! find VS/i,
		advice:
			'The database driver had to be compiled and the compiler is missing. Install python3, make and g++ ' +
			'(Debian and Ubuntu: apt-get install python3 make g++; macOS: xcode-select --install) and run this again.',
	},
	{
		pattern: /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network request/i,
		advice:
			'npm could not reach its registry. Check the network connection, or the proxy and registry ' +
			'settings of npm (npm config list), and run this again.',
	},
	{
		pattern: /code (E404|ETARGET)/,
		advice: 'The npm registry in use does not have one of the packages that n8n needs.',
	},
	{ pattern: /EACCES|EPERM/, advice: 'The cache folder is not writable for this user.' },
];

export interface NpmOptions {
	/** The folder npm works in. */
	cwd: string;
	/** The Node binary that runs npm and the install scripts it starts. */
	node?: string;
	env?: Record<string, string>;
	/** Called with every line npm writes. */
	onLine?: (line: string) => void;
	/** Stops npm when aborted. */
	signal?: AbortSignal;
}

/**
 * Runs npm and resolves with what it wrote to standard output.
 * Rejects with advice for the failures people meet, followed by the end of npm's own output.
 */
export async function npm(args: string[], options: NpmOptions): Promise<string> {
	const node = options.node ?? process.execPath;
	const [command, ...rest] = [...npmCommand(node), ...args] as [string, ...string[]];
	const stdout: string[] = [];
	const { cwd, signal } = options;
	const child = startProcess(command, rest, {
		cwd,
		signal,
		env: { ...npmEnvironment(node), ...options.env },
		onLine: (line, stream) => {
			if (stream === 'stdout') stdout.push(line);
			options.onLine?.(line);
		},
	});
	const code = await child.exited;
	signal?.throwIfAborted();
	if (code !== 0) throw new Error(explain(args, child.tail()));
	return stdout.join('\n');
}

/** `npm run` says where npm's own script is; running that with `node` spares the search on PATH. */
function npmCommand(node: string): string[] {
	const script = process.env.npm_execpath;
	return script?.endsWith('npm-cli.js') ? [node, script] : ['npm'];
}

/**
 * The environment without what `npm run` added for this package, which a second npm would take for
 * its own settings, and with `node` first on PATH, where install scripts look for it.
 */
function npmEnvironment(node: string): NodeJS.ProcessEnv {
	const ours =
		/^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|ignore_scripts))/;
	const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
	const env: NodeJS.ProcessEnv = Object.fromEntries(kept);
	env.PATH = [dirname(node), process.env.PATH].join(delimiter);
	delete env.NODE_ENV;
	delete env.NODE_OPTIONS;
	return env;
}

function explain(args: string[], output: string): string {
	const advice = FAILURES.find(({ pattern }) => pattern.test(output))?.advice;
	const lines = output.split('\n').filter((line) => !line.startsWith('npm http'));
	return [advice ?? 'npm failed.', `npm ${args[0]} said:`, ...lines.slice(-SHOWN_LINES)].join('\n');
}
