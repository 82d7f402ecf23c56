import type { Deadline } from '../../api/clock';
import type { PaymentEvent } from './event';
import { statesAfter } from './event';
import type { Claim } from './once';
import { Once } from './once';
import { Ring } from './ring';

/** So many paid payments are remembered. Nothing that is not paid takes their place. */
export const MOST_PAID = 10_000;

/** For the events of payments that are not paid yet; each takes two, or three where its state can come again. */
export const MOST_OPEN = 2_300;

/**
 * What static data remember of a trigger's events: two rings of fingerprints with a space between. One text, because n8n parses all
 * static data of a workflow for each of its calls, and walks through every object in them.
 */
export type EventRecord = string;

/**
 * Which events of one trigger's payments have started the workflow. One log serves all calls of a node in this process, whatever
 * copy of the static data n8n has given to each.
 */
export class EventLog {
	private readonly paid = new Ring(MOST_PAID);

	private readonly open = new Ring(MOST_OPEN);

	private readonly once = new Once();

	private learnt = '';

	/** Whether this log knows events that the record it has learnt last does not. */
	private knowsMore = false;

	/** Takes in what static data remember: of an earlier process, or of another one that serves the same webhook. */
	learn(record: EventRecord): void {
		if (record === this.learnt && !this.knowsMore) return;
		this.learnt = record;
		const [paid = '', open = ''] = record.split(' ');
		const more = [this.paid.learn(paid), this.open.learn(open)];
		this.knowsMore = more.includes(true);
	}

	/** The record to be saved; undefined where the one learnt last says as much. */
	unsaved(): EventRecord | undefined {
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
		// A state is noted besides its event, because what comes before it is no news any more.
		const names = [eventId, `${paymentRef}:${state}`];
		return await this.once.claim(paymentRef, deadline, {
			isDone: () => this.has(event),
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
