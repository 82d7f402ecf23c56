import { setBounded } from '../../api/bounded';
import type { Deadline } from '../../api/clock';

/** So many wait for a place at the same time. */
const MOST_WAITING = 500;

/** Lets so many things through in a while, counted over the time just gone. */
export class Quota {
	private times: number[] = [];

	/** Those who wait for a place, the first to come first. */
	private readonly waiting: Array<() => void> = [];

	/** @param period milliseconds */
	constructor(
		private readonly most: number,
		private readonly period: number,
	) {}

	/**
	 * @param now milliseconds of one clock
	 * @returns what gives the place back, as if nothing had been; undefined where all are taken
	 */
	take(now: number): (() => void) | undefined {
		this.times = this.times.filter((time) => now - time < this.period);
		if (this.times.length >= this.most) return undefined;
		this.times.push(now);
		return () => {
			const place = this.times.indexOf(now);
			if (place >= 0) this.times.splice(place, 1);
			this.waiting.shift()?.();
		};
	}

	/**
	 * As `take`, once there is a place; undefined where there is none before the deadline, or where too many wait already. A place
	 * that is given back wakes one of them, not all: a crowd must not cost more than its size.
	 */
	async wait(deadline: Deadline): Promise<(() => void) | undefined> {
		const { clock } = deadline;
		for (;;) {
			const now = clock.now();
			const giveBack = this.take(now);
			if (giveBack || deadline.isOver || this.waiting.length >= MOST_WAITING) return giveBack;
			let wake: () => void = () => {};
			const woken = new Promise<void>((resolve) => {
				wake = resolve;
			});
			this.waiting.push(wake);
			await Promise.race([
				deadline.whenOver(),
				woken,
				clock.sleep((this.times[0] ?? now) + this.period - now),
			]);
			const place = this.waiting.indexOf(wake);
			if (place >= 0) this.waiting.splice(place, 1);
		}
	}
}

/** A quota for each of many things, of which those that were used last are remembered. */
export class Quotas {
	private readonly quotas = new Map<string, Quota>();

	/**
	 * @param period milliseconds
	 * @param mostKeys things that are told apart
	 */
	constructor(
		private readonly most: number,
		private readonly period: number,
		private readonly mostKeys: number,
	) {}

	of(key: string): Quota {
		const quota = this.quotas.get(key) ?? new Quota(this.most, this.period);
		setBounded(this.quotas, key, quota, this.mostKeys);
		return quota;
	}
}
