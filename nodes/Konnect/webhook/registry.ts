import type { PaymentEvent, Progress } from './event';
import { advance, formatProgress, furtherOf, isNews, parseProgress } from './event';

/** How far each payment has come, the longest unchanged first: plain data, to be kept in n8n's static data. */
export type EventRecord = Record<string, string>;

/** How many payments are remembered for one node. One takes at most 64 characters of JSON, so all stay below 64 kB. */
export const MOST_ENTRIES = 1000;

/** After this many milliseconds a claim is given back by itself: n8n has lost the call. */
const CLAIM_LIFETIME = 5 * 60_000;

/** The right to start the workflow for an event. Ends with `keep` or `giveBack`; what comes after the first does nothing. */
export interface Claim {
	/** What to remember once the execution is stored: all that is known, and this event. */
	record: EventRecord;
	/** n8n has stored the execution. */
	keep(): void;
	/** No execution was stored: another call may have the event. */
	giveBack(): void;
}

interface OpenClaim {
	ended: Promise<void>;
	end(): void;
}

/**
 * Which events of one node's payments have started the workflow. One registry serves all calls of a node in this process,
 * whatever copy of the static data n8n has given to each.
 */
export class EventRegistry {
	private readonly kept = new Map<string, Progress>();

	private readonly open = new Map<string, OpenClaim>();

	private overtake: () => void = () => {};

	/** Takes in what static data remember: of an earlier process, or of another one that serves the same webhook. */
	learn(record: unknown): void {
		if (typeof record !== 'object' || record === null) return;
		for (const [paymentRef, text] of Object.entries(record)) {
			const progress = parseProgress(text);
			if (!progress) continue;
			const known = this.kept.get(paymentRef);
			// A known one keeps its place: being read again does not make it young.
			this.kept.set(paymentRef, known ? furtherOf(known, progress) : progress);
		}
		this.forgetOldest();
	}

	/**
	 * Whether the workflow was started for the paid payment, so that nothing new can come and Konnect need not be asked. While
	 * another call holds a claim on the payment its end is awaited.
	 *
	 * @param record as for `learn`
	 * @param patience milliseconds
	 */
	async isSettled(paymentRef: string, record: unknown, patience: number): Promise<boolean> {
		const other = this.open.get(paymentRef);
		if (other) await Promise.race([other.ended, after(patience)]);
		const known = this.kept.get(paymentRef) ?? parseProgress((record as EventRecord)[paymentRef]);
		return known?.last?.state === 'paid';
	}

	/**
	 * Claims an event. While another call holds a claim on the same payment its end is awaited, because this call must do what
	 * that one could not.
	 *
	 * @param patience milliseconds
	 * @returns `repeat` where the workflow was started for this event or a later one, `busy` where patience ran out
	 */
	async claim(event: PaymentEvent, patience: number): Promise<Claim | 'repeat' | 'busy'> {
		const impatient = after(patience);
		for (;;) {
			if (!isNews(this.kept.get(event.paymentRef), event)) return 'repeat';
			const other = this.open.get(event.paymentRef);
			if (!other) break;
			if ((await Promise.race([other.ended, impatient])) === 'late') return 'busy';
		}
		const before = [...this.open.values()].map(({ ended }) => ended);
		const claim = this.openClaim(event.paymentRef);
		await this.turn(before);
		return this.holdClaim(claim, event);
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

	private openClaim(paymentRef: string): OpenClaim {
		let resolve: () => void = () => {};
		const ended = new Promise<void>((done) => {
			resolve = done;
		});
		const claim: OpenClaim = {
			ended,
			end: () => {
				if (this.open.get(paymentRef) === claim) this.open.delete(paymentRef);
				resolve();
			},
		};
		this.open.set(paymentRef, claim);
		void after(CLAIM_LIFETIME).then(claim.end);
		return claim;
	}

	private holdClaim(claim: OpenClaim, event: PaymentEvent): Claim {
		const { paymentRef } = event;
		const progress = advance(this.kept.get(paymentRef), event);
		const record = Object.fromEntries(
			[...this.kept]
				.filter(([ref]) => ref !== paymentRef)
				.concat([[paymentRef, progress]])
				.slice(-MOST_ENTRIES)
				.map(([ref, state]) => [ref, formatProgress(state)]),
		);
		return {
			record,
			keep: () => {
				if (this.open.get(paymentRef) === claim) this.remember(paymentRef, progress);
				claim.end();
			},
			giveBack: claim.end,
		};
	}

	private remember(paymentRef: string, progress: Progress): void {
		this.kept.delete(paymentRef);
		this.kept.set(paymentRef, progress);
		this.forgetOldest();
	}

	private forgetOldest(): void {
		for (const paymentRef of this.kept.keys()) {
			if (this.kept.size <= MOST_ENTRIES) return;
			this.kept.delete(paymentRef);
		}
	}
}

/** Resolves after some milliseconds, without keeping the process alive for it. */
const after = (milliseconds: number) =>
	new Promise<'late'>((resolve) => {
		AbortSignal.timeout(Math.max(0, milliseconds)).addEventListener(
			'abort',
			() => resolve('late'),
			{
				once: true,
			},
		);
	});
