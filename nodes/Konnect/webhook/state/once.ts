import type { Deadline } from '../../api/clock';

/** The right to do a thing that must be done once. */
export interface Claim {
	/** It is done. */
	commit(): void;
	/** It was not done, or came to nothing after all: another call may do it. */
	release(): void;
}

/** Remembers whether a thing was done. */
export interface Ledger {
	isDone(): boolean;
	note(): void;
	/** Takes a note back. */
	erase(): void;
}

/**
 * Things that must be done once. A key has one holder at a time. No timer takes a claim away, because n8n may hold an answer for
 * minutes. Only calls for the very same thing wait for it.
 */
export class Once {
	private readonly held = new Map<string, Promise<void>>();

	isHeld = (key: string) => this.held.has(key);

	/**
	 * Claims a thing. If another call holds it, this one waits for the end of that, because it must do what that one could not.
	 *
	 * @returns `done` where there is nothing to do, `busy` where the deadline came first
	 */
	async claim(key: string, deadline: Deadline, ledger: Ledger): Promise<Claim | 'done' | 'busy'> {
		for (;;) {
			// Before the lock, so that a call with nothing to do never makes another one wait.
			if (ledger.isDone()) return 'done';
			const other = this.held.get(key);
			if (!other) return this.hold(key, ledger);
			if (deadline.isOver) return 'busy';
			await Promise.race([other, deadline.whenOver()]);
		}
	}

	private hold(key: string, ledger: Ledger): Claim {
		let free = () => {};
		const held = new Promise<void>((resolve) => {
			free = resolve;
		});
		this.held.set(key, held);
		let state: 'open' | 'committed' | 'released' = 'open';
		const close = (next: 'committed' | 'released') => {
			state = next;
			if (this.held.get(key) === held) this.held.delete(key);
			free();
		};
		return {
			commit: () => {
				if (state !== 'open') return;
				ledger.note();
				close('committed');
			},
			release: () => {
				if (state === 'committed') ledger.erase();
				close('released');
			},
		};
	}
}
