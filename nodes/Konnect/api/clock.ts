import { sleep } from 'n8n-workflow';

/** All that asks for the time, waits or throws dice does it by a clock, so that tests can run it in virtual time. */
export interface Clock {
	/** Milliseconds, never set back. Says nothing of the date. */
	now(): number;
	/** Milliseconds since 1970. */
	date(): number;
	/** From 0 up to 1. */
	random(): number;
	/** Resolves after so many milliseconds, without keeping the process alive for it. */
	sleep(milliseconds: number): Promise<void>;
	/** As `sleep`, for work that must be ended: keeps the process alive, and resolves as soon as one of the signals fires. */
	pause(milliseconds: number, signals: readonly AbortSignal[]): Promise<void>;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Milliseconds as timers take them: whole, not negative, and no more than they can count. */
const asTimeout = (milliseconds: number) =>
	Math.min(Math.max(Math.ceil(milliseconds) || 0, 0), LONGEST_TIMEOUT);

async function pause(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
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
			const signal = AbortSignal.timeout(asTimeout(milliseconds));
			signal.addEventListener('abort', () => resolve(), { once: true });
		}),
	pause,
};

/** When something must be done, by a clock. */
export class Deadline {
	private over: Promise<void> | undefined;

	private hasPassed = false;

	private wake = () => {};

	/** @param at milliseconds of the clock */
	constructor(
		readonly clock: Clock,
		private time: number,
	) {}

	/** Milliseconds of the clock. */
	get at(): number {
		return this.time;
	}

	/** @param patience milliseconds from now */
	static in(clock: Clock, patience: number): Deadline {
		return new Deadline(clock, clock.now() + patience);
	}

	get isOver(): boolean {
		return this.hasPassed || this.clock.now() >= this.at;
	}

	/** Resolves when it is over: one timer for all who ask, because each costs an error with its stack. */
	async whenOver(): Promise<void> {
		this.over ??= this.start();
		await this.over;
	}

	/** Puts it off, unless it is later already. */
	extend(at: number): void {
		this.time = Math.max(this.time, at);
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
		let until: number;
		do {
			until = this.time;
			await Promise.race([this.clock.sleep(until - this.clock.now()), ended]);
			// Unless it was put off meanwhile.
		} while (!this.hasPassed && this.time > until);
		this.hasPassed = true;
	}
}
