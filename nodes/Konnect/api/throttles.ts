import type { Clock } from './clock';
import { CLOCK } from './clock';
import type { Throttle } from './throttle';
import { isHopeless, isOff, passed, putOn, turnOf } from './throttle';
import type { Connection } from './connection';
import { identityOf } from './connection';

/** Throttles are few and short-lived; more than this are not kept, however many credentials are refused. */
export const MOST_THROTTLES = 100;

/** A request that waits looks again at least this often, in milliseconds, so that no timer outlives it for long. */
const LONGEST_NAP = 1000;

interface Entry {
	throttle: Throttle;
	/** The requests that wait, the first to go first. */
	line: Ticket[];
}

interface Ticket {
	isCall: boolean;
}

/** What came of waiting: it may go, its turn would come too late, or a signal has fired. */
export type Turn = 'go' | 'late' | 'stopped';

/** The throttles of all credentials. One that Konnect refuses nothing has none. */
export class Throttles {
	private readonly entries = new Map<string, Entry>();

	constructor(readonly clock: Clock) {}

	get size(): number {
		return this.entries.size;
	}

	/**
	 * Waits until a request may go: first come, first served, but calls of webhooks before all others, so that a long run of items
	 * never keeps a paid payment waiting. Where its turn will be too late it does not wait at all.
	 *
	 * @param latest of the clock
	 */
	async turn(
		connection: Connection,
		latest: number,
		signals: readonly AbortSignal[],
		isCall = false,
	): Promise<Turn> {
		const ticket = { isCall };
		try {
			for (;;) {
				if (signals.some(({ aborted }) => aborted)) return 'stopped';
				const entry = this.entryOf(connection);
				if (!entry) return 'go';
				const { throttle, line } = entry;
				if (!line.includes(ticket)) join(line, ticket);
				const now = this.clock.now();
				const at = turnOf(throttle, line.indexOf(ticket), now);
				if (at <= now) {
					throttle.lastAt = now;
					return 'go';
				}
				if (at >= latest || isHopeless(throttle, now)) return 'late';
				await this.clock.pause(Math.min(at - now, LONGEST_NAP), signals);
			}
		} finally {
			this.leave(connection, ticket);
		}
	}

	/** Konnect has refused a request for coming too fast. */
	slowDown(connection: Connection, sentAt: number, retryAfter: number | undefined): void {
		const key = identityOf(connection);
		const { throttle, line = [] } = this.entries.get(key) ?? {};
		const refusal = { sentAt, retryAfter, now: this.clock.now(), random: this.clock.random() };
		// Set anew, so that the last in the map is the one used last.
		this.entries.delete(key);
		this.entries.set(key, { throttle: putOn(throttle, refusal), line });
		if (this.entries.size > MOST_THROTTLES) this.sweep();
	}

	/** Konnect has answered a request, and did not find that it came too fast. */
	passed(connection: Connection, sentAt: number): void {
		const entry = this.entryOf(connection);
		if (entry && sentAt >= entry.throttle.putOnAt) entry.throttle = passed(entry.throttle);
	}

	private entryOf(connection: Connection): Entry | undefined {
		if (this.entries.size === 0) return undefined;
		const key = identityOf(connection);
		const entry = this.entries.get(key);
		if (!entry || entry.line.length > 0 || !isOff(entry.throttle, this.clock.now())) return entry;
		this.entries.delete(key);
		return undefined;
	}

	private leave(connection: Connection, ticket: Ticket): void {
		const line = this.entries.size > 0 ? this.entries.get(identityOf(connection))?.line : undefined;
		const place = line?.indexOf(ticket) ?? -1;
		if (place >= 0) line?.splice(place, 1);
	}

	/** Drops the throttles that are off, and else the one that nobody has run into for longest. */
	private sweep(): void {
		const now = this.clock.now();
		const idle = [...this.entries].filter(([, { line }]) => line.length === 0);
		for (const [key, { throttle }] of idle) if (isOff(throttle, now)) this.entries.delete(key);
		const [oldest] = idle;
		if (this.entries.size > MOST_THROTTLES && oldest) this.entries.delete(oldest[0]);
	}
}

function join(line: Ticket[], ticket: Ticket): void {
	const firstOther = ticket.isCall ? line.findIndex(({ isCall }) => !isCall) : -1;
	line.splice(firstOther < 0 ? line.length : firstOther, 0, ticket);
}

/** The throttles that all nodes of this process share. */
export const sharedThrottles = new Throttles(CLOCK);
