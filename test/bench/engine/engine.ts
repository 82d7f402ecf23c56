import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { atExit } from '../../../scripts/n8n/atExit';
import type { Job, Measured } from './worker';

/** n8n's engine in a process of its own, on the Node that n8n runs on, so that what it costs is told from what the sandbox does. */
export interface Engine {
	/** Runs a node once. @throws where not all items came out */
	run(job: Job): Promise<Measured>;
	stop(): void;
}

export async function startEngine(): Promise<Engine> {
	const { node, dir } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	const child = fork(join(__dirname, 'worker.ts'), [], {
		execPath: node,
		execArgv: ['--import', 'tsx', '--expose-gc'],
		env: {
			...process.env,
			NODE_OPTIONS: '',
			N8N_NODES_BASE: join(dir, 'node_modules', 'n8n-nodes-base'),
		},
	});
	const forget = atExit(() => child.kill('SIGKILL'));
	const ended = once(child, 'exit').then((): never => {
		throw new Error('The engine has ended');
	});
	// Whoever asks is told; nobody else needs to know.
	ended.catch(() => {});
	return {
		run: async (job) => await ask(child, job, ended),
		stop: () => {
			forget();
			child.kill('SIGKILL');
		},
	};
}

async function ask(child: ChildProcess, job: Job, ended: Promise<never>): Promise<Measured> {
	child.send(job);
	const [measured] = (await Promise.race([once(child, 'message'), ended])) as [Measured];
	if (measured.made !== job.items || measured.error) {
		throw new Error(`${JSON.stringify(job)} made ${measured.made} items: ${measured.error}`);
	}
	return measured;
}
