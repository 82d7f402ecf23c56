import { Listr } from 'listr2';

const TERMINAL_INTERVAL_MS = 1000;
const LOG_INTERVAL_MS = 20_000;

/**
 * Runs something slow while showing its latest report and the time it has taken: a moving line on a
 * terminal, elsewhere (the log of a build machine) a line every 20 seconds, to show that it lives.
 */
export async function withProgress<T>(
	title: string,
	work: (report: (line: string) => void) => Promise<T>,
): Promise<T> {
	const terminal = process.stdout.isTTY && process.stdout.columns > 0;
	const started = Date.now();
	let latest = '';
	let result: { value: T } | undefined;
	let failure: unknown;
	const list = new Listr(
		{
			title,
			task: async (_context, task) => {
				const show = () => {
					if (latest) task.output = `${latest} · ${duration(Date.now() - started)}`;
				};
				const timer = setInterval(show, terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
				try {
					result = {
						value: await work((line) => {
							const isFirst = latest === '';
							latest = line;
							if (isFirst) show();
						}),
					};
				} catch (error) {
					// The caller tells the whole of it; the list shows only that this step failed.
					failure = error;
					throw new Error('see below');
				} finally {
					clearInterval(timer);
				}
			},
		},
		// Ctrl-C is the caller's: it has more to end than a task list knows of.
		{ registerSignalListeners: false, renderer: terminal ? 'default' : 'simple' },
	);
	await list.run().catch((error: unknown) => {
		throw failure ?? error;
	});
	if (!result) throw new Error(`${title} ended without a result`);
	return result.value;
}

/** Minutes and seconds. */
export function duration(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
