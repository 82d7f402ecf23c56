import { getBounded } from './bounded';
import type { Clock } from './clock';
import { CLOCK } from './clock';
import { Throttle } from './throttle';
import type { Connection } from './connection';
import { identityOf } from './connection';

/** How many throttles are kept at most, however many credentials are refused. Usually they are few and short-lived. */
export const MOST_THROTTLES = 1_000;

/** Milliseconds after which a waiting request looks again at the latest, so that no timer outlives it for long. */
const LONGEST_NAP = 1000;

/** How waiting ended: the request may go, its turn would come too late, or a signal has fired. */
export type Turn = 'go' | 'late' | 'stopped';

/** The throttles of all credentials. A credential that Konnect has not refused has none. */
export class Throttles {
	private readonly throttles = new Map<string, Throttle>();

	constructor(readonly clock: Clock) {}

	get size(): number {
		return this.throttles.size;
	}

	/**
	 * Waits until a request may go: first come, first served. Webhook calls go before all others, so that a long run of items never
	 * keeps a paid payment waiting. If its turn would come too late, a request does not wait at all.
	 *
	 * @param latest time on the clock by which the request must go
	 */
	async turn(
		connection: Connection,
		latest: number,
		signals: readonly AbortSignal[],
		isCall = false,
	): Promise<Turn> {
		const isStopped = () => signals.some(({ aborted }) => aborted);
		if (isStopped()) return 'stopped';
		const throttle = this.of(connection);
		if (!throttle) return 'go';
		const ticket = throttle.join(isCall);
		try {
			while (!isStopped()) {
				const now = this.clock.now();
				const at = throttle.turnOf(throttle.line.indexOf(ticket), now);
				if (at <= now) {
					throttle.lastAt = now;
					return 'go';
				}
				if (at >= latest || throttle.isHopeless(now)) return 'late';
				await this.clock.pause(Math.min(at - now, LONGEST_NAP), signals);
			}
			return 'stopped';
		} finally {
			throttle.leave(ticket);
		}
	}

	/** Konnect has refused a request for coming too fast. */
	slowDown(connection: Connection, sentAt: number, retryAfter: number | undefined): void {
		const make = () => new Throttle();
		const throttle = getBounded(this.throttles, identityOf(connection), make, MOST_THROTTLES);
		throttle.refuse(sentAt, retryAfter, this.clock);
	}

	/** Konnect has answered a request, and did not find that it came too fast. */
	passed(connection: Connection, sentAt: number): void {
		this.of(connection)?.pass(sentAt);
	}

	private of(connection: Connection): Throttle | undefined {
		if (this.throttles.size === 0) return undefined;
		const key = identityOf(connection);
		const throttle = this.throttles.get(key);
		if (!throttle?.isOff(this.clock.now())) return throttle;
		this.throttles.delete(key);
		return undefined;
	}
}

/** The throttles that all nodes of this process share. */
export const sharedThrottles = new Throttles(CLOCK);
