import { setTimeout as sleep } from 'node:timers/promises';

/** How often to look, in milliseconds, where nothing else is said. */
const PAUSE_MS = 100;

/**
 * Looks again and again, and gives what was found at last.
 *
 * @param look undefined: nothing yet
 * @param within milliseconds until the search is given up
 * @throws with what `late` says then
 */
export async function poll<T>(
	look: () => Promise<T | undefined>,
	within: number,
	late: () => string,
	pause = PAUSE_MS,
): Promise<T> {
	const deadline = Date.now() + within;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(late());
		await sleep(pause);
	}
}
