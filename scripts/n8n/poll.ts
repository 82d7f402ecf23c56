import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const PAUSE_MS = 100;

/**
 * Calls `look` until it gives something other than undefined.
 *
 * @param within milliseconds after which it gives up
 * @throws with the message of `late` when it gives up
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
