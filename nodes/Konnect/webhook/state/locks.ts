import type { Deadline } from '../../api/clock';

/**
 * Lets one call at a time at each thing. A lock lives as long as its holder needs it: no timer takes it away, because n8n may
 * hold an answer for minutes, and nothing else waits for it than calls for the very same thing.
 */
export class Locks {
	private readonly held = new Map<string, Promise<void>>();

	/**
	 * Takes a thing as soon as nobody else holds it, if there is still something to do: who has nothing to do never holds it, not
	 * even for the moment of finding out, in which another's time may be up.
	 *
	 * @param deadline when the call can wait no longer
	 * @param isDone whether there is nothing to do
	 * @returns what frees it; `repeat` where there is nothing to do, `busy` where patience ran out
	 */
	async take(
		key: string,
		deadline: Deadline,
		isDone: () => boolean,
	): Promise<(() => void) | 'repeat' | 'busy'> {
		for (;;) {
			if (isDone()) return 'repeat';
			const other = this.held.get(key);
			if (!other) return this.hold(key);
			if (deadline.isOver) return 'busy';
			await Promise.race([other, deadline.whenOver()]);
		}
	}

	private hold(key: string): () => void {
		let end: () => void = () => {};
		this.held.set(
			key,
			new Promise((resolve) => {
				end = resolve;
			}),
		);
		return () => {
			this.held.delete(key);
			end();
		};
	}
}

/** The right to do a thing that must be done once. Ends with `commit` or `release`; what comes after the first does nothing. */
export interface Claim {
	isOpen(): boolean;
	/** It is done. */
	commit(): void;
	/** It was not done: another call may do it. */
	release(): void;
	/** What static data are to remember once it is done; absent where nothing lasts. */
	record?(): string;
}

/** @param acts what committing and releasing do; `free` comes after either */
export function claimOn(acts: { commit(): void; release(): void }, free: () => void): Claim {
	let isOpen = true;
	const close = (act: () => void) => () => {
		if (!isOpen) return;
		isOpen = false;
		act();
		free();
	};
	return { isOpen: () => isOpen, commit: close(acts.commit), release: close(acts.release) };
}
