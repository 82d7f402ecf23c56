import type { Deadline } from '../../api/clock';
import type { PaymentEvent } from './event';
import { statesAfter } from './event';
import type { Claim } from './once';
import { Once } from './once';
import { Ring } from './ring';

/** So many paid payments are remembered. Nothing that is not paid takes their place. */
export const MOST_PAID = 10_000;

/** Entries for events of payments that are not paid. An event takes two, or three if its state can come again. */
export const MOST_OPEN = 2_300;

/**
 * Which events of one trigger's payments have started the workflow. One log serves all calls of a node in this process, whatever
 * copy of the static data n8n has given to each. The record in static data is two rings of fingerprints with a space between: one
 * text, because n8n parses the static data for each call, and walks through every object in them.
 */
export class EventLog {
	private readonly paid = new Ring(MOST_PAID);

	private readonly open = new Ring(MOST_OPEN);

	private readonly once = new Once();

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

	/** Whether the workflow was started for this payment as paid. */
	isPaid = (paymentRef: string) => this.paid.has(paymentRef);

	/** Whether the workflow was started for this payment before. */
	knows(paymentRef: string): boolean {
		return this.isPaid(paymentRef) || this.open.has(paymentRef);
	}

	/** @returns `done` where the workflow was started for this event or a later one, `busy` where the deadline came first */
	async claim(event: PaymentEvent, deadline: Deadline): Promise<Claim | 'done' | 'busy'> {
		const { paymentRef, state, eventId } = event;
		const isPaid = state === 'paid';
		// The state is noted with its event, because earlier states are no news any more.
		const names = [eventId, `${paymentRef}:${state}`];
		// n8n may hold an earlier event for long. `paid` does not wait for that, and nothing starts beside it.
		const paidKey = `${paymentRef} paid`;
		return await this.once.claim(isPaid ? paidKey : paymentRef, deadline, {
			isDone: () => this.has(event) || (!isPaid && this.once.isHeld(paidKey)),
			note: () => {
				this.knowsMore = true;
				if (isPaid) this.paid.add(paymentRef);
				else for (const name of [paymentRef, ...names]) this.open.add(name);
			},
			erase: () => {
				this.knowsMore = true;
				if (isPaid) this.paid.delete(paymentRef);
				else for (const name of names) this.open.delete(name);
			},
		});
	}

	/** Whether the workflow was started for this event, or a later one. */
	private has({ paymentRef, state, eventId }: PaymentEvent): boolean {
		if (this.isPaid(paymentRef) || this.open.has(eventId)) return true;
		return statesAfter(state).some((later) => this.open.has(`${paymentRef}:${later}`));
	}
}
