import type { Clock, Deadline } from '../../api/clock';
import type { Connection } from '../../api/connection';
import { identityOf } from '../../api/connection';
import type { Outcome } from '../../api/payments';
import type { Payment } from '../../payment/payment';
import type { Fact } from '../decision';
import { Limiters } from './limiter';
import { Singleflight } from './singleflight';

type Flight = Singleflight<Outcome<Payment>>;

const MOST_PAYMENTS = 1_000;

const MOST_KEYS = 100;

/** So many payments are read at the same time. */
const MOST_AT_ONCE = 30;

const MINUTE = 60_000;

/** Looks beyond a call's first, for each key in a minute. Konnect allows about 100 requests. */
export const MOST_LOOKS = 40;

/** Milliseconds from one read of a payment to the next, by the number of reads within the last minute: a dozen at the most. */
const GAPS = [0, 0, 300, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000, 10_000];

/** What this process has read of payments. All nodes share it. */
export class Payments {
	private readonly flights = new Map<string, Flight>();

	private readonly looks: Limiters;

	private readonly waiting: Array<() => void> = [];

	private underWay = 0;

	constructor(private readonly clock: Clock) {
		this.looks = new Limiters(clock, MOST_LOOKS, MOST_KEYS);
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
	 * Waits for a place among the looks beyond a call's first.
	 *
	 * @param since who has waited longest goes first; milliseconds of the clock
	 */
	async lookAgain(connection: Connection, deadline: Deadline, since?: number): Promise<boolean> {
		return (await this.looks.of(identityOf(connection)).wait(deadline, since)) !== undefined;
	}

	private begin(): Flight {
		let begun: number[] = [];
		const nextAt = (startedAt: number) => {
			const now = this.clock.now();
			if (begun.at(-1) !== startedAt) begun.push(startedAt);
			begun = begun.filter((time) => now - time < MINUTE);
			return startedAt + (GAPS[Math.min(begun.length, GAPS.length - 1)] ?? 0);
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
