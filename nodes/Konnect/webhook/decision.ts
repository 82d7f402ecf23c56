import type { IDataObject } from 'n8n-workflow';

import type { Deadline } from '../api/clock';
import type { Connection } from '../api/connection';
import type { Mismatch } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Problem } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { PaymentState } from '../payment/state';
import { hasEnded } from '../payment/state';
import type { Patience } from './patience';
import type { Claim } from './state/events';
import type { Fact } from './state/singleflight';

/** When a call came, and how long it can wait. */
export interface Arrival {
	/** Milliseconds of the clock. */
	readonly at: number;
	readonly answerBy: Deadline;
	readonly lookUntil: Deadline;
	readonly patience: Patience;
	/** An open page asks again within so many milliseconds; 0 for a server. A watch lets it go first, as it shows what it finds. */
	readonly comesAgainIn: number;
}

/** A fact that was asked for after the call came. Refusals take only such facts, so one that rests on a memory does not compile. */
export class Current<T> {
	declare protected readonly sealed: undefined;

	private constructor(readonly value: T) {}

	static of<T>(fact: Fact<T>, call: Pick<Arrival, 'at'>): Current<T> | undefined {
		return fact.askedAt >= call.at ? new Current(fact.value) : undefined;
	}
}

/** A payment that has ended. Only these may be answered as final. */
export class Settled {
	declare protected readonly sealed: undefined;

	private constructor(
		readonly paymentRef: string,
		readonly state: 'paid' | 'expired',
	) {}

	static of({ paymentId, state }: Pick<Payment, 'paymentId' | 'state'>): Settled | undefined {
		return hasEnded(state) ? new Settled(paymentId, state) : undefined;
	}

	/** A payment that has started the workflow as paid. It stays paid, whatever another copy of Konnect's data says. */
	static recorded = (paymentRef: string) => new Settled(paymentRef, 'paid');
}

export const OTHERS_OPEN = 'another payment that this execution waits for is still open';

export type Decision = Final | Again | Run;

/** An answer that would stay the same for ever. */
export class Final {
	declare protected readonly sealed: undefined;

	private constructor(
		readonly kind: 'malformed' | 'unsigned' | 'notFound' | 'mismatched' | 'notChosen' | 'done',
		readonly reason: string,
		readonly payment?: Settled,
		readonly mismatches: readonly Mismatch[] = [],
	) {}

	/** The call names no payment, or two. Nothing was asked of anyone. */
	static malformed = (reason: string) => new Final('malformed', reason);

	/** The address does not have our signature. Konnect was not asked. */
	static unsigned = (_connection: Current<Connection>, reason: string) =>
		new Final('unsigned', reason);

	static notFound = (_: Current<'notFound'>, _connection: Current<Connection>, reason: string) =>
		new Final('notFound', reason);

	/** The address was made for another payment, or the payment is for another wallet. */
	static mismatched(
		{ value: payment }: Current<Settled>,
		_connection: Current<Connection>,
		mismatches: readonly Mismatch[],
	): Final {
		// Fields without their values: anyone may have sent the call.
		const fields = [...new Set(mismatches.map(({ field }) => field))].join(', ');
		const reason = `the payment is not the expected one: ${fields}`;
		return new Final('mismatched', reason, payment, mismatches);
	}

	/** The workflow does not start with this state, or it waits for another payment, too. */
	static notChosen = (payment: Settled, reason: string) => new Final('notChosen', reason, payment);

	/** The workflow was started, or the execution let go on, for this or a later event. */
	static done = (payment: Settled, reason: string) => new Final('done', reason, payment);
}

/** Why there is no final answer yet. All of it passes by itself. */
export type Passing =
	| 'open'
	/** Time was up before the answer came, or before the question could be asked. */
	| 'late'
	| 'away'
	| 'n8nAway'
	/** n8n still stores the execution of another call. */
	| 'busy'
	| 'notStored'
	/** Konnect may be behind its own call: the address has our signature. */
	| 'unseen';

/** Answered for now, and looked at again. */
export interface Again {
	/** `owner`: what only the workflow's owner can fix. */
	readonly why: Passing | { owner: Problem };
	readonly paymentRef?: string;
	readonly state?: PaymentState;
	readonly isKnown?: boolean;
	/** What the caller is told where its own payment has ended, but another one holds the execution up. */
	readonly final?: Final;
	/** Starts the workflow with a state that can still change. Called at the call's end, because a call can do so only once. */
	readonly news?: () => Promise<Decision>;
}

/** Start the workflow, or let the waiting execution go on. */
export interface Run {
	readonly items: IDataObject[];
	/** Undefined in a test, which starts for each call. */
	readonly claim: Claim | undefined;
	readonly paymentRef: string;
	readonly state: PaymentState;
	readonly then: Final | Again;
}

export const isAgain = (decision: Decision): decision is Again => 'why' in decision;

export const isRun = (decision: Decision): decision is Run => 'items' in decision;

/** What only the owner can fix; undefined for everything else. */
export function ownerProblemOf(decision: Decision): Problem | undefined {
	if (isAgain(decision)) {
		const { why, paymentRef } = decision;
		if (typeof why !== 'object') return undefined;
		const { message, description } = why.owner;
		const named = paymentRef && `The call was for payment ${paymentRef}`;
		return { message, description: sentences(description, named) };
	}
	if (isRun(decision) || decision.kind !== 'mismatched') return undefined;
	const { payment, mismatches, reason } = decision;
	if (payment?.state !== 'paid') return undefined;
	const differences = mismatches.map(
		({ field, expected, actual }) =>
			`${field} should be ${String(expected)} and is ${String(actual ?? 'missing')}`,
	);
	return {
		message: `The paid payment ${payment.paymentRef} was not taken: ${reason}`,
		description: `Somebody has paid, but not what the address that was called was made for: ${differences.join('; ')}. Look the payment up in the Konnect dashboard.`,
	};
}
