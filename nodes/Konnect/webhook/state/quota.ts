import type { Clock } from '../../api/clock';
import { setBounded } from './bounded';

/** Lets so many things through in a while, counted over the time just gone. */
export class Quota {
	private times: number[] = [];

	/** Those who wait for a place. */
	private readonly waiting = new Set<() => void>();

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
			for (const look of this.waiting) look();
			this.waiting.clear();
		};
	}

	/** As `take`, once there is a place; undefined where there is none before `late` resolves. */
	async wait(clock: Clock, late: Promise<unknown>): Promise<(() => void) | undefined> {
		let isLate = false;
		const patience = late.then(() => {
			isLate = true;
		});
		for (;;) {
			const giveBack = this.take(clock.now());
			if (giveBack || isLate) return giveBack;
			const now = clock.now();
			const oldestEnds = clock.sleep((this.times[0] ?? now) + this.period - now);
			const freed = new Promise<void>((resolve) => this.waiting.add(resolve));
			await Promise.race([patience, freed, oldestEnds]);
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

	/** As `Quota.take`. */
	take(key: string, now: number): (() => void) | undefined {
		const quota = this.quotas.get(key) ?? new Quota(this.most, this.period);
		setBounded(this.quotas, key, quota, this.mostKeys);
		return quota.take(now);
	}
}
