import type { Deadline } from '../../api/clock';

/** So many calls go on looking at the same time: n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** The calls of this process that go on looking after they have answered, one for each payment of a node. */
export class Watches {
	/** The one that has looked longest comes first. */
	private readonly untils = new Map<string, Deadline>();

	has(key: string): boolean {
		return this.untils.has(key);
	}

	/**
	 * Begins a watch. One more than there may be ends the one that has looked longest.
	 *
	 * @param until ends the watch when it is over, or ended
	 * @returns false where another call watches the same payment
	 */
	begin(key: string, until: Deadline): boolean {
		if (this.extend(key, until)) return false;
		this.untils.set(key, until);
		const [[oldest, its] = []] = this.untils;
		if (this.untils.size > MOST_WATCHES && oldest !== undefined) {
			this.untils.delete(oldest);
			its?.end();
		}
		return true;
	}

	/**
	 * Has the call that watches a payment look on for as long as another call of it would.
	 *
	 * @returns false where no call watches it
	 */
	extend(key: string, until: Deadline): boolean {
		const its = this.untils.get(key);
		if (!its || its.isOver) return false;
		its.extend(until.at);
		return true;
	}

	/** Called by the watch itself when it is done. */
	leave(key: string, until: Deadline): void {
		if (this.untils.get(key) === until) this.untils.delete(key);
	}

	/** Ends the watch of a payment, if there is one. */
	end(key: string): void {
		this.untils.get(key)?.end();
		this.untils.delete(key);
	}
}
