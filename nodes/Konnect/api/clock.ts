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
			// It takes whole numbers only, and none below zero.
			const signal = AbortSignal.timeout(Math.max(Math.ceil(milliseconds), 0));
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
		readonly at: number,
	) {}

	/** @param milliseconds from now */
	static in(clock: Clock, milliseconds: number): Deadline {
		return new Deadline(clock, clock.now() + milliseconds);
	}

	get isOver(): boolean {
		return this.hasPassed || this.clock.now() >= this.at;
	}

	/** Resolves when it is over: one timer for all who ask, because each costs an error with its stack. */
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
