import { isObjectId } from '../payment/paymentId';
import type { PaymentEvent, Progress } from './event';
import { advance, formatProgress, furtherOf, isNews, parseProgress } from './event';
import { claimOn, Holds, type Claim, type Hold } from './holds';
import { after } from './patience';

/**
 * How far each payment has come, the longest unchanged first, to be kept in n8n's static data. One text, because n8n parses all
 * static data of a workflow for each of its calls, and walks through every object in them.
 *
 * `<registry> <payment>:<progress> <payment>:<progress> …`
 */
export type EventRecord = string;

/** How many payments are remembered for one node. One takes at most 64 characters, so all stay below 64 kB. */
export const MOST_ENTRIES = 1000;

/** The right to start the workflow for an event. Kept once the execution is stored, given back where none was. */
export interface EventClaim extends Claim {
	/** What to remember once the execution is stored: all that is known by now, and this event. */
	record(): EventRecord;
}

/**
 * Which events of one node's payments have started the workflow. One registry serves all calls of a node in this process,
 * whatever copy of the static data n8n has given to each.
 */
export class EventRegistry {
	/** By payment, the longest unchanged first; in the text of the record, which is read only where it is needed. */
	private kept = new Map<string, string>();

	private readonly holds = new Holds();

	private overtake: () => void = () => {};

	/** Begins the records that this registry has written. */
	private readonly mark = `${Math.random().toString(36).slice(2, 10)} `;

	private lastLearnt = '';

	/**
	 * Takes in what static data remember: of an earlier process, or of another one that serves the same webhook. What it has
	 * written itself it knows.
	 */
	learn(record: EventRecord): void {
		if (record.startsWith(this.mark) || record === this.lastLearnt) return;
		this.lastLearnt = record;
		/** Entries that are new here, by the known one that they stand before. */
		const before = new Map<string, Array<[string, string]>>();
		let unplaced: Array<[string, string]> = [];
		for (const [paymentRef, text] of entriesOf(record)) {
			const known = this.kept.get(paymentRef);
			if (known !== text && isEntry(paymentRef, text)) {
				if (known === undefined) unplaced.push([paymentRef, text]);
				else this.kept.set(paymentRef, further(known, text));
			}
			if (known !== undefined && unplaced.length > 0) {
				before.set(paymentRef, unplaced);
				unplaced = [];
			}
		}
		if (before.size === 0 && unplaced.length === 0) return;
		const entries = [...this.kept].flatMap((entry) => [...(before.get(entry[0]) ?? []), entry]);
		this.kept = new Map([...entries, ...unplaced].slice(-MOST_ENTRIES));
	}

	/**
	 * Whether the workflow was started for the paid payment, so that nothing new can come and Konnect need not be asked. While
	 * another call holds a claim on the payment its end is awaited.
	 *
	 * @param patience milliseconds
	 */
	async isSettled(paymentRef: string, patience: number): Promise<boolean> {
		await this.holds.free(paymentRef, after(patience));
		return parseProgress(this.kept.get(paymentRef))?.last?.state === 'paid';
	}

	/**
	 * Claims an event. While another call holds a claim on the same payment its end is awaited, because this call must do what
	 * that one could not.
	 *
	 * @param patience milliseconds
	 * @returns `repeat` where the workflow was started for this event or a later one, `busy` where patience ran out
	 */
	async claim(event: PaymentEvent, patience: number): Promise<EventClaim | 'repeat' | 'busy'> {
		const impatient = after(patience);
		const isOld = () => !isNews(parseProgress(this.kept.get(event.paymentRef)), event);
		const hold = await this.holds.take(event.paymentRef, isOld, impatient);
		if (typeof hold === 'string') return hold;
		if ((await Promise.race([this.turn(hold.before), impatient])) === 'late') {
			hold.end();
			return 'busy';
		}
		return this.claimOf(hold, event);
	}

	/**
	 * n8n saves static data whole, and the last call to save wins. So the youngest claim waits until those before it have
	 * ended, and its record has them all. One that is overtaken by a younger claim need not wait: that one does.
	 */
	private async turn(before: Array<Promise<void>>): Promise<void> {
		this.overtake();
		const overtaken = new Promise<void>((resolve) => {
			this.overtake = resolve;
		});
		await Promise.race([Promise.all(before), overtaken]);
	}

	private claimOf(hold: Hold, event: PaymentEvent): EventClaim {
		const { paymentRef } = event;
		const entry = () => formatProgress(advance(parseProgress(this.kept.get(paymentRef)), event));
		return {
			...claimOn(hold, () => this.remember(paymentRef, entry())),
			record: () => {
				const others = [...this.kept].filter(([ref]) => ref !== paymentRef);
				const entries = [...others, [paymentRef, entry()]].slice(-MOST_ENTRIES);
				return this.mark + entries.map((parts) => parts.join(':')).join(' ');
			},
		};
	}

	private remember(paymentRef: string, entry: string): void {
		const known = this.kept.get(paymentRef);
		// What is written last comes last.
		this.kept.delete(paymentRef);
		this.kept.set(paymentRef, known === undefined ? entry : further(known, entry));
		const [oldest] = this.kept.keys();
		if (this.kept.size > MOST_ENTRIES && oldest !== undefined) this.kept.delete(oldest);
	}
}

/** The entries of a record, which may be of another version of this package, or nonsense. */
function entriesOf(record: EventRecord): Array<[string, string]> {
	return record.split(' ').map((entry) => {
		const colon = entry.indexOf(':');
		return [entry.slice(0, colon), entry.slice(colon + 1)];
	});
}

const isEntry = (paymentRef: string, text: unknown) =>
	isObjectId(paymentRef) && parseProgress(text) !== undefined;

const further = (one: string, other: string) =>
	formatProgress(furtherOf(parseProgress(one) as Progress, parseProgress(other) as Progress));
