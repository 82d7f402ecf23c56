import type { Clock } from '../../api/clock';

const MINUTE = 60_000;

/** So many of one source wait at the same time. */
const MOST_WAITING = 500;

/** So many things in a minute, counted over the minute just gone. All times are milliseconds of the clock. */
export class Budget {
	private times: number[] = [];

	constructor(private readonly most: number) {}

	/** When there is a place: now, or later. */
	freeAt(now: number): number {
		while (this.times[0] !== undefined && this.times[0] <= now - MINUTE) this.times.shift();
		const [oldest = now] = this.times;
		return this.times.length < this.most ? now : oldest + MINUTE;
	}

	take(now: number): void {
		this.times.push(now);
	}

	/** As if it had never been taken. */
	giveBack(takenAt: number): void {
		const place = this.times.indexOf(takenAt);
		if (place >= 0) this.times.splice(place, 1);
	}
}

/** Somebody who asks. All sources take turns, so that nobody gets more by asking for more. */
export class Source {
	readonly waiting = new Set<Waiter>();

	/** @param servedAt when it was last let through, or has come */
	constructor(public servedAt: number) {}
}

/** A source of references that it may have invented. */
export class Stranger extends Source {
	constructor(
		cameAt: number,
		readonly budget: Budget,
	) {
		super(cameAt);
	}
}

/** Gives places back, but for those in these budgets. */
export type GiveBack = (kept: readonly Budget[]) => void;

/** What waits for a place in each of its budgets. It holds none while another one is full. */
export interface Waiter {
	readonly source: Source;
	/** What of the source's it is: those take turns, too. */
	readonly part: Pick<Source, 'servedAt'>;
	budgets: readonly Budget[];
	/** Whether it is still of use. */
	isWanted(): boolean;
}

/** Lets things through as their budgets allow, and has the sources take turns: next is the one that was let through longest ago. */
export class Limiter {
	/** In the order in which they came. */
	private readonly waiting = new Map<Waiter, (giveBack?: GiveBack) => void>();

	private wakesAt = Infinity;

	constructor(private readonly clock: Clock) {}

	/**
	 * Waits for a place in each budget, and takes them.
	 *
	 * @returns undefined where it is not wanted any more, or too many of its source wait
	 */
	async wait(waiter: Waiter): Promise<GiveBack | undefined> {
		return await new Promise((resolve) => {
			this.waiting.set(waiter, resolve);
			waiter.source.waiting.add(waiter);
			this.makeRoom(waiter.source);
			// Without a place for it, nothing has changed for the others.
			const now = this.clock.now();
			const freeAt = freeAtOf(waiter, now);
			if (freeAt > now) this.wake(freeAt);
			else this.serve();
		});
	}

	/** Lets through what there are places for. What is not wanted just now leaves in its turn only: a page may come again before. */
	serve(): void {
		for (;;) {
			const now = this.clock.now();
			let next: Waiter | undefined;
			let soonest = Infinity;
			for (const waiter of this.waiting.keys()) {
				const freeAt = freeAtOf(waiter, now);
				if (freeAt > now) soonest = Math.min(soonest, freeAt);
				else if (next && !goesBefore(waiter, next)) continue;
				else if (waiter.isWanted()) next = waiter;
				else this.leave(waiter);
			}
			if (!next) return this.wake(soonest);
			this.letThrough(next, now);
		}
	}

	private letThrough(waiter: Waiter, now: number): void {
		const { source, part, budgets } = waiter;
		for (const budget of budgets) budget.take(now);
		source.servedAt = now;
		part.servedAt = now;
		this.leave(waiter, (kept) => {
			for (const budget of budgets) if (!kept.includes(budget)) budget.giveBack(now);
			this.serve();
		});
	}

	/** Those leave that are not wanted, then the last. */
	private makeRoom({ waiting }: Source): void {
		if (waiting.size <= MOST_WAITING) return;
		let room = MOST_WAITING;
		for (const waiter of waiting) {
			if (room > 0 && waiter.isWanted()) room--;
			else this.leave(waiter);
		}
	}

	private leave(waiter: Waiter, giveBack?: GiveBack): void {
		this.waiting.get(waiter)?.(giveBack);
		this.waiting.delete(waiter);
		waiter.source.waiting.delete(waiter);
	}

	private wake(at: number): void {
		if (at >= this.wakesAt) return;
		this.wakesAt = at;
		void this.clock.sleep(at - this.clock.now()).then(() => {
			if (this.wakesAt === at) this.wakesAt = Infinity;
			this.serve();
		});
	}
}

function goesBefore(one: Waiter, other: Waiter): boolean {
	if (one.source !== other.source) return one.source.servedAt < other.source.servedAt;
	return one.part.servedAt < other.part.servedAt;
}

/** When there is a place in each of its budgets. */
function freeAtOf({ budgets }: Waiter, now: number): number {
	let at = now;
	for (const budget of budgets) at = Math.max(at, budget.freeAt(now));
	return at;
}
