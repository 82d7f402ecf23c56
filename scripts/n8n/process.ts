import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { poll } from './poll';

const KEPT_LINES = 5000;
const FAILURE_LINES = 40;
const STOP_TIMEOUT_MS = 40_000;
const READY_TIMEOUT_MS = 180_000;
const PARENT_POLL_MS = 1000;

export interface ProcessOptions {
	cwd: string;
	env?: NodeJS.ProcessEnv;
	onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
	/** Ends the process and its children when it is aborted. */
	signal?: AbortSignal;
}

export interface RunningProcess {
	readonly pid: number;
	/**
	 * Resolves, never rejects, when the process has ended and its output was read: with its exit code, or null when it could not
	 * start or was ended by a signal.
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

/** The groups of all processes that run. They end with this process, before its temporary folders are removed. */
const groups = new Set<number>();
process.prependOnceListener('exit', () => groups.forEach(killGroup));

/** Starts a process as the leader of a group, so that its children can be ended with it, even after it crashed. */
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
	const { pid = 0 } = child;
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

	const end = () => killGroup(pid);
	groups.add(pid);
	signal?.addEventListener('abort', end);
	let ended = false;
	const exited = new Promise<number | null>((resolve) => {
		child.once('error', (error) => {
			keep(error.message);
			if (pid === 0) resolve(null);
		});
		// Children that outlive a crashed leader hold its pipes open, and 'close' waits for them.
		child.once('exit', end).once('close', resolve);
	}).finally(() => {
		ended = true;
		groups.delete(pid);
		signal?.removeEventListener('abort', end);
	});

	return {
		pid,
		exited,
		hasExited: () => ended,
		tail: (count = KEPT_LINES) => lines.slice(-count).join('\n'),
		stop: async (signal = 'SIGTERM') => {
			const timer = setTimeout(end, STOP_TIMEOUT_MS);
			child.kill(signal);
			await exited;
			clearTimeout(timer);
		},
		kill: async () => {
			end();
			await exited;
		},
	};
}

function killGroup(pid: number): void {
	// 0 stands for a process that did not start. As a group id, it would mean our own group.
	if (pid === 0) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// No process of the group is left.
	}
}

/**
 * Resolves when a server that was started is ready.
 *
 * @throws with the end of its log when it ends first or takes too long; then the server is ended
 */
export async function untilReady(
	child: RunningProcess,
	isReady: () => boolean | Promise<boolean>,
	signal?: AbortSignal,
): Promise<void> {
	const failure = (what: string) => `${what}. The end of its log:\n${child.tail(FAILURE_LINES)}`;
	const look = async () => {
		signal?.throwIfAborted();
		const found = await isReady();
		// Checked last: another program on the same port may have answered in place of a server that could not listen.
		if (child.hasExited()) throw new Error(failure('The server ended while it was starting'));
		return found || undefined;
	};
	try {
		await poll(look, READY_TIMEOUT_MS, () => failure('The server was not ready in time'));
	} catch (error) {
		await child.kill();
		throw error;
	}
}

/**
 * A signal that is aborted when this process is asked to end: by Ctrl-C, by SIGTERM, by closing the terminal, or by ending
 * `npm start`, which tells its shell but not what the shell runs.
 */
export function stopSignal(): AbortSignal {
	const controller = new AbortController();
	const stop = () => controller.abort();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && stop(), PARENT_POLL_MS).unref();
	return controller.signal;
}
