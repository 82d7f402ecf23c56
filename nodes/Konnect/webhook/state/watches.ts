import type { Deadline } from '../../api/clock';

/** The address that was called. */
export interface Origin {
	/** A name for it: addresses made for different payments differ. */
	address: string;
	/** Its signed part with the signature, which may not fit. Empty where there is none. */
	signed: string;
	/** Whether we made it. Otherwise anybody may have written it. */
	isOurs: boolean;
}

/** The address of all calls whose signature does not fit. They share a watch, which only a call with the same signature takes over. */
export const UNVERIFIED = 'unverified';

/** Calls that go on looking at the same time. n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** What decides how much a call is worth. */
export interface Standing extends Origin {
	/** Whether Konnect has shown the payment. Otherwise anybody may have invented it. */
	isKnown: boolean;
}

/** A call that goes on looking after its answer. */
export interface Watch extends Standing {
	/** Ends the watch when it is over, or ended. */
	until: Deadline;
}

/** The watches of this process: one for each payment of a node, and each address that was made for it. */
export class Watches {
	/** Those that have looked longest come first. */
	private readonly watches = new Map<string, Watch>();

	has(key: string, address: string): boolean {
		return this.watches.has(`${key} ${address}`);
	}

	/**
	 * Begins a watch. It takes over an earlier one of the same address that would end sooner. Where all places are taken, one of the
	 * watches that are worth least ends. So nobody can use up the places with invented references.
	 *
	 * @param mayDisplace whether it may end the watch of another payment that is worth as much
	 * @returns whether it has begun
	 */
	begin(key: string, watch: Watch, mayDisplace: boolean): boolean {
		const name = `${key} ${watch.address}`;
		const last = this.watches.get(name);
		// The earlier one may be genuine, once the credential is fixed.
		if (last && (last.signed !== watch.signed || last.until.at > watch.until.at)) return false;
		if (last) {
			// The later call may know less, if n8n or Konnect cannot be asked just now.
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

	/** Ends the one that has looked longest. Of payments that Konnect does not know, the address with the most of them loses one. */
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

/** A payer can invent references for a signed address, so a payment that Konnect has shown is worth more. */
const worthOf = ({ isOurs, isKnown }: Standing) => (isKnown ? 2 : 0) + (isOurs ? 1 : 0);
