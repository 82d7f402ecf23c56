import { setBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';

const MINUTE = 60_000;

/** So many wait for a place at the same time. */
const MOST_WAITING = 500;

interface Waiter {
	since: number;
	wake: () => void;
}

/** Lets so many things through in a minute, counted over the minute just gone. */
export class Limiter {
	private times: number[] = [];

	/** The first to go comes first. */
	private readonly waiting: Waiter[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly most: number,
	) {}

	/**
	 * Waits for a place.
	 *
	 * @param deadline undefined: as long as it takes
	 * @param since who has waited longest goes first; milliseconds of the clock
	 * @returns what gives the place back; undefined where there is none before the deadline, or too many wait who go before
	 */
	async wait(deadline?: Deadline, since = this.clock.now()): Promise<(() => void) | undefined> {
		const waiter: Waiter = { since, wake: () => {} };
		const after = this.waiting.findIndex((other) => other.since > since);
		this.waiting.splice(after < 0 ? this.waiting.length : after, 0, waiter);
		// The last gives up, not who comes last: strangers must not keep those out who go before them.
		if (this.waiting.length > MOST_WAITING) this.waiting.pop()?.wake();
		try {
			while (this.waiting.includes(waiter)) {
				const isFirst = this.waiting[0] === waiter;
				const giveBack = isFirst ? this.take() : undefined;
				if (giveBack || deadline?.isOver) return giveBack;
				const woken = new Promise<void>((resolve) => {
					waiter.wake = resolve;
				});
				// Only the first needs a timer: it wakes the next when it leaves.
				const ends = deadline ? [woken, deadline.whenOver()] : [woken];
				await Promise.race([...ends, ...(isFirst ? [this.nextPlace()] : [])]);
			}
			return undefined;
		} finally {
			const place = this.waiting.indexOf(waiter);
			if (place >= 0) this.waiting.splice(place, 1);
			this.waiting[0]?.wake();
		}
	}

	private take(): (() => void) | undefined {
		const now = this.clock.now();
		this.times = this.times.filter((time) => now - time < MINUTE);
		if (this.times.length >= this.most) return undefined;
		this.times.push(now);
		return () => {
			const place = this.times.indexOf(now);
			if (place >= 0) this.times.splice(place, 1);
			this.waiting[0]?.wake();
		};
	}

	private async nextPlace(): Promise<void> {
		const now = this.clock.now();
		await this.clock.sleep((this.times[0] ?? now) + MINUTE - now);
	}
}

/** A limiter for each of many things, of which those that were used last are remembered. */
export class Limiters {
	private readonly limiters = new Map<string, Limiter>();

	constructor(
		private readonly clock: Clock,
		private readonly most: number,
		private readonly mostKeys: number,
	) {}

	of(key: string): Limiter {
		const limiter = this.limiters.get(key) ?? new Limiter(this.clock, this.most);
		setBounded(this.limiters, key, limiter, this.mostKeys);
		return limiter;
	}
}
