import type { Clock, Deadline } from '../../api/clock';

/** An answer of n8n or Konnect, and when it was asked for: milliseconds of the clock. */
export interface Fact<T> {
	readonly value: T;
	readonly askedAt: number;
}

/** A request that has not begun. All callers that come meanwhile share it. */
interface Planned<T> {
	/** When the last caller gives up. */
	until: number;
	ask: () => Promise<T>;
	fact: Promise<Fact<T> | 'late'>;
}

/** Asks one question for many callers: they share the answers, and the requests are spaced and never overlap. */
export class Singleflight<T> {
	/** The last answer. */
	latest: Fact<T> | undefined;

	private running: Promise<Fact<T>> | undefined;

	private startedAt = -Infinity;

	private endedAt = -Infinity;

	private planned: Planned<T> | undefined;

	/**
	 * @param nextAt the earliest time for the next request, by when the last one began and ended; all by the clock
	 * @param place resolves when a request may be sent, with what is called when it has ended
	 */
	constructor(
		private readonly clock: Clock,
		private readonly nextAt: (startedAt: number, endedAt: number) => number,
		private readonly place: () => Promise<() => void> = async () => await Promise.resolve(() => {}),
	) {}

	get isIdle(): boolean {
		return !this.running && !this.planned;
	}

	/** Whether an answer to a request begun at `at` or later is there, or on its way. */
	has(at: number): boolean {
		return this.isKnown(at) || this.startedAt >= at || this.planned !== undefined;
	}

	/**
	 * An answer to a request that was begun at `at` or later.
	 *
	 * @param at milliseconds of the clock
	 * @param ask sends the request; called later, where another caller shares the request
	 * @returns `late` where there is none before the deadline. The request goes on, for the next caller.
	 */
	async since(at: number, deadline: Deadline, ask: () => Promise<T>): Promise<Fact<T> | 'late'> {
		const late = deadline.whenOver().then(() => 'late' as const);
		return await Promise.race([this.askedSince(at, deadline.at, ask), late]);
	}

	/** As `since`, but waits for the end of the request. `late` where it was never sent, because nobody waited any more. */
	async askedSince(at: number, until: number, ask: () => Promise<T>): Promise<Fact<T> | 'late'> {
		if (this.isKnown(at)) return this.latest as Fact<T>;
		if (this.running && this.startedAt >= at) return await this.running;
		this.planned ??= this.plan();
		this.planned.until = Math.max(this.planned.until, until);
		this.planned.ask = ask;
		return await this.planned.fact;
	}

	private isKnown(at: number): boolean {
		return this.latest !== undefined && this.latest.askedAt >= at;
	}

	private plan(): Planned<T> {
		const planned = { until: -Infinity } as Planned<T>;
		planned.fact = this.carryOut(planned);
		return planned;
	}

	private async carryOut(planned: Planned<T>): Promise<Fact<T> | 'late'> {
		// Callers of the same moment join before the request begins, however the one before it ends.
		await Promise.allSettled([this.running]);
		const pause = this.nextAt(this.startedAt, this.endedAt) - this.clock.now();
		if (pause > 0) await this.clock.sleep(pause);
		const leave = await this.place();
		this.planned = undefined;
		try {
			const askedAt = this.clock.now();
			if (askedAt >= planned.until) return 'late';
			this.startedAt = askedAt;
			this.running = planned.ask().then((value) => ({ value, askedAt }));
			this.latest = await this.running;
			return this.latest;
		} finally {
			if (this.running) this.endedAt = this.clock.now();
			this.running = undefined;
			leave();
		}
	}
}
