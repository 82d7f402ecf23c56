import { clearLine, cursorTo } from 'node:readline';

const TERMINAL_INTERVAL_MS = 1000;
const LOG_INTERVAL_MS = 20_000;

/**
 * Runs something slow, and shows its latest report and the time it has taken. On a terminal, one line keeps changing. Elsewhere,
 * such as in the log of a build machine, a new line appears every 20 seconds.
 */
export async function withProgress<T>(
	title: string,
	work: (report: (line: string) => void) => Promise<T>,
): Promise<T> {
	const { stdout } = process;
	const isTerminal = stdout.isTTY && stdout.columns > 0;
	const started = Date.now();
	let latest = '';
	const clear = () => {
		if (!isTerminal) return;
		cursorTo(stdout, 0);
		clearLine(stdout, 0);
	};
	const show = () => {
		const line = `  ${[latest, duration(Date.now() - started)].filter(Boolean).join(' · ')}`;
		clear();
		stdout.write(isTerminal ? line.slice(0, stdout.columns - 1) : `${line}\n`);
	};
	console.log(`${title} …`);
	const timer = setInterval(show, isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
	try {
		return await work((line) => void (latest = line));
	} finally {
		clearInterval(timer);
		clear();
	}
}

/** Minutes and seconds. */
function duration(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
