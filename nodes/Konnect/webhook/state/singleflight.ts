import type { Clock, Deadline } from '../../api/clock';

/** An answer of n8n or Konnect, and when it was asked for: milliseconds of the clock. */
export interface Fact<T> {
	readonly value: T;
	readonly askedAt: number;
}

/** A request that has not begun. All callers that come meanwhile share it. */
interface Planned<T> {
	ask: () => Promise<T>;
	fact: Promise<Fact<T> | 'late'>;
}

/** What is called at the end of a request, with the answer if there was one. */
export type End<T> = (value?: T) => void;

/** Asks one question for many callers: they share the answers, and the requests are spaced and never overlap. */
export class Singleflight<T> {
	latest: Fact<T> | undefined;

	protected startedAt = -Infinity;

	private running: Promise<Fact<T>> | undefined;

	private planned: Planned<T> | undefined;

	/** @param spacing milliseconds from the beginning of one request to the next */
	constructor(
		protected readonly clock: Clock,
		private readonly spacing = 0,
	) {}

	get isIdle(): boolean {
		return !this.running && !this.planned;
	}

	/**
	 * An answer to a request that was begun at `at` or later.
	 *
	 * @param at milliseconds of the clock
	 * @param ask sends the request; called later, where another caller shares the request
	 * @returns `late` where there is none before the deadline. The request goes on, for the next caller.
	 */
	async since(at: number, deadline: Deadline, ask: () => Promise<T>): Promise<Fact<T> | 'late'> {
		if (this.latest && this.latest.askedAt >= at) return this.latest;
		const late = deadline.whenOver().then(() => 'late' as const);
		const underWay = this.startedAt >= at ? this.running : undefined;
		return await Promise.race([underWay ?? this.plan(ask), late]);
	}

	/** Resolves when the next request may be sent; with undefined where nobody wants it any more. */
	protected async turn(): Promise<End<T> | undefined> {
		await this.until(this.startedAt + this.spacing);
		return () => {};
	}

	protected async until(time: number): Promise<void> {
		const pause = time - this.clock.now();
		if (pause > 0) await this.clock.sleep(pause);
	}

	private async plan(ask: () => Promise<T>): Promise<Fact<T> | 'late'> {
		this.planned ??= { ask, fact: this.carryOut() };
		this.planned.ask = ask;
		return await this.planned.fact;
	}

	private async carryOut(): Promise<Fact<T> | 'late'> {
		// Callers of the same moment join before the request begins, however the one before it ends.
		await Promise.allSettled([this.running]);
		const end = await this.turn();
		const { planned } = this;
		this.planned = undefined;
		if (!end || !planned) return 'late';
		const askedAt = this.clock.now();
		this.startedAt = askedAt;
		let value: T | undefined;
		try {
			this.running = planned.ask().then((answer) => ({ value: answer, askedAt }));
			this.latest = await this.running;
			({ value } = this.latest);
			return this.latest;
		} finally {
			this.running = undefined;
			end(value);
		}
	}
}
