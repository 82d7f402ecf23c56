import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atExit } from './atExit';

const KEPT_LINES = 5000;
const STOP_TIMEOUT_MS = 40_000;

export interface ProcessOptions {
	cwd: string;
	env: NodeJS.ProcessEnv;
	onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
	/** Ends the process and its children when it is aborted. */
	signal?: AbortSignal;
}

export interface RunningProcess {
	readonly pid: number;
	/**
	 * Resolves, never rejects, when the process has ended and all it wrote was read: with its exit
	 * code, or null when it could not start or was ended by a signal.
	 */
	readonly exited: Promise<number | null>;
	hasExited(): boolean;
	/** The last lines it wrote. */
	tail(lines?: number): string;
	/** Sends a signal, waits, and then ends whatever is left of the process and its children. */
	stop(signal?: NodeJS.Signals): Promise<void>;
	/** Ends the process and its children at once. */
	kill(): Promise<void>;
}

/**
 * Starts a process as the leader of a group of its own, so that the processes it starts can be
 * ended with it, even after it crashed. The group ends with this process too.
 */
export function startProcess(
	command: string,
	args: string[],
	{ cwd, env, onLine, signal }: ProcessOptions,
): RunningProcess {
	const child = spawn(command, args, {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const lines: string[] = [];
	const keep = (line: string) => {
		if (lines.push(line) > KEPT_LINES) lines.shift();
	};
	for (const name of ['stdout', 'stderr'] as const) {
		createInterface({ input: child[name] }).on('line', (line) => {
			keep(line);
			onLine?.(line, name);
		});
	}

	const killGroup = () => killLeftovers(child);
	const forget = atExit(killGroup);
	signal?.addEventListener('abort', killGroup);
	let ended = false;
	const exited = new Promise<number | null>((resolve) => {
		child.once('error', (error) => {
			keep(error.message);
			if (child.pid === undefined) resolve(null);
		});
		// Children that outlive a crashed leader hold its pipes open, and 'close' waits for them.
		child.once('exit', killGroup).once('close', resolve);
	}).finally(() => {
		ended = true;
		forget();
		signal?.removeEventListener('abort', killGroup);
	});

	return {
		pid: child.pid ?? 0,
		exited,
		hasExited: () => ended,
		tail: (count = KEPT_LINES) => lines.slice(-count).join('\n'),
		stop: async (signal = 'SIGTERM') => {
			const timer = setTimeout(killGroup, STOP_TIMEOUT_MS);
			child.kill(signal);
			await exited;
			clearTimeout(timer);
		},
		kill: async () => {
			killGroup();
			await exited;
		},
	};
}

function killLeftovers({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody of the group is left.
	}
}
