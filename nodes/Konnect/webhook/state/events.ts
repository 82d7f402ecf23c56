import type { Deadline } from '../../api/clock';
import type { PaymentEvent, Progress } from '../event';
import { advance, furtherOf, isNews, NO_PROGRESS } from '../event';
import type { Claim } from './locks';
import { claimOn, Locks } from './locks';
import type { EventRecord } from './record';
import {
	fingerprintOf,
	formatProgress,
	FINGERPRINT_LENGTH,
	MOST_OPEN_TEXT,
	MOST_PAID,
	parseProgress,
	parseRecord,
} from './record';

const PAID: Progress = { last: { state: 'paid', news: 0 }, unknown: [] };

/**
 * Which events of one trigger's payments have started the workflow. One log serves all calls of a node in this process, whatever
 * copy of the static data n8n has given to each. Payments are known by their fingerprints.
 */
export class EventLog {
	/** The paid payments, the oldest first, and the same as text. */
	private paid = new Set<string>();

	private paidText = '';

	/** How far the others have come, the longest unchanged first, as text. */
	private readonly open = new Map<string, string>();

	private openLength = 0;

	private readonly locks = new Locks();

	/** Payments that are noted, because n8n saves that before it answers: it may yet fail to store the execution. */
	private readonly unanswered = new Set<string>();

	/** Begins the records that this log has written. */
	private readonly mark = Math.random().toString(36).slice(2, 10);

	private lastLearnt = '';

	/** Takes in what static data remember: of an earlier process, or of another one that serves the same webhook. */
	learn(record: EventRecord): void {
		if (record === this.lastLearnt || record.startsWith(`${this.mark} `)) return;
		this.lastLearnt = record;
		const { paid, open } = parseRecord(record);
		if (!paid.every((fingerprint) => this.paid.has(fingerprint))) this.learnPaid(paid);
		for (const [fingerprint, text] of open) {
			const here = this.open.get(fingerprint);
			if (here === text || this.paid.has(fingerprint)) continue;
			const progress = parseProgress(text);
			if (!progress) continue;
			const known = parseProgress(here ?? '');
			this.setOpen(fingerprint, known ? furtherOf(known, progress) : progress);
		}
	}

	/** Whether the workflow was started for this payment as paid. */
	isPaid(paymentRef: string): boolean {
		return this.paid.has(fingerprintOf(paymentRef));
	}

	/** Whether the workflow was started for this event, or a later one. */
	has(event: PaymentEvent): boolean {
		return !isNews(this.progressOf(fingerprintOf(event.paymentRef)), event, fingerprintOf);
	}

	/** Whether the workflow was started for this payment before. */
	knows(paymentRef: string): boolean {
		const fingerprint = fingerprintOf(paymentRef);
		return this.paid.has(fingerprint) || this.open.has(fingerprint);
	}

	/**
	 * Claims an event. While another call holds a claim on the same payment its end is awaited, because this call must do what that
	 * one could not.
	 *
	 * @param deadline when the call can wait no longer
	 * @returns `repeat` where the workflow was started for this event or a later one, `busy` where patience ran out
	 */
	async claim(event: PaymentEvent, deadline: Deadline): Promise<Claim | 'repeat' | 'busy'> {
		const fingerprint = fingerprintOf(event.paymentRef);
		const isDone = () =>
			!this.unanswered.has(fingerprint) &&
			!isNews(this.progressOf(fingerprint), event, fingerprintOf);
		const free = await this.locks.take(event.paymentRef, deadline, isDone);
		if (typeof free === 'string') return free;
		const before = this.progressOf(fingerprint);
		const after = advance(before, event, fingerprintOf);
		const known = () => JSON.stringify(this.progressOf(fingerprint));
		let noted: string | undefined;
		const commit = () => {
			this.note(fingerprint, furtherOf(this.progressOf(fingerprint), after));
			noted = known();
		};
		const release = () => {
			// Not what another process has noted, nor where it has come further meanwhile.
			if (noted === known()) this.note(fingerprint, before);
		};
		const claim = claimOn({ commit, release }, () => {
			this.unanswered.delete(fingerprint);
			free();
		});
		return {
			...claim,
			// Asked for when the execution is stored. So the record has all that was stored before, whichever answers are still held,
			// and of two records the one that is saved later has more.
			record: () => {
				// n8n may ask once more when it has answered.
				if (claim.isOpen()) {
					commit();
					this.unanswered.add(fingerprint);
				}
				return this.text();
			},
		};
	}

	private text(): EventRecord {
		const open = [...this.open].map((entry) => entry.join(''));
		return [this.mark, this.paidText, ...open].join(' ');
	}

	private progressOf(fingerprint: string): Progress {
		if (this.paid.has(fingerprint)) return PAID;
		return parseProgress(this.open.get(fingerprint) ?? '') ?? NO_PROGRESS;
	}

	/** Remembers how far a payment has come, or that nothing is known of it. */
	private note(fingerprint: string, progress: Progress): void {
		if (progress.last?.state === 'paid') {
			this.dropOpen(fingerprint);
			if (!this.paid.has(fingerprint)) this.addPaid(fingerprint);
			return;
		}
		if (this.paid.delete(fingerprint)) this.paidText = [...this.paid].join('');
		this.setOpen(fingerprint, progress);
	}

	private addPaid(fingerprint: string): void {
		this.paid.add(fingerprint);
		// Joined, because what `+` gives is a chain of as many links as were added, which each use walks through.
		const text = [this.paidText, fingerprint].join('');
		this.paidText = text.slice(-MOST_PAID * FINGERPRINT_LENGTH);
		const [oldest] = this.paid;
		if (this.paid.size > MOST_PAID && oldest !== undefined) this.paid.delete(oldest);
	}

	/** What is new here keeps its place before the known one that it stands before, so that an old record makes nothing young. */
	private learnPaid(learnt: string[]): void {
		const before = new Map<string, string[]>();
		let unplaced: string[] = [];
		for (const fingerprint of learnt) {
			if (!this.paid.has(fingerprint)) {
				unplaced.push(fingerprint);
				this.dropOpen(fingerprint);
			} else if (unplaced.length > 0) {
				before.set(fingerprint, unplaced);
				unplaced = [];
			}
		}
		const all = [...this.paid].flatMap((known) => [...(before.get(known) ?? []), known]);
		this.paid = new Set([...all, ...unplaced].slice(-MOST_PAID));
		this.paidText = [...this.paid].join('');
	}

	private setOpen(fingerprint: string, progress: Progress): void {
		this.dropOpen(fingerprint);
		const text = formatProgress(progress);
		if (text === '') return;
		this.open.set(fingerprint, text);
		this.openLength += lengthOf(text);
		for (const [oldest] of this.open) {
			if (this.openLength <= MOST_OPEN_TEXT) break;
			this.dropOpen(oldest);
		}
	}

	private dropOpen(fingerprint: string): void {
		const text = this.open.get(fingerprint);
		if (text === undefined) return;
		this.openLength -= lengthOf(text);
		this.open.delete(fingerprint);
	}
}

/** What an entry takes in the record, with the space before it. */
const lengthOf = (text: string) => FINGERPRINT_LENGTH + text.length + 1;
