import type { Clock } from '../../api/clock';
import type { Connection } from '../../api/connection';
import { identityOf } from '../../api/connection';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import { Limiters } from './limiter';
import type { Fact } from './singleflight';
import { Singleflight } from './singleflight';

type Flight = Singleflight<Outcome<Payment>>;

type Read = Fact<Outcome<Payment>> | 'late';

interface FurtherLook {
	/** Which has waited longest goes first; milliseconds of the clock. */
	waitsSince?: number | undefined;
	/** Whether Konnect has said that it does not know the payment: somebody may have invented it. */
	isUnseen: boolean;
	/** Whether the caller still waits for it, or comes again. */
	isWanted(): boolean;
	ask(): Promise<Read>;
}

/** A payment's place in the line, which all who look at it share. */
interface Turn {
	looks: FurtherLook[];
	read: Promise<Read> | undefined;
}

const MOST_PAYMENTS = 1_000;

const MOST_KEYS = 100;

/** So many payments are read at the same time. */
const MOST_AT_ONCE = 30;

const MINUTE = 60_000;

/** Looks beyond a call's first, for each key in a minute. Konnect allows about 100 requests. */
export const MOST_LOOKS = 40;

/** Of these, those at payments that Konnect does not know. Payers can invent them, and must not use up what others need. */
export const MOST_UNSEEN_LOOKS = 20;

/** Reads of one payment in a minute. */
const MOST_READS = 12;

/** Milliseconds from one read of a payment to the next, by the number of reads within the last minute. */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** What this process has read of payments. All nodes share it. */
export class Payments {
	private readonly flights = new Map<string, Flight>();

	private readonly looks: Limiters;

	private readonly unseenLooks: Limiters;

	private readonly turns = new Map<Flight, Turn>();

	/** At payments that Konnect does not know. One that it shows meanwhile gets a better place in the line. */
	private readonly unseenTurns = new Map<Flight, Turn>();

	private readonly waiting: Array<() => void> = [];

	private underWay = 0;

	constructor(private readonly clock: Clock) {
		this.looks = new Limiters(clock, MOST_LOOKS, MOST_KEYS);
		this.unseenLooks = new Limiters(clock, MOST_UNSEEN_LOOKS, MOST_KEYS);
	}

	/** All reads of one payment with one key. */
	of(connection: Connection, paymentRef: string): Flight {
		const key = `${identityOf(connection)} ${paymentRef}`;
		const flight = this.flights.get(key) ?? this.begin();
		this.flights.delete(key);
		this.flights.set(key, flight);
		if (this.flights.size > MOST_PAYMENTS) this.dropOldest();
		return flight;
	}

	/**
	 * Reads a payment in its turn among the looks beyond a call's first. It keeps its place in the line while anybody wants it, so that
	 * a page which comes again finds what was read meanwhile.
	 */
	async inTurn(connection: Connection, flight: Flight, further: FurtherLook): Promise<Read> {
		const turns = further.isUnseen ? this.unseenTurns : this.turns;
		const turn = turns.get(flight) ?? { looks: [], read: undefined };
		turn.looks = [...turn.looks.filter((look) => look.isWanted()), further];
		turns.set(flight, turn);
		turn.read ??= this.waitFor(turn, further, identityOf(connection), () => turns.delete(flight));
		return await turn.read;
	}

	private async waitFor(
		turn: Turn,
		{ isUnseen, waitsSince }: FurtherLook,
		key: string,
		leave: () => void,
	): Promise<Read> {
		const giveUnseenBack = isUnseen ? await this.unseenLooks.of(key).wait() : () => {};
		const giveBack = giveUnseenBack && (await this.looks.of(key).wait(undefined, waitsSince));
		leave();
		const look = turn.looks.filter(({ isWanted }) => isWanted()).at(-1);
		if (look && giveBack) return await look.ask();
		giveBack?.();
		giveUnseenBack?.();
		return 'late';
	}

	private begin(): Flight {
		// By their ends, because a read that Konnect does not answer is repeated, and reaches Konnect late.
		let ended: number[] = [];
		const nextAt = (startedAt: number, endedAt: number) => {
			const now = this.clock.now();
			if (ended.at(-1) !== endedAt) ended.push(endedAt);
			ended = ended.filter((time) => now - time < MINUTE);
			const gap = GAPS[Math.min(ended.length, GAPS.length - 1)] ?? 0;
			return Math.max(startedAt + gap, (ended.at(-MOST_READS) ?? -Infinity) + MINUTE);
		};
		return new Singleflight(this.clock, nextAt, async () => await this.place());
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

	private dropOldest(): void {
		for (const [key, { isIdle }] of this.flights) {
			if (!isIdle) continue;
			this.flights.delete(key);
			return;
		}
	}
}

/** The payment that a flight has read, if it was paid then: that is for ever. */
export function paidIn({ latest }: Flight): Fact<Payment> | undefined {
	return latest?.value.ok && latest.value.value.state === 'paid'
		? { value: latest.value.value, askedAt: latest.askedAt }
		: undefined;
}
