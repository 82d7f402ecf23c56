import { getBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';
import type { Connection } from '../../api/connection';
import { identityOf } from '../../api/connection';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import type { GiveBack } from './limiter';
import { Limiter } from './limiter';
import type { Fact } from './singleflight';
import { Singleflight } from './singleflight';

type Read = Fact<Outcome<Payment>> | 'late';

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

/** A read that waits for a place with each of its limiters. Looks with the same limiters share it. */
interface Turn {
	readonly shares: readonly Limiter[];
	askings: Asking[];
	waitsFor?: Limiter | undefined;
	read: Promise<Read>;
}

const MOST_PAYMENTS = 1_000;

const MOST_KEYS = 100;

/** Payments that are read at the same time with one key. */
const MOST_AT_ONCE = 30;

const MINUTE = 60_000;

/** Looks beyond a call's first, for each key in a minute. Konnect allows about 100 requests a minute. */
export const MOST_LOOKS = 40;

/** Of these, looks at payments that Konnect does not know. Payers can invent them, and must not use up what others need. */
const MOST_UNKNOWN_LOOKS = 20;

/** Reads of one payment in a minute. */
const MOST_READS = 12;

/** Milliseconds from one read of a payment to the next, by the number of reads within the last minute. */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** What all reads with one key share. */
class Key {
	readonly looks: Limiter;

	readonly unknownLooks: Limiter;

	private readonly waiting: Array<() => void> = [];

	private underWay = 0;

	constructor(clock: Clock) {
		this.looks = new Limiter(clock, MOST_LOOKS);
		this.unknownLooks = new Limiter(clock, MOST_UNKNOWN_LOOKS);
	}

	/** Resolves when one more read may begin, with what is called at its end. */
	async place(): Promise<() => void> {
		if (this.underWay < MOST_AT_ONCE) this.underWay++;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		return () => {
			const next = this.waiting.shift();
			if (next) next();
			else this.underWay--;
		};
	}
}

/** All reads of one payment with one key. */
export class PaymentReads extends Singleflight<Outcome<Payment>> {
	/** Whether Konnect has shown the payment. Then nobody has invented it, and a later 404 is not believed. */
	isShown = false;

	private readonly begunAt: number;

	private readonly turns = new Set<Turn>();

	constructor(
		clock: Clock,
		private readonly key: Key,
	) {
		// The ends count, because a read without an answer is repeated, and so reaches Konnect late.
		let ended: number[] = [];
		const nextAt = (startedAt: number, endedAt: number) => {
			const now = clock.now();
			if (ended.at(-1) !== endedAt) ended.push(endedAt);
			ended = ended.filter((time) => now - time < MINUTE);
			const gap = GAPS[Math.min(ended.length, GAPS.length - 1)] ?? 0;
			return Math.max(startedAt + gap, (ended.at(-MOST_READS) ?? -Infinity) + MINUTE);
		};
		super(clock, nextAt, async () => await key.place());
		this.begunAt = clock.now();
	}

	override get isIdle(): boolean {
		return super.isIdle && this.turns.size === 0;
	}

	/**
	 * Reads the payment when each of the look's limiters has a place. It stays in line while anybody wants it, so that a page that
	 * comes again finds what was read meanwhile.
	 *
	 * @returns `late` where there is no answer before the deadline
	 */
	async read(asking: Asking): Promise<Read> {
		const { since, deadline, send } = asking;
		const late = deadline.whenOver().then(() => 'late' as const);
		if (this.has(since)) {
			return await Promise.race([this.askedSince(since, untilOf(asking), send), late]);
		}
		const turn = this.turnOf(asking);
		const read = await Promise.race([turn.read, late]);
		// Nobody may want it any more.
		if (read === 'late') turn.waitsFor?.serve();
		return read;
	}

	/** In the order in which they are asked: a read keeps its place with one while it waits for the next. */
	private sharesOf({ strangers, isFurther }: Asking): Limiter[] {
		const { latest, key } = this;
		const looks = isFurther ? [key.looks] : [];
		if (!strangers) return looks;
		// Any page can claim to ask again, so a payment that was never read counts as unknown.
		const isUnknown = !latest || (!latest.value.ok && latest.value.failure.kind === 'notFound');
		if (isFurther && isUnknown) return [strangers, key.unknownLooks, ...looks];
		// A look that waits for the key's budget holds no stranger's place meanwhile: first looks need it.
		return [...looks, strangers];
	}

	private turnOf(asking: Asking): Turn {
		const shares = this.sharesOf(asking);
		const isSame = (other: Turn) =>
			other.shares.length === shares.length &&
			other.shares.every((share, place) => share === shares[place]);
		const same = [...this.turns].find(isSame);
		if (same) {
			same.askings = [...same.askings.filter(isWanted), asking];
			return same;
		}
		const turn = { shares, askings: [asking] } as unknown as Turn;
		this.turns.add(turn);
		turn.read = this.readInTurn(turn, asking.strangers);
		return turn;
	}

	private async readInTurn(turn: Turn, strangers: Limiter | undefined): Promise<Read> {
		// Payments that Konnect has shown go before those that somebody may have invented, and the longest unread goes first.
		const since = strangers ? undefined : (this.latest?.askedAt ?? this.begunAt);
		const { looks } = this.key;
		const places: Array<{ isLook: boolean; giveBack: GiveBack }> = [];
		for (const share of turn.shares) {
			turn.waitsFor = share;
			const giveBack = await share.wait(() => turn.askings.some(isWanted), since);
			if (!giveBack) break;
			places.push({ isLook: share === looks, giveBack });
			turn.waitsFor = undefined;
		}
		this.turns.delete(turn);
		const last = turn.askings.filter(isWanted).at(-1);
		const read =
			last && !turn.waitsFor ? await this.askedSince(last.since, untilOf(last), last.send) : 'late';
		if (read !== 'late' && read.value.ok) this.isShown = true;
		for (const { isLook, giveBack } of places) {
			if (read === 'late' || (!isLook && !isInvented(read.value))) giveBack();
		}
		return read;
	}
}

/** What this process has read of payments. All nodes share it. */
export class Payments {
	private readonly payments = new Map<string, PaymentReads>();

	private readonly keys = new Map<string, Key>();

	constructor(private readonly clock: Clock) {}

	of(connection: Connection, paymentRef: string): PaymentReads {
		const identity = identityOf(connection);
		const name = `${identity} ${paymentRef}`;
		const key = getBounded(this.keys, identity, () => new Key(this.clock), MOST_KEYS);
		const reads = this.payments.get(name) ?? this.begin(key);
		this.payments.delete(name);
		this.payments.set(name, reads);
		return reads;
	}

	private begin(key: Key): PaymentReads {
		if (this.payments.size >= MOST_PAYMENTS) this.dropOldest();
		return new PaymentReads(this.clock, key);
	}

	/** Strangers can invent any number. If Konnect has shown less than half of all, the oldest of the others goes. */
	private dropOldest(): void {
		const all = [...this.payments];
		const unknown = all.filter(([, { isShown }]) => !isShown);
		const places = unknown.length > MOST_PAYMENTS / 2 ? unknown : all;
		const [name = ''] = places.find(([, { isIdle }]) => isIdle) ?? [];
		this.payments.delete(name);
	}
}

/** Whether somebody may have invented the reference. A Konnect that is away or busy says nothing of it. */
const isInvented = (outcome: Outcome<Payment>) =>
	!outcome.ok && outcome.failure.kind !== 'unavailable' && outcome.failure.kind !== 'busy';

const untilOf = ({ deadline, comesAgainIn }: Asking) => deadline.at + comesAgainIn;

/** Whether the caller still waits, or comes again. */
const isWanted = (asking: Asking) => {
	const { deadline, comesAgainIn } = asking;
	return !deadline.isOver || (comesAgainIn > 0 && deadline.clock.now() < untilOf(asking));
};
