import { getBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';
import type { Connection } from '../../api/connection';
import { identityOf } from '../../api/connection';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import { Limiter } from './limiter';
import type { End, Fact } from './singleflight';
import { Singleflight } from './singleflight';

type ReadEnd = End<Outcome<Payment>>;

/** How a look asks for a payment. */
export interface Asking {
	/** The oldest answer that is taken; milliseconds of the clock. */
	since: number;
	deadline: Deadline;
	/** Milliseconds after the deadline for which an answer is still of use, because an open page asks again by then. */
	comesAgainIn: number;
	/** Whether it is not the caller's first look. Further looks share the key's budget. */
	isFurther: boolean;
	/** Limits the read, where somebody may have invented the payment. */
	strangers: Limiter | undefined;
	send(): Promise<Outcome<Payment>>;
}

/** A read in the line of its key. */
interface Waiter {
	/** Limits the read, unless a caller asks whose payment Konnect has shown. */
	strangers: Limiter | undefined;
	/** The earliest goes first; milliseconds of the clock. */
	since: number;
	/** For each caller that still wants the read, the limiters in which it takes a place. */
	options(): Limiter[][];
	/** With undefined where nobody wants it any more, or too many others go first. */
	begin(end: ReadEnd | undefined): void;
}

/** So many that Konnect has shown are remembered, and as many others. */
const MOST_PAYMENTS = 500;

const MOST_KEYS = 100;

/** Payments that are read at the same time with one key. */
const MOST_AT_ONCE = 30;

/** Reads that wait in the line of one key. */
const MOST_WAITING = 500;

/** Looks beyond a call's first, for each key in a minute. Konnect allows about 100 requests a minute. */
export const MOST_LOOKS = 40;

/** Of these, looks at payments that Konnect does not know. Payers can invent them, and must not use up what others need. */
const MOST_UNKNOWN_LOOKS = 20;

/** Reads of one payment in a minute. */
const MOST_READS = 12;

/** Milliseconds from one read of a payment to the next, by the number of reads within the last minute. */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** The reads with one key that may not begin yet. A read takes all of its places when it begins, and waits with none. */
class Line {
	readonly looks: Limiter;

	readonly unknownLooks: Limiter;

	private waiting: Waiter[] = [];

	private underWay = 0;

	private wakesAt = Infinity;

	constructor(private readonly clock: Clock) {
		this.looks = new Limiter(clock, MOST_LOOKS);
		this.unknownLooks = new Limiter(clock, MOST_UNKNOWN_LOOKS);
	}

	/** Lets a read begin as soon as it may. */
	join(waiter: Waiter): void {
		const after = this.waiting.findIndex(({ since }) => since > waiter.since);
		this.waiting.splice(after < 0 ? this.waiting.length : after, 0, waiter);
		this.serve([waiter]);
		if (this.waiting.length <= MOST_WAITING) return;
		// Of the strangers, those of one address go who are most. Without strangers, the last of all goes.
		const limiters = this.waiting.map(({ strangers }) => strangers);
		const counts = new Map<Limiter, number>();
		for (const one of limiters) if (one) counts.set(one, (counts.get(one) ?? 0) + 1);
		const [[most] = []] = [...counts].sort(([, a], [, b]) => b - a);
		for (const last of this.waiting.splice(limiters.lastIndexOf(most), 1)) last.begin(undefined);
	}

	/** Lets those begin that may. */
	serve(those: readonly Waiter[] = this.waiting): void {
		const gone = new Set(those.filter((waiter) => this.serveOne(waiter)));
		this.waiting = this.waiting.filter((waiter) => !gone.has(waiter));
	}

	/** @returns whether it leaves the line: it has begun, or nobody wants it any more */
	private serveOne({ options, begin }: Waiter): boolean {
		const now = this.clock.now();
		const wanted = options();
		const free = wanted.find((limiters) => freeAt(limiters) <= now);
		if (wanted.length > 0 && !free) this.wake(Math.min(...wanted.map(freeAt)));
		if (wanted.length > 0 && (!free || this.underWay >= MOST_AT_ONCE)) return false;
		begin(free && this.take(free));
		return true;
	}

	private take(limiters: readonly Limiter[]): ReadEnd {
		this.underWay++;
		const places = limiters.map((limiter) => ({ limiter, giveBack: limiter.take() }));
		return (outcome) => {
			this.underWay--;
			for (const { limiter, giveBack } of places) {
				if (limiter !== this.looks && !isInvented(outcome)) giveBack();
			}
			this.serve();
		};
	}

	private wake(at: number): void {
		if (at >= this.wakesAt) return;
		this.wakesAt = at;
		void this.clock.sleep(at - this.clock.now()).then(() => {
			// Not if an earlier one was set meanwhile.
			if (this.wakesAt !== at) return;
			this.wakesAt = Infinity;
			this.serve();
		});
	}
}

/** All reads of one payment with one key. */
export class PaymentReads extends Singleflight<Outcome<Payment>> {
	/** Whether Konnect has shown the payment. Then nobody has invented it, and a later 404 is not believed. */
	isShown = false;

	private readonly begunAt = this.clock.now();

	/** The ends count, because a read without an answer is repeated, and so reaches Konnect late. */
	private readonly ended = new Limiter(this.clock, MOST_READS);

	private askings: Asking[] = [];

	/** Its place in the line. */
	private waiter: Waiter | undefined;

	constructor(
		clock: Clock,
		private readonly line: Line,
	) {
		super(clock);
	}

	/**
	 * Reads the payment when there is room for one of its callers. It stays in line while anybody wants it, so that a page that comes
	 * again finds what was read meanwhile.
	 *
	 * @returns `late` where there is no answer before the deadline
	 */
	async read(asking: Asking): Promise<Fact<Outcome<Payment>> | 'late'> {
		if (asking.since > this.startedAt) this.askings = [...this.wanted(), asking];
		// The caller may need less than those that wait.
		if (this.waiter) this.line.serve([this.waiter]);
		return await this.since(asking.since, asking.deadline, asking.send);
	}

	protected override async turn(): Promise<ReadEnd | undefined> {
		const gap = GAPS[Math.min(this.ended.count(), GAPS.length - 1)] ?? 0;
		await this.until(Math.max(this.startedAt + gap, this.ended.freeAt()));
		// Payments that Konnect has shown go before those that somebody may have invented, and the longest unread goes first.
		const wanted = this.wanted();
		const isKnown = wanted.some(({ strangers }) => !strangers);
		const since = isKnown ? (this.latest?.askedAt ?? this.begunAt) : this.clock.now();
		const strangers = isKnown ? undefined : wanted[0]?.strangers;
		const options = () => this.wanted().map(this.limitersOf);
		const end = await new Promise<ReadEnd | undefined>((resolve) => {
			const begin = (one: ReadEnd | undefined) => {
				// At once, so that a call that comes in the same moment does not begin it again.
				this.waiter = undefined;
				this.askings = [];
				resolve(one);
			};
			this.waiter = { strangers, since, options, begin };
			this.line.join(this.waiter);
		});
		return end && ((outcome) => this.end(end, outcome));
	}

	private end(end: ReadEnd, outcome: Outcome<Payment> | undefined): void {
		this.ended.take();
		this.askings = this.wanted();
		this.isShown ||= outcome?.ok === true;
		end(outcome);
	}

	private wanted = () => this.askings.filter((one) => one.since > this.startedAt && isWanted(one));

	private limitersOf = ({ strangers, isFurther }: Asking): Limiter[] => {
		const { latest, line } = this;
		const looks = isFurther ? [line.looks] : [];
		if (!strangers) return looks;
		// Any page can claim to ask again, so a payment that was never read counts as unknown.
		const isUnknown = !latest || (!latest.value.ok && latest.value.failure.kind === 'notFound');
		return [strangers, ...looks, ...(isFurther && isUnknown ? [line.unknownLooks] : [])];
	};
}

/** What this process has read of payments. All nodes share it. */
export class Payments {
	/** Strangers can invent any number, so those that Konnect has shown are kept apart. */
	private readonly shown = new Map<string, PaymentReads>();

	private readonly others = new Map<string, PaymentReads>();

	private readonly lines = new Map<string, Line>();

	constructor(private readonly clock: Clock) {}

	of(connection: Connection, paymentRef: string): PaymentReads {
		const identity = identityOf(connection);
		const name = `${identity} ${paymentRef}`;
		const line = getBounded(this.lines, identity, () => new Line(this.clock), MOST_KEYS);
		const known = this.shown.get(name) ?? this.others.get(name);
		const reads = known ?? new PaymentReads(this.clock, line);
		const map = reads.isShown ? this.shown : this.others;
		for (const each of [this.shown, this.others]) each.delete(name);
		for (const [oldest, { isIdle }] of map) {
			if (map.size < MOST_PAYMENTS) break;
			if (isIdle) map.delete(oldest);
		}
		map.set(name, reads);
		return reads;
	}
}

const freeAt = (limiters: readonly Limiter[]) =>
	Math.max(-Infinity, ...limiters.map((limiter) => limiter.freeAt()));

/** Whether somebody may have invented the reference. A Konnect that is away or busy says nothing of it. */
const isInvented = (outcome: Outcome<Payment> | undefined) =>
	!outcome ||
	(!outcome.ok && outcome.failure.kind !== 'unavailable' && outcome.failure.kind !== 'busy');

/** Whether the caller still waits, or comes again. */
const isWanted = ({ deadline, comesAgainIn }: Asking) =>
	!deadline.isOver || (comesAgainIn > 0 && deadline.clock.now() < deadline.at + comesAgainIn);
