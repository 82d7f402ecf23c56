const PARENT_POLL_MS = 1000;

/**
 * A signal that is aborted when this process is asked to end: by Ctrl-C, by SIGTERM, by closing the
 * terminal, or by ending `npm start`, which tells its shell but not what the shell runs.
 */
export function stopSignal(): AbortSignal {
	const controller = new AbortController();
	const stop = () => controller.abort();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
	const parent = process.ppid;
	const timer = setInterval(() => process.ppid !== parent && stop(), PARENT_POLL_MS);
	timer.unref();
	return controller.signal;
}
