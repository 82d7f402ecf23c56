import type { Deadline } from '../../api/clock';

/** The address that was called. */
export interface Origin {
	/** Tells apart addresses that were made for different payments. */
	address: string;
	/** Its signed part with the signature, whether that fits or not. Empty where there is none. */
	signed: string;
	/** Whether we gave it out: else anybody may have written it. */
	isOurs: boolean;
}

/** Stands for all addresses with a signature that does not fit. They share one watch of a payment. Only a call with the same signature takes it over. */
export const UNVERIFIED = 'unverified';

/** So many calls go on looking at the same time: n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** A call that goes on looking after it has answered. */
export interface Watch extends Origin {
	/** Ends the watch when it is over, or ended. */
	until: Deadline;
	/** Whether Konnect knows the payment: else anybody may have invented it. */
	isKnown: boolean;
}

/** The watches of this process: one for each payment of a node, and each address that was made for it. */
export class Watches {
	/** The one that has looked longest comes first. */
	private readonly watches = new Map<string, Watch>();

	has(key: string, address: string): boolean {
		return this.watches.has(`${key} ${address}`);
	}

	/**
	 * Begins a watch. An earlier one of the same address ends, and leaves it its place: the new one may look on for longer. Where all
	 * places are taken, one of those that are worth least ends. So nobody uses up the places with references that he invents.
	 *
	 * @param mayDisplace whether it may end the watch of another payment that is worth as much
	 * @returns whether it has begun
	 */
	begin(key: string, watch: Watch, mayDisplace: boolean): boolean {
		const name = `${key} ${watch.address}`;
		const last = this.watches.get(name);
		// The one that watches may be genuine, once the credential is mended.
		if (last && last.signed !== watch.signed) return false;
		if (last) {
			// The later call may know less: n8n or Konnect cannot be asked just now.
			watch.isOurs ||= last.isOurs;
			watch.isKnown ||= last.isKnown;
			last.until.end();
		} else if (this.watches.size >= MOST_WATCHES) {
			const all = [...this.watches.values()];
			const least = Math.min(...all.map(worthOf));
			if (worthOf(watch) < (mayDisplace ? least : least + 1)) return false;
			this.endOne(all.filter((other) => worthOf(other) === least));
		}
		this.watches.set(name, watch);
		return true;
	}

	/** Ends the one that has looked longest. Of payments that Konnect does not know, whoever has called for most of them loses one. */
	private endOne(all: Watch[]): void {
		const countOf = ({ isKnown, address }: Watch) =>
			isKnown ? 1 : all.filter((other) => other.address === address).length;
		const most = Math.max(...all.map(countOf));
		const ended = all.find((watch) => countOf(watch) === most);
		ended?.until.end();
		for (const [name, watch] of this.watches) if (watch === ended) this.watches.delete(name);
	}

	/** Called by the watch itself when it is done. */
	leave(key: string, watch: Watch): void {
		const name = `${key} ${watch.address}`;
		if (this.watches.get(name) === watch) this.watches.delete(name);
	}

	/** Ends the watches of a payment. */
	end(key: string): void {
		for (const [name, { until }] of this.watches) if (name.startsWith(`${key} `)) until.end();
	}
}

/** A payer can invent references for a signed address: what Konnect knows is worth more. */
const worthOf = ({ isOurs, isKnown }: Watch) => (isKnown ? 2 : 0) + (isOurs ? 1 : 0);
