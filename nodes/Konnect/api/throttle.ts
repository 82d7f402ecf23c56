import type { Clock } from './clock';

/**
 * Requests per second after a pause, and by how much that grows each second. Starting at one per second, the 100 requests that
 * Konnect is said to allow in a minute take three quarters of a minute.
 */
const PACE = { least: 0.25, most: 1, growth: 0.05 };

/** Milliseconds to wait if Konnect does not say how long. */
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

/** Milliseconds. If Konnect asks for more, the request is given up, and the next one may try after this pause. */
export const LONGEST_PAUSE = 5 * 60_000;

/** Milliseconds of nothing but refusals after which waiting is no use. */
const HOPELESS_AFTER = 10 * 60_000;

/** Milliseconds after its pause until the throttle is off, if no other refusal comes. */
const OFF_AFTER = 2 * 60_000;

/** A request that waits for its turn. */
interface Ticket {
	isCall: boolean;
}

/**
 * Holds back the requests of one credential after Konnect has refused one for coming too fast. First nothing goes. Then one
 * request goes at a time, at a growing pace, until all is as before or Konnect refuses again. Times are in ms of one clock.
 */
export class Throttle {
	/** When the last refusal came that counts. A refusal does not count if its request was sent before an earlier one came. */
	private refusedAt = -Infinity;

	/** No request goes before this time. */
	pausedUntil = -Infinity;

	/** Requests per second, right after `pausedUntil`. */
	pace = PACE.most;

	/** When the last request went. */
	lastAt = -Infinity;

	/** Refusals since a request last passed, and when the first of them came; Infinity where none did. */
	private inVain = 0;

	private inVainSince = Infinity;

	/** The waiting requests, in the order in which they will go. */
	readonly line: Ticket[] = [];

	/**
	 * Konnect has refused a request for coming too fast.
	 *
	 * @param retryAfter milliseconds that Konnect asks to wait
	 */
	refuse(
		sentAt: number,
		retryAfter: number | undefined,
		clock: Pick<Clock, 'now' | 'random'>,
	): void {
		const now = clock.now();
		if (sentAt < this.refusedAt) {
			this.pausedUntil = Math.max(this.pausedUntil, now + hold(retryAfter ?? 0));
			return;
		}
		this.inVain++;
		this.inVainSince = Math.min(this.inVainSince, now);
		this.pace = Math.min(Math.max(this.paceAt(now) / 2, PACE.least), PACE.most);
		this.pausedUntil = now + hold(retryAfter ?? backOff(this.inVain, clock.random()));
		this.refusedAt = now;
		this.lastAt = sentAt;
	}

	/** Konnect has taken a request. */
	pass(sentAt: number): void {
		if (sentAt < this.refusedAt) return;
		this.inVain = 0;
		this.inVainSince = Infinity;
	}

	/** Whether Konnect has refused everything for so long that nobody should wait for it. */
	isHopeless(now: number): boolean {
		return now >= this.inVainSince + HOPELESS_AFTER;
	}

	/** Whether nothing is held back any more. */
	isOff(now: number): boolean {
		return this.line.length === 0 && now >= this.pausedUntil + OFF_AFTER;
	}

	/** Puts a request in line: behind all others, or for a webhook's call, behind the other calls only. */
	join(isCall: boolean): Ticket {
		const ticket = { isCall };
		const firstOther = isCall ? this.line.findIndex((other) => !other.isCall) : -1;
		this.line.splice(firstOther < 0 ? this.line.length : firstOther, 0, ticket);
		return ticket;
	}

	leave(ticket: Ticket): void {
		this.line.splice(this.line.indexOf(ticket), 1);
	}

	/**
	 * When a request with `ahead` others before it may go, as far as can be said now. The pace of each moment sets the distance
	 * between one request and the next.
	 */
	turnOf(ahead: number, now: number): number {
		const start = Math.max(this.pausedUntil, now);
		const first = Math.max(start, this.lastAt + 1000 / this.paceAt(start));
		const pace = this.paceAt(first);
		// The pace grows evenly, so in t seconds pace * t + growth * t² / 2 requests go.
		const seconds = (Math.sqrt(pace ** 2 + 2 * PACE.growth * ahead) - pace) / PACE.growth;
		return first + seconds * 1000;
	}

	private paceAt(time: number): number {
		return this.pace + (PACE.growth * Math.max(time - this.pausedUntil, 0)) / 1000;
	}
}

const hold = (milliseconds: number) => Math.min(milliseconds, LONGEST_PAUSE);

/** Doubling, with up to a quarter more at random, so that many clients do not come back at once. */
function backOff(inVain: number, random: number): number {
	const wait = Math.min(FIRST_WAIT * 2 ** (inVain - 1), LONGEST_WAIT);
	return Math.round(wait * (1 + random / 4));
}
