import { setBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';
import type { Connection } from '../../api/connection';
import { identityOf } from '../../api/connection';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import type { Stranger, Waiter } from './limiter';
import { Budget, Limiter, Source } from './limiter';
import type { Fact } from './singleflight';
import { Singleflight } from './singleflight';

type Read = Fact<Outcome<Payment>> | 'late';

/** How a look asks for a payment. */
export interface Asking {
	/** The oldest answer that is taken; milliseconds of the clock. */
	since: number;
	deadline: Deadline;
	/** Within so many milliseconds after the deadline the caller comes again, and takes what was read by then. 0: it may never come. */
	comesAgainIn: number;
	/** Whether the caller has had a look before this one: such looks share the key's budget. */
	isFurther: boolean;
	/** Who asks, where somebody may have invented the payment. */
	stranger: Stranger | undefined;
	send(): Promise<Outcome<Payment>>;
}

/** A read that waits for its turn. All looks of the same source have it together. */
interface Turn extends Waiter {
	askings: Asking[];
	read: Promise<Read>;
}

const MOST_PAYMENTS = 1_000;

const MOST_KEYS = 100;

/** So many payments are read at the same time. */
const MOST_AT_ONCE = 30;

const MINUTE = 60_000;

/** Looks beyond a call's first, for each key in a minute. Konnect allows about 100 requests. */
export const MOST_LOOKS = 40;

/** Of these, those at payments that Konnect has not shown. Payers can invent them, and must not use up what others need. */
const MOST_UNKNOWN_LOOKS = 20;

/** Reads of one payment in a minute. */
const MOST_READS = 12;

/** Milliseconds from one read of a payment to the next, by the number of reads within the last minute. */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** What all looks with one key share. */
const budgetsOfKey = () => ({
	looks: new Budget(MOST_LOOKS),
	unknownLooks: new Budget(MOST_UNKNOWN_LOOKS),
});

type KeyBudgets = ReturnType<typeof budgetsOfKey>;

/** What this process has read of payments. All nodes share it. */
export class Payments {
	private readonly payments = new Map<string, PaymentReads>();

	private readonly keys = new Map<string, KeyBudgets>();

	private readonly limiter: Limiter;

	private readonly waiting: Array<() => void> = [];

	private underWay = 0;

	constructor(private readonly clock: Clock) {
		this.limiter = new Limiter(clock);
	}

	/** All reads of one payment with one key. */
	of(connection: Connection, paymentRef: string): PaymentReads {
		const identity = identityOf(connection);
		const name = `${identity} ${paymentRef}`;
		const reads = this.payments.get(name) ?? this.begin(identity);
		this.payments.delete(name);
		this.payments.set(name, reads);
		return reads;
	}

	private begin(identity: string): PaymentReads {
		const key = this.keys.get(identity) ?? budgetsOfKey();
		setBounded(this.keys, identity, key, MOST_KEYS);
		if (this.payments.size >= MOST_PAYMENTS) this.dropOldest();
		return new PaymentReads(this.clock, this.limiter, key, async () => await this.place());
	}

	private async place(): Promise<() => void> {
		if (this.underWay < MOST_AT_ONCE) this.underWay++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		return () => {
			const next = this.waiting.shift();
			if (next) next();
			else this.underWay--;
		};
	}

	/** Those that Konnect has never shown go first: strangers can invent any number of them. */
	private dropOldest(): void {
		const idle = [...this.payments].filter(([, { isIdle }]) => isIdle);
		const [name] = idle.find(([, { shown }]) => !shown) ?? idle[0] ?? [''];
		this.payments.delete(name);
	}
}

/** All reads of one payment with one key. */
export class PaymentReads extends Singleflight<Outcome<Payment>> {
	/** For all who ask for a payment that Konnect has shown. */
	private readonly source: Source;

	private readonly turns = new Map<Source, Turn>();

	constructor(
		clock: Clock,
		private readonly limiter: Limiter,
		private readonly key: KeyBudgets,
		place: () => Promise<() => void>,
	) {
		// By their ends, because a read that Konnect does not answer is repeated, and reaches Konnect late.
		let ended: number[] = [];
		const nextAt = (startedAt: number, endedAt: number) => {
			const now = clock.now();
			if (ended.at(-1) !== endedAt) ended.push(endedAt);
			ended = ended.filter((time) => now - time < MINUTE);
			const gap = GAPS[Math.min(ended.length, GAPS.length - 1)] ?? 0;
			return Math.max(startedAt + gap, (ended.at(-MOST_READS) ?? -Infinity) + MINUTE);
		};
		super(clock, nextAt, place);
		this.source = new Source(clock.now());
	}

	override get isIdle(): boolean {
		return super.isIdle && this.turns.size === 0;
	}

	/** The payment as Konnect has last shown it, if it has. */
	get shown(): Payment | undefined {
		return this.latest?.value.ok ? this.latest.value.value : undefined;
	}

	/**
	 * Reads the payment when there is a place for the look. It keeps its turn while anybody wants it, so that a page which comes again
	 * finds what was read meanwhile.
	 *
	 * @returns `late` where there is no answer before the deadline
	 */
	async read(asking: Asking): Promise<Read> {
		const { since, deadline, send } = asking;
		const read = this.has(since)
			? this.askedSince(since, untilOf(asking), send)
			: this.turnOf(asking).read;
		return await Promise.race([read, deadline.whenOver().then(() => 'late' as const)]);
	}

	private turnOf(asking: Asking): Turn {
		const { stranger: source = this.source } = asking;
		const budgets = this.budgetsOf(asking);
		const turn = this.turns.get(source);
		if (!turn) return this.begin(source, budgets, asking);
		turn.askings = [...turn.askings.filter(isWanted), asking];
		if (budgets.length < turn.budgets.length) {
			// Who needs fewer places does not wait for the others'.
			turn.budgets = budgets;
			this.limiter.serve();
		}
		return turn;
	}

	private begin(source: Source, budgets: Budget[], asking: Asking): Turn {
		const part = this.source;
		const askings = [asking];
		const turn = { source, part, budgets, askings } as unknown as Turn;
		turn.isWanted = () => turn.askings.some(isWanted);
		this.turns.set(source, turn);
		turn.read = this.readInTurn(turn);
		return turn;
	}

	private async readInTurn(turn: Turn): Promise<Read> {
		const giveBack = await this.limiter.wait(turn);
		this.turns.delete(turn.source);
		if (!giveBack) return 'late';
		const last = turn.askings.filter(isWanted).at(-1);
		const read = last ? await this.askedSince(last.since, untilOf(last), last.send) : 'late';
		if (read === 'late') giveBack([]);
		else if (!isInvented(read.value)) giveBack([this.key.looks]);
		return read;
	}

	/** A page may say that it asks again, and nobody has asked Konnect in this process: that is a first look, too. */
	private budgetsOf({ stranger, isFurther }: Asking): Budget[] {
		const { looks, unknownLooks } = this.key;
		const own = stranger ? [stranger.budget] : [];
		if (!isFurther || !this.latest) return own;
		return [...own, looks, ...(stranger ? [unknownLooks] : [])];
	}
}

/** Whether somebody may have invented the reference. A Konnect that is away or busy says nothing of it. */
const isInvented = (outcome: Outcome<Payment>) =>
	!outcome.ok && outcome.failure.kind !== 'unavailable' && outcome.failure.kind !== 'busy';

const untilOf = ({ deadline, comesAgainIn }: Asking) => deadline.at + comesAgainIn;

/** Whether the caller still waits for it, or comes again. */
const isWanted = (asking: Asking) => {
	const { deadline, comesAgainIn } = asking;
	return !deadline.isOver || (comesAgainIn > 0 && deadline.clock.now() < untilOf(asking));
};
