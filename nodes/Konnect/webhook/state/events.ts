import type { Deadline } from '../../api/clock';
import type { PaymentEvent } from './event';
import { statesAfter } from './event';
import { Ring } from './ring';

/** So many paid payments are remembered. Nothing that is not paid takes their place. */
export const MOST_PAID = 10_000;

/** Entries for events of payments that are not paid. An event takes two if its state can come again. */
export const MOST_OPEN = 2_300;

/** The right to start the workflow for an event, or to let an execution go on. */
export interface Claim {
	commit(): void;
	/** It was not done, or came to nothing after all: another call may do it. */
	release(): void;
}

/**
 * Which events of one trigger's payments have started the workflow. One log serves all calls of a node in this process, whatever
 * copy of the static data n8n has given to each. The record in static data is two rings of fingerprints with a space between: one
 * text, because n8n parses the static data for each call, and walks through every object in them.
 */
export class EventLog {
	private readonly paid = new Ring(MOST_PAID);

	private readonly open = new Ring(MOST_OPEN);

	/** What is claimed now. No timer takes a claim away, because n8n may hold an answer for minutes. */
	private readonly held = new Map<string, Promise<void>>();

	private learnt = '';

	/** Whether this log knows events that the last record it has learnt does not. */
	private knowsMore = false;

	/** Takes in the record of static data, which an earlier or another process may have written. */
	learn(record: string): void {
		if (record === this.learnt && !this.knowsMore) return;
		this.learnt = record;
		const [paid = '', open = ''] = record.split(' ');
		const more = [this.paid.learn(paid), this.open.learn(open)];
		this.knowsMore = more.includes(true);
	}

	/** The record to save; undefined where the last one learnt says the same. */
	unsaved(): string | undefined {
		return this.knowsMore ? `${this.paid.text} ${this.open.text}` : undefined;
	}

	isPaid = (paymentRef: string) => this.paid.has(paymentRef);

	/**
	 * Claims an event. If another call holds it, this one waits for the end of that, because it must do what that one could not.
	 *
	 * @returns `done` where the workflow was started for this event or a later one, `busy` where the deadline came first
	 */
	async claim(event: PaymentEvent, deadline: Deadline): Promise<Claim | 'done' | 'busy'> {
		const { paymentRef, state } = event;
		const isPaid = state === 'paid';
		// n8n may hold an earlier event for long. `paid` does not wait for that, and nothing starts beside it.
		const paidKey = `${paymentRef} paid`;
		const key = isPaid ? paidKey : paymentRef;
		for (;;) {
			// Before the lock, so that a call with nothing to do never makes another one wait.
			if (this.has(event) || (!isPaid && this.held.has(paidKey))) return 'done';
			const other = this.held.get(key);
			if (!other) return this.hold(key, event);
			if (deadline.isOver) return 'busy';
			await Promise.race([other, deadline.whenOver()]);
		}
	}

	private hold(key: string, event: PaymentEvent): Claim {
		let free = () => {};
		const held = new Promise<void>((resolve) => {
			free = resolve;
		});
		this.held.set(key, held);
		let isNoted = false;
		const close = () => {
			if (this.held.get(key) === held) this.held.delete(key);
			free();
		};
		return {
			commit: () => {
				if (this.held.get(key) !== held) return;
				isNoted = true;
				this.note(event, 'add');
				close();
			},
			release: () => {
				if (isNoted) this.note(event, 'delete');
				isNoted = false;
				close();
			},
		};
	}

	private note({ paymentRef, state, eventId }: PaymentEvent, how: 'add' | 'delete'): void {
		this.knowsMore = true;
		// The state is noted with its event, because earlier states are no news any more.
		const names = [eventId, `${paymentRef}:${state}`];
		if (state === 'paid') this.paid[how](paymentRef);
		else for (const name of names) this.open[how](name);
	}

	private has({ paymentRef, state, eventId }: PaymentEvent): boolean {
		if (this.isPaid(paymentRef) || this.open.has(eventId)) return true;
		return statesAfter(state).some((later) => this.open.has(`${paymentRef}:${later}`));
	}
}
