import { after } from './patience';

/** After this many milliseconds a hold ends by itself: n8n has lost the call. */
const LIFETIME = 5 * 60_000;

/** One call's turn at a thing that others want too. */
export interface Hold {
	/** The ends of the holds on other things that were there when this one began. */
	before: Array<Promise<void>>;
	ended: Promise<void>;
	/** What comes after the first time does nothing. */
	end(): void;
}

/** Lets one call at a time at each thing. */
export class Holds {
	private readonly open = new Map<string, Hold>();

	/** Waits until nobody holds a thing. */
	async free(key: string, impatient: Promise<'late'>): Promise<void> {
		await Promise.race([this.open.get(key)?.ended, impatient]);
	}

	/**
	 * Takes a thing as soon as nobody else holds it.
	 *
	 * @param isDone looked at each time that the thing is free
	 * @param impatient resolves when the call can wait no longer
	 * @returns `repeat` where the thing is done, `busy` where patience ran out
	 */
	async take(
		key: string,
		isDone: () => boolean,
		impatient: Promise<'late'>,
	): Promise<Hold | 'repeat' | 'busy'> {
		for (;;) {
			if (isDone()) return 'repeat';
			const other = this.open.get(key);
			if (!other) return this.begin(key);
			if ((await Promise.race([other.ended, impatient])) === 'late') return 'busy';
		}
	}

	private begin(key: string): Hold {
		let resolve: () => void = () => {};
		const ended = new Promise<void>((done) => {
			resolve = done;
		});
		const hold: Hold = {
			before: [...this.open.values()].map((other) => other.ended),
			ended,
			end: () => {
				if (this.open.get(key) === hold) this.open.delete(key);
				resolve();
			},
		};
		this.open.set(key, hold);
		void after(LIFETIME).then(hold.end);
		return hold;
	}
}

/** The right to do a thing that must be done once. Ends with `keep` or `giveBack`; what comes after the first does nothing. */
export interface Claim {
	/** It is done. */
	keep(): void;
	/** It was not done: another call may do it. */
	giveBack(): void;
}

/** @param done what follows from the thing being done */
export function claimOn(hold: Hold, done: () => void): Claim {
	let isOpen = true;
	const close = (act: () => void) => () => {
		if (isOpen) act();
		isOpen = false;
		hold.end();
	};
	return { keep: close(done), giveBack: close(() => {}) };
}

const MOST_DONE = 1000;

/** Things that must be done once each, such as the resuming of an execution. Remembers the last thousand. */
export class OnceOnly {
	private readonly done = new Set<string>();

	private readonly holds = new Holds();

	/**
	 * @param patience milliseconds
	 * @returns as `Holds.take`
	 */
	async claim(key: string, patience: number): Promise<Claim | 'repeat' | 'busy'> {
		const hold = await this.holds.take(key, () => this.done.has(key), after(patience));
		return typeof hold === 'string' ? hold : claimOn(hold, () => this.remember(key));
	}

	private remember(key: string): void {
		this.done.add(key);
		const [oldest] = this.done;
		if (this.done.size > MOST_DONE && oldest !== undefined) this.done.delete(oldest);
	}
}
