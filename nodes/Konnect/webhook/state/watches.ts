import type { Deadline } from '../../api/clock';

/** Calls that go on looking at the same time. n8n may keep some 10 MB for each. */
export const MOST_WATCHES = 30;

/** A call that goes on looking after its answer. */
export interface Watch {
	/** Names the payment, or the wait, among those of the process. */
	readonly key: string;
	/** Names the address that was called. Addresses that were made for different payments differ, and each has a watch of its own. */
	address: string;
	/** Whether Konnect has shown the payment. Otherwise anybody may have invented it. */
	isKnown: boolean;
	/** Ends the watch when it is over, or ended. */
	readonly until: Deadline;
}

export class Watches {
	/** Those that have looked longest come first. */
	private all: Watch[] = [];

	find = (key: string, address: string) => this.all.find(isSame({ key, address }));

	/**
	 * Begins a watch. It takes over an earlier one of the same address that would end sooner. Where all places are taken, another one
	 * ends, but never for an invented reference one of a payment that Konnect has shown.
	 *
	 * @param mayDisplace whether it may end the watch of another payment that is worth as much
	 * @returns whether it has begun
	 */
	begin(watch: Watch, mayDisplace: boolean): boolean {
		// There can be two after a time in which n8n could not read the credential.
		const earlier = this.all.filter(isSame(watch));
		if (earlier.some(({ until }) => until.at > watch.until.at)) return false;
		for (const last of earlier) {
			// The later call may know less, if n8n or Konnect cannot be asked just now.
			watch.isKnown ||= last.isKnown;
			this.end(last);
		}
		if (this.all.length >= MOST_WATCHES) {
			const other = this.leastOf(this.all);
			const worth = Number(watch.isKnown) - Number(other?.isKnown);
			if (worth < (mayDisplace ? 0 : 1)) return false;
			if (other) this.end(other);
		}
		this.all.push(watch);
		return true;
	}

	/** Of payments that Konnect does not know, the address with the most of them loses one. Else the one that has looked longest ends. */
	private leastOf(all: readonly Watch[]): Watch | undefined {
		const unknown = all.filter(({ isKnown }) => !isKnown);
		const countOf = ({ address }: Watch) => unknown.filter((one) => one.address === address).length;
		const most = Math.max(...unknown.map(countOf));
		return unknown.find((one) => countOf(one) === most) ?? all[0];
	}

	end(watch: Watch): void {
		watch.until.end();
		this.leave(watch);
	}

	leave(watch: Watch): void {
		this.all = this.all.filter((other) => other !== watch);
	}

	endAll(key: string): void {
		for (const watch of this.all) if (watch.key === key) this.end(watch);
	}
}

const isSame =
	({ key, address }: Pick<Watch, 'key' | 'address'>) =>
	(other: Watch) =>
		other.key === key && other.address === address;
