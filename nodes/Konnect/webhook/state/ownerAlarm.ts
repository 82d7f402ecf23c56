import { setBounded } from '../../api/bounded';
import type { Clock } from '../../api/clock';

/** Milliseconds between two messages to the owner about the same kind of problem. */
const QUIET_FOR = 10 * 60_000;

const MOST_KINDS = 100;

/** Decides when the owner is told again, for each kind of problem. */
export class OwnerAlarm {
	private readonly last = new Map<string, { at: number; calls: number }>();

	constructor(private readonly clock: Clock) {}

	/**
	 * @param isCounted whether the call has rung for this kind before
	 * @returns the other calls that have met the same since the owner was last told; undefined where that was a short time ago
	 */
	ring(kind: string, isCounted: boolean): number | undefined {
		const now = this.clock.now();
		const last = this.last.get(kind);
		if (last && now - last.at < QUIET_FOR) {
			if (!isCounted) last.calls++;
			return undefined;
		}
		setBounded(this.last, kind, { at: now, calls: 0 }, MOST_KINDS);
		return last ? last.calls - Number(isCounted) : 0;
	}
}
