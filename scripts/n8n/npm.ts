import { delimiter, dirname } from 'node:path';
import { startProcess } from './process';

const SHOWN_LINES = 25;

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
 *
 * @throws with the end of npm's output
 */
export async function npm(
	args: string[],
	{ cwd, node = process.execPath, env, onLine, signal }: NpmOptions,
): Promise<string> {
	// `npm run` says where npm's own script is.
	const script = process.env.npm_execpath;
	const [command, before] = script?.endsWith('npm-cli.js') ? [node, [script]] : ['npm', []];
	const stdout: string[] = [];
	const child = startProcess(command, [...before, ...args], {
		cwd,
		signal,
		env: { ...environmentFor(node), ...env },
		onLine: (line, stream) => {
			if (stream === 'stdout') stdout.push(line);
			onLine?.(line);
		},
	});
	const code = await child.exited;
	signal?.throwIfAborted();
	if (code === 0) return stdout.join('\n');
	const said = child.tail().split('\n');
	const lines = said.filter((line) => !line.startsWith('npm http')).slice(-SHOWN_LINES);
	throw new Error([`npm ${args[0]} failed:`, ...lines].join('\n'));
}

/**
 * The environment without the variables that `npm run` added for this package: a second npm would take them for its own settings.
 * `node` comes first on PATH, where install scripts look for it.
 */
function environmentFor(node: string): NodeJS.ProcessEnv {
	const ours =
		/^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|ignore_scripts))|NODE_ENV$|NODE_OPTIONS$)/;
	const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
	const path = [dirname(node), process.env.PATH].join(delimiter);
	return { ...Object.fromEntries(kept), PATH: path };
}
