import { startProcess, type RunningProcess } from '../n8n/process';

const READY_TIMEOUT_MS = 60_000;
const FAILURE_LINES = 20;

/**
 * Starts a server and resolves when it has written the line that says it is ready.
 *
 * @throws with the end of its log when it ends first or takes too long
 */
export async function startService(
	[command, ...args]: [string, ...string[]],
	cwd: string,
	ready: RegExp,
): Promise<RunningProcess> {
	let becomeReady = () => {};
	const isReady = new Promise<'ready'>((resolve) => {
		becomeReady = () => resolve('ready');
	});
	const child = startProcess(command, args, {
		cwd,
		env: { ...process.env, LC_ALL: 'C' },
		onLine: (line) => ready.test(line) && becomeReady(),
	});
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<'late'>((resolve) => {
		timer = setTimeout(() => resolve('late'), READY_TIMEOUT_MS);
	});
	const outcome = await Promise.race([isReady, child.exited.then(() => 'ended'), tooLate]);
	clearTimeout(timer);
	if (outcome === 'ready') return child;
	await child.kill();
	throw new Error(`${command} was not ready (${outcome}):\n${child.tail(FAILURE_LINES)}`);
}
