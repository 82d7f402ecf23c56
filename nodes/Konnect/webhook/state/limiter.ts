import type { Clock } from '../../api/clock';

const MINUTE = 60_000;

/** At most so many wait for a place at the same time. */
const MOST_WAITING = 500;

/** Gives a place back, as if it had never been taken. */
export type GiveBack = () => void;

interface Waiter {
	since: number;
	isWanted: () => boolean;
	resolve: (giveBack: GiveBack | undefined) => void;
}

/** Gives out so many places in any minute. */
export class Limiter {
	private times: number[] = [];

	/** In the order in which they go. */
	private waiting: Waiter[] = [];

	private isTimerSet = false;

	constructor(
		private readonly clock: Clock,
		private readonly most: number,
	) {}

	/**
	 * Waits for a place.
	 *
	 * @param isWanted whether a place is still of use
	 * @param since the time by which the waiting are ordered, the earliest first; milliseconds of the clock
	 * @returns undefined where a place is of no use any more, or too many others go first
	 */
	async wait(isWanted: () => boolean, since = this.clock.now()): Promise<GiveBack | undefined> {
		return await new Promise((resolve) => {
			const after = this.waiting.findIndex((other) => other.since > since);
			const place = after < 0 ? this.waiting.length : after;
			this.waiting.splice(place, 0, { since, isWanted, resolve });
			if (this.waiting.length > MOST_WAITING) this.makeRoom();
			this.serve();
		});
	}

	/** Gives out free places. A waiter that wants none any more leaves only as the first in line: its page may come again until then. */
	serve(): void {
		for (;;) {
			const [first] = this.waiting;
			if (!first) return;
			const isWanted = first.isWanted();
			const giveBack = isWanted ? this.take() : undefined;
			if (isWanted && !giveBack) return this.setTimer();
			this.waiting.shift();
			first.resolve(giveBack);
		}
	}

	/** Removes the waiters that want no place any more, then the end of the line. */
	private makeRoom(): void {
		const wanted = new Set(
			this.waiting.filter(({ isWanted }) => isWanted()).slice(0, MOST_WAITING),
		);
		for (const waiter of this.waiting) if (!wanted.has(waiter)) waiter.resolve(undefined);
		this.waiting = [...wanted];
	}

	private setTimer(): void {
		if (this.isTimerSet) return;
		this.isTimerSet = true;
		const [oldest = 0] = this.times;
		void this.clock.sleep(oldest + MINUTE - this.clock.now()).then(() => {
			this.isTimerSet = false;
			this.serve();
		});
	}

	private take(): GiveBack | undefined {
		const now = this.clock.now();
		this.times = this.times.filter((time) => now - time < MINUTE);
		if (this.times.length >= this.most) return undefined;
		this.times.push(now);
		return () => {
			const place = this.times.indexOf(now);
			if (place >= 0) this.times.splice(place, 1);
			this.serve();
		};
	}
}
