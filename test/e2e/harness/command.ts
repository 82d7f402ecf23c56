import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/** An npm command that runs until it is interrupted, as in a terminal, and what it has printed. */
export class RunningCommand {
	private readonly child: ChildProcess;

	/** Emits `change` when there is more output, or the command has ended. */
	private readonly news = new EventEmitter();

	output = '';

	/**
	 * @param args the arguments of npm
	 * @param cwd the checkout
	 * @param env variables besides those of the tests
	 */
	constructor(args: string[], cwd: string, env: Record<string, string> = {}) {
		this.child = spawn('npm', args, { cwd, env: { ...process.env, ...env }, detached: true });
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.on('data', (text) => {
				this.output += String(text);
				this.news.emit('change');
			});
		}
		this.child.once('exit', () => this.news.emit('change'));
	}

	/** Waits for a text, and gives what its first group holds, or all of it. */
	async printed(text: RegExp): Promise<string> {
		for (;;) {
			const match = text.exec(this.output);
			if (match) return match[1] ?? match[0];
			this.mustRun();
			await once(this.news, 'change');
		}
	}

	/** Waits for something that the command brings about without printing anything. */
	async until(isSo: () => Promise<boolean>): Promise<void> {
		while (!(await isSo())) {
			this.mustRun();
			await sleep(POLL_MS);
		}
	}

	/** Ctrl-C: the terminal sends the signal to every process of the command. */
	async interrupt(): Promise<void> {
		if (this.hasEnded) return;
		const ended = once(this.child, 'close');
		process.kill(-this.child.pid!, 'SIGINT');
		await ended;
	}

	private get hasEnded(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	private mustRun(): void {
		if (this.hasEnded) throw new Error(`The command ended:\n${this.output}`);
	}
}
