import type { Clock, Deadline } from '../../api/clock';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import { Quota } from './quota';

/** How many payments one node reads at the same time, and how many are to be read in all; a call for a further one is not read. */
const MOST_READS = { atOnce: 30, inAll: 500 };

/** Of so many payments it is remembered when they were read last, and what was read. */
const MOST_LINES = 1_000;

const MINUTE = 60_000;

/**
 * Milliseconds from one read of a payment to the next, by the number of reads within the last minute. So a page that is loaded
 * over and over costs no more than a dozen reads a minute, whoever loads it.
 */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** Reads that only look whether a payment has settled by now, for all payments of a node in a minute. */
const MOST_REREADS = 40;

/** After so many milliseconds a call that finds what was found before was not made for that, but for what the bank has yet to say. */
const OLD_NEWS = 10_000;

/** A read of one payment. */
export interface Read {
	/** Tells apart what Konnect tells apart: the payment, the key, and where it is asked. */
	key: string;
	/** When the call can wait no longer. */
	deadline: Deadline;
	/** It only looks whether a payment that was read a moment ago has settled. */
	isReread: boolean;
	/** What was read earlier serves the call where nothing newer comes in time, if that read began since; of the clock. */
	goodSince: number;
	begin(isReread: boolean): Promise<Outcome<Payment>>;
}

/** A read that has not begun, which all calls that come meanwhile share. */
interface Planned {
	/** When the last call that waits for it gives up. */
	until: number;
	isReread: boolean;
	result: Promise<Outcome<Payment> | 'late'>;
}

/** All reads of one payment. */
interface Line {
	/** When those of the last minute began. */
	begun: number[];
	running: Promise<Outcome<Payment>> | undefined;
	planned: Planned | undefined;
	latest: { outcome: Outcome<Payment>; at: number } | undefined;
	/** What Konnect said last, and when it was asked. */
	found: { outcome: Outcome<Payment>; begun: number } | undefined;
	/** The event that callers were last told of, and since when they are. */
	told: { eventId: string; at: number } | undefined;
}

/**
 * Reads payments for calls. Those that come together share a read; a call never takes the result of a read that had begun before
 * it came, because the payment may have changed, unless all is paid, which is for ever, or the call is content with it.
 */
export class PaymentReads {
	private readonly lines = new Map<string, Line>();

	private readonly rereads = new Quota(MOST_REREADS, MINUTE);

	private readonly queue: Array<() => void> = [];

	private underWay = 0;

	constructor(private readonly clock: Clock) {}

	/** @returns `late` where the payment could not be read before the call's deadline; the read goes on, for the next call to find. */
	async read(read: Read): Promise<Outcome<Payment> | 'late'> {
		const line = this.lineOf(read.key);
		if (isPaid(line.latest?.outcome)) return line.latest?.outcome as Outcome<Payment>;
		const outcome = await this.readAnew(line, read);
		const { found } = line;
		return isAnswer(outcome) || !found || found.begun < read.goodSince ? outcome : found.outcome;
	}

	private async readAnew(line: Line, read: Read): Promise<Outcome<Payment> | 'late'> {
		if (!line.planned && this.underWay + this.queue.length >= MOST_READS.inAll) return 'late';
		const planned = (line.planned ??= this.plan(line, read));
		planned.until = Math.max(planned.until, read.deadline.at);
		planned.isReread &&= read.isReread;
		const late = read.deadline.whenOver().then(() => 'late' as const);
		return await Promise.race([planned.result, paidAt(line.running), late]);
	}

	/** What comes of the read that goes on behind a call that was too late for it; undefined where it was never begun. */
	async end(key: string): Promise<Outcome<Payment> | undefined> {
		const { planned, running } = this.lines.get(key) ?? {};
		const outcome = await planned?.result;
		return outcome === undefined || outcome === 'late' ? await running : outcome;
	}

	/** What was read of a payment within so many milliseconds, or is for ever. */
	recent(key: string, maxAge: number): Outcome<Payment> | undefined {
		const latest = this.lines.get(key)?.latest;
		if (!latest) return undefined;
		return isPaid(latest.outcome) || this.clock.now() - latest.at < maxAge
			? latest.outcome
			: undefined;
	}

	/** Whether Konnect knew the payment when it was last asked. */
	knows(key: string): boolean {
		return this.lines.get(key)?.latest?.outcome.ok === true;
	}

	/**
	 * Whether callers were told of the same event some time ago, so that this call must be about something newer.
	 *
	 * @param isRecorded the workflow was started for it: before a restart, or by another process, where nobody was told here
	 */
	isOldNews(key: string, eventId: string, isRecorded: boolean): boolean {
		const line = this.lineOf(key);
		const now = this.clock.now();
		if (line.told?.eventId !== eventId) line.told = { eventId, at: isRecorded ? -Infinity : now };
		return now - line.told.at > OLD_NEWS;
	}

	private plan(line: Line, { begin }: Read): Planned {
		const planned: Planned = { until: 0, isReread: true, result: Promise.resolve('late') };
		planned.result = this.carryOut(line, planned, begin);
		return planned;
	}

	private async carryOut(
		line: Line,
		planned: Planned,
		begin: Read['begin'],
	): Promise<Outcome<Payment> | 'late'> {
		// All calls of one moment come before the read begins, whatever comes of the one that is under way.
		await Promise.allSettled([line.running]);
		const gap = this.gapBefore(line);
		if (gap > 0) await this.clock.sleep(gap);
		await this.place();
		try {
			line.planned = undefined;
			const now = this.clock.now();
			if (now >= planned.until) return 'late';
			if (planned.isReread && !this.rereads.take(now)) return 'late';
			line.begun.push(now);
			line.running = begin(planned.isReread);
			const outcome = await line.running;
			line.latest = { outcome, at: this.clock.now() };
			if (outcome.ok) line.found = { outcome, begun: now };
			return outcome;
		} finally {
			line.running = undefined;
			this.leave();
		}
	}

	private gapBefore(line: Line): number {
		const now = this.clock.now();
		line.begun = line.begun.filter((time) => now - time < MINUTE);
		const gap = GAPS[Math.min(line.begun.length, GAPS.length - 1)] ?? 0;
		return Math.max(0, (line.begun.at(-1) ?? now - gap) + gap - now);
	}

	private async place(): Promise<void> {
		if (this.underWay < MOST_READS.atOnce) this.underWay++;
		else await new Promise<void>((resolve) => this.queue.push(resolve));
	}

	private leave(): void {
		const next = this.queue.shift();
		if (next) next();
		else this.underWay--;
	}

	private lineOf(key: string): Line {
		const line: Line = this.lines.get(key) ?? {
			begun: [],
			running: undefined,
			planned: undefined,
			latest: undefined,
			found: undefined,
			told: undefined,
		};
		this.lines.delete(key);
		this.lines.set(key, line);
		if (this.lines.size > MOST_LINES) this.dropOldest();
		return line;
	}

	private dropOldest(): void {
		for (const [key, { running, planned }] of this.lines) {
			if (running || planned) continue;
			this.lines.delete(key);
			return;
		}
	}
}

const isAnswer = (outcome: Outcome<Payment> | 'late') =>
	outcome !== 'late' && (outcome.ok || !['unavailable', 'busy'].includes(outcome.failure.kind));

const isPaid = (outcome: Outcome<Payment> | undefined) =>
	outcome?.ok === true && outcome.value.state === 'paid';

/** The outcome of a read that is under way, if it is that all is paid; never resolves otherwise. */
const paidAt = async (running: Promise<Outcome<Payment>> | undefined) =>
	await new Promise<Outcome<Payment>>((resolve) => {
		running?.then(
			(outcome) => isPaid(outcome) && resolve(outcome),
			() => {},
		);
	});
