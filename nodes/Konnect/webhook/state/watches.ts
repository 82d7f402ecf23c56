import type { Deadline } from '../../api/clock';

/** So many calls go on looking at the same time: n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** How much a watch is worth: the reference may be anybody's invention, our address has it, Konnect knows the payment. */
export type Worth = 'anybody' | 'ours' | 'known';

const WORTHS: readonly Worth[] = ['anybody', 'ours', 'known'];

interface Watch {
	until: Deadline;
	worth: Worth;
}

/** The calls of this process that go on looking after they have answered, one for each payment of a node. */
export class Watches {
	/** The one that has looked longest comes first. */
	private readonly watches = new Map<string, Watch>();

	has(key: string): boolean {
		return this.watches.has(key);
	}

	/**
	 * Begins a watch. One more than there may be ends the one that has looked longest, of those that are worth least: so nobody
	 * exhausts them with references that he invents. A page that asks again takes over the watch of its last load, but ends no other.
	 *
	 * @param until ends the watch when it is over, or ended
	 * @returns false where another call watches the same payment, or there is no place
	 */
	begin(key: string, until: Deadline, worth: Worth, isPageAgain: boolean): boolean {
		const last = this.watches.get(key);
		if (last && !isPageAgain) return false;
		last?.until.end();
		if (!last && this.watches.size >= MOST_WATCHES) {
			const all = [...this.watches];
			const least = WORTHS.find((one) => all.some(([, watch]) => watch.worth === one)) ?? worth;
			if (isPageAgain || WORTHS.indexOf(worth) < WORTHS.indexOf(least)) return false;
			const [first = ''] = all.find(([, watch]) => watch.worth === least) ?? [];
			this.end(first);
		}
		// Where there was one, its place is kept.
		this.watches.set(key, { until, worth });
		return true;
	}

	/** Konnect has told of the payment. */
	know(key: string, until: Deadline): void {
		const watch = this.watches.get(key);
		if (watch?.until === until) watch.worth = 'known';
	}

	/** Called by the watch itself when it is done. */
	leave(key: string, until: Deadline): void {
		if (this.watches.get(key)?.until === until) this.watches.delete(key);
	}

	/** Ends the watch of a payment, if there is one. */
	end(key: string): void {
		this.watches.get(key)?.until.end();
		this.watches.delete(key);
	}
}
