import { sleep } from 'n8n-workflow';

/** Time, waiting and randomness in one place, so that tests can run the code in virtual time. */
export interface Clock {
	/** Milliseconds on a monotonic clock, which says nothing about the date. */
	now(): number;
	/** Milliseconds since 1970. */
	date(): number;
	/** From 0 up to 1. */
	random(): number;
	/** Resolves after the given milliseconds. Does not keep the process alive. */
	sleep(milliseconds: number): Promise<void>;
	/** Like `sleep`, for work that must finish: keeps the process alive, and resolves early if one of the signals fires. */
	pause(milliseconds: number, signals: readonly AbortSignal[]): Promise<void>;
}

async function pause(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
	if (signals.some(({ aborted }) => aborted)) return;
	let wake = () => {};
	const woken = new Promise<void>((resolve) => {
		wake = resolve;
	});
	for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
	await Promise.race([sleep(Math.ceil(milliseconds)), woken]);
	for (const signal of signals) signal.removeEventListener('abort', wake);
}

/** The clock of this process. */
export const CLOCK: Clock = {
	now: () => performance.now(),
	date: () => Date.now(),
	random: () => Math.random(),
	sleep: async (milliseconds) =>
		await new Promise((resolve) => {
			// `timeout` takes only whole numbers from zero up.
			const signal = AbortSignal.timeout(Math.max(Math.ceil(milliseconds), 0));
			signal.addEventListener('abort', () => resolve(), { once: true });
		}),
	pause,
};

/** The time on a clock by which something must be done. */
export class Deadline {
	private over: Promise<void> | undefined;

	private hasPassed = false;

	private wake = () => {};

	/** @param at milliseconds of the clock */
	constructor(
		readonly clock: Clock,
		readonly at: number,
	) {}

	/** @param milliseconds from now */
	static in(clock: Clock, milliseconds: number): Deadline {
		return new Deadline(clock, clock.now() + milliseconds);
	}

	get isOver(): boolean {
		return this.hasPassed || this.clock.now() >= this.at;
	}

	/** Resolves when the time is up. All callers share one timer, because each timer costs an error with its stack. */
	async whenOver(): Promise<void> {
		this.over ??= this.start();
		await this.over;
	}

	/** Ends it before its time. */
	end(): void {
		this.hasPassed = true;
		this.wake();
	}

	private async start(): Promise<void> {
		if (this.hasPassed) return;
		const ended = new Promise<void>((resolve) => {
			this.wake = resolve;
		});
		await Promise.race([this.clock.sleep(this.at - this.clock.now()), ended]);
		this.hasPassed = true;
	}
}
