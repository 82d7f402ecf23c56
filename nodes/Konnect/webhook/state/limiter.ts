import type { Clock } from '../../api/clock';

const MINUTE = 60_000;

/** Gives out so many places in any minute. Times are milliseconds of the clock. */
export class Limiter {
	/** The earliest first. */
	private readonly taken: number[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly most: number,
	) {}

	/** How many were taken within the last minute. */
	count(): number {
		const start = this.clock.now() - MINUTE;
		while ((this.taken[0] ?? Infinity) <= start) this.taken.shift();
		return this.taken.length;
	}

	/** When the next one is free. */
	freeAt(): number {
		return this.count() < this.most ? -Infinity : (this.taken.at(-this.most) ?? 0) + MINUTE;
	}

	/** @returns gives the place back, as if it had never been taken */
	take(): () => void {
		const now = this.clock.now();
		this.taken.push(now);
		return () => {
			const place = this.taken.indexOf(now);
			if (place >= 0) this.taken.splice(place, 1);
		};
	}
}
