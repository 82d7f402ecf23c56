import { setBounded } from '../../api/bounded';
import type { Deadline } from '../../api/clock';
import type { Claim } from './locks';
import { claimOn, Locks } from './locks';

const MOST_DONE = 1_000;

/** Things that must be done once each, such as the resuming of an execution. Remembers the last thousand. */
export class OnceOnly {
	private readonly done = new Map<string, true>();

	private readonly locks = new Locks();

	/**
	 * While another call holds a claim on the same thing its end is awaited.
	 *
	 * @param deadline when the call can wait no longer
	 * @returns `repeat` where the thing is done, `busy` where patience ran out
	 */
	async claim(key: string, deadline: Deadline): Promise<Claim | 'repeat' | 'busy'> {
		const free = await this.locks.take(key, deadline, () => this.done.has(key));
		if (typeof free === 'string') return free;
		const commit = () => setBounded(this.done, key, true, MOST_DONE);
		return claimOn({ commit, release: () => {} }, free);
	}
}
