import type { Deadline } from '../../api/clock';

/** So many calls go on looking at the same time: n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** A call that goes on looking after it has answered. */
export interface Watch {
	/** Ends the watch when it is over, or ended. */
	until: Deadline;
	/** Whether its address is one that we gave out: else anybody may have written it. */
	isOurs: boolean;
	/** Whether Konnect knows the payment: else anybody may have invented it. */
	isKnown: boolean;
}

/** The watches of this process, one for each payment of a node. */
export class Watches {
	/** The one that has looked longest comes first. */
	private readonly watches = new Map<string, Watch>();

	has(key: string): boolean {
		return this.watches.has(key);
	}

	/**
	 * Begins a watch. It takes over from an earlier call for the same payment, because it may look on for longer, and keeps its
	 * place. Where there is no place, the watch that is worth least ends, of those the one that has looked longest: so nobody
	 * exhausts them with references that he invents.
	 *
	 * @param mayDisplace whether it may end the watch of another payment
	 * @returns whether it has begun
	 */
	begin(key: string, watch: Watch, mayDisplace: boolean): boolean {
		const last = this.watches.get(key);
		if (last && last.isOurs && !watch.isOurs) return false;
		last?.until.end();
		if (!last && this.watches.size >= MOST_WATCHES) {
			const all = [...this.watches];
			const least = Math.min(...all.map(([, other]) => worthOf(other)));
			if (!mayDisplace || worthOf(watch) < least) return false;
			const [first = ''] = all.find(([, other]) => worthOf(other) === least) ?? [];
			this.end(first);
		}
		this.watches.set(key, watch);
		return true;
	}

	/** Called by the watch itself when it is done. */
	leave(key: string, watch: Watch): void {
		if (this.watches.get(key) === watch) this.watches.delete(key);
	}

	/** Ends the watch of a payment, if there is one. */
	end(key: string): void {
		this.watches.get(key)?.until.end();
		this.watches.delete(key);
	}
}

const worthOf = ({ isOurs, isKnown }: Watch) => (isKnown ? 2 : 0) + (isOurs ? 1 : 0);
