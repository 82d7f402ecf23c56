import { setBounded } from '../../api/bounded';
import type { Clock } from '../../api/clock';

/** What only the workflow's owner can mend is told to the owner at most so often, in milliseconds. */
const QUIET_FOR = 10 * 60_000;

const MOST_KINDS = 100;

/** Tells when the owner is to be told again, for each kind of thing that is wrong. */
export class OwnerAlarm {
	private readonly last = new Map<string, { at: number; calls: number }>();

	constructor(private readonly clock: Clock) {}

	/** @returns how many calls have met the same since the owner was last told; undefined where that is not long ago */
	ring(kind: string): number | undefined {
		const now = this.clock.now();
		const last = this.last.get(kind);
		if (last && now - last.at < QUIET_FOR) {
			last.calls++;
			return undefined;
		}
		setBounded(this.last, kind, { at: now, calls: 0 }, MOST_KINDS);
		return last?.calls ?? 0;
	}
}
