import { existsSync } from 'node:fs';
import { startProcess } from './n8n/process';

/** Whether this is a Debian, or a child of it, on which we may install. */
export const canInstall = () => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/**
 * Installs Debian packages.
 *
 * @param howTo what the person at the keyboard can do instead, for the error
 */
export async function aptInstall(
	packages: string[],
	howTo: string,
	progress: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	await apt(['update'], howTo, progress, signal);
	const install = ['install', '--yes', '--no-install-recommends', ...packages];
	await apt(install, howTo, progress, signal);
}

async function apt(
	args: string[],
	howTo: string,
	progress: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const child = startProcess('apt-get', args, {
		cwd: '/',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		onLine: progress,
	});
	const interrupt = () => void child.kill();
	signal.addEventListener('abort', interrupt);
	const code = await child.exited;
	signal.removeEventListener('abort', interrupt);
	signal.throwIfAborted();
	if (code !== 0) throw new Error(`apt-get ${args[0]} failed:\n${child.tail(15)}\n\n${howTo}`);
}
