import type { IDataObject } from 'n8n-workflow';

import type { Deadline } from '../api/clock';
import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Outcome } from '../api/payments';
import type { Mismatch } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Again, Arrival, Decision, Passing } from './decision';
import { Current, Final, Settled } from './decision';
import type { Limiter } from './state/limiter';
import type { Credential, NodeState, ProcessState } from './state/nodeState';
import type { Claim } from './state/once';
import { paidIn } from './state/payments';
import type { Fact } from './state/singleflight';
import type { Origin } from './state/watches';

/** What a call is about: what its adapter knows before anything is asked. */
export interface Subject {
	/** Names the payment, or the wait, among those of the process. */
	key: string;
	/** The address, as far as it can be told before anything is asked. */
	origin: Origin;
	/** The payments that it depends on: 24 hexadecimal characters each, in lower case. The one that the call names comes first. */
	refs: readonly [string, ...string[]];
	/** In n8n's test a state that can still change starts the workflow at once: that is what its user wants to see. */
	isTest?: boolean;
	/** The label of the field that chooses the states. */
	choice: string;
	doneReason: string;
	/** What the address and the settings come to with a credential. */
	check(connection: Connection): Check;
}

export interface Check {
	/** Why the address is not believed. */
	refusal?: string | undefined;
	origin: Origin;
	/** Of which share a question about a payment is, that was never seen here. */
	strangers?: Limiter | undefined;
	mismatches(payment: Payment): Mismatch[];
	/** Whether the payment has started the workflow as paid. */
	isRecordedPaid(paymentRef: string): boolean;
	isChosen(payment: Payment): boolean;
	/** Claims what the payments are to start. Undefined where events are not told apart. */
	claim(payment: Payment, deadline: Deadline): Promise<Claim | 'done' | 'busy' | undefined>;
	items(payments: ReadonlyMap<string, Payment>): IDataObject[];
}

/** What a decision needs of the world. */
export interface Deps {
	/** What all calls of the node share, and all nodes of the process. */
	node: NodeState;
	process: ProcessState;
	credential: { id: string; read(): Promise<Credential> };
	fetch(connection: Connection, paymentRef: string): Promise<Outcome<Payment>>;
}

/** One look of a call. */
export interface Look {
	arrival: Arrival;
	/** When it began, by the clock: the first with the call itself. */
	at: number;
	/** The oldest answer that is taken; milliseconds of the clock. */
	since: number;
	/** Whether the caller has had a look before this one. */
	isFurther: boolean;
	/** Whether Konnect has shown the payment to this call before. Then a later 404 is not believed, and no stranger has invented it. */
	isKnown: boolean;
	deadline: Deadline;
	/** Within so many milliseconds after the deadline the caller comes again, and takes what was read by then. 0: it may never come. */
	comesAgainIn: number;
}

/** For so many milliseconds a credential that was read is good for calls that are taken: reading one costs n8n more than all our checks. */
const GOOD_FOR = 10_000;

/** A refusal would rest on what was asked before the call came. */
const STALE = Symbol('stale');

/** Looks once: first with what is known, and where that would refuse the call, with what is asked now. */
export async function decide(subject: Subject, look: Look, deps: Deps): Promise<Decision> {
	const { at, deadline } = look;
	const [paymentRef] = subject.refs;
	for (const isAnew of [false, true]) {
		const since = isAnew ? at : deadline.clock.now() - GOOD_FOR;
		const fact = await deps.node.credentialSince(since, deadline, deps.credential);
		if (fact === 'late') break;
		const { value, askedAt } = fact;
		if (value !== 'away' && value.ok) {
			const connection = { value: value.value, askedAt };
			const decision = await new Round(subject, look, deps, connection, isAnew).decide();
			if (decision !== STALE) return decision;
		} else if (askedAt >= at) {
			return { why: value === 'away' ? 'n8nAway' : { owner: value.problem }, paymentRef };
		}
	}
	return { why: 'late', paymentRef };
}

/** A look with one credential. */
class Round {
	private readonly check: Check;

	private readonly payments = new Map<string, Payment>();

	constructor(
		private readonly subject: Subject,
		private readonly look: Look,
		private readonly deps: Deps,
		private readonly connection: Fact<Connection>,
		/** Nothing that was asked before the call came is taken. */
		private readonly isAnew: boolean,
	) {
		this.check = subject.check(connection.value);
	}

	async decide(): Promise<Decision | typeof STALE> {
		const { check, subject } = this;
		const [paymentRef] = subject.refs;
		const connection = this.current(this.connection);
		if (check.refusal !== undefined) {
			return connection ? Final.unsigned(connection, check.refusal) : STALE;
		}
		// The signature does not fit this credential, which may be an old one. So the call does not count as a stranger's yet.
		if (check.origin.address !== subject.origin.address && !connection) return STALE;
		const read = await this.read(paymentRef, this.isAnew);
		if (typeof read === 'string') return { why: read, paymentRef, origin: check.origin };
		const { value, askedAt } = read;
		if (!value.ok) return this.onFailure(value.failure, askedAt, connection);
		return await this.onPayment(value.value, askedAt, connection);
	}

	private onFailure(
		{ kind, problem }: Failure,
		askedAt: number,
		connection: Current<Connection> | undefined,
	): Decision | typeof STALE {
		const [paymentRef] = this.subject.refs;
		const { origin } = this.check;
		if (kind === 'unavailable' || kind === 'busy' || kind === 'invalid') {
			return { why: 'away', paymentRef, origin };
		}
		const current = this.current({ value: 'notFound' as const, askedAt });
		if (!connection || !current) return STALE;
		if (kind === 'notFound') {
			return origin.isOurs || this.look.isKnown
				? { why: 'unseen', paymentRef, origin }
				: Final.notFound(current, connection, problem.message);
		}
		// The owner is told which payment the call was for.
		const description = `${problem.description} The call was for payment ${paymentRef}.`;
		return { why: { owner: { message: problem.message, description } }, paymentRef, origin };
	}

	private async onPayment(
		payment: Payment,
		askedAt: number,
		connection: Current<Connection> | undefined,
	): Promise<Decision | typeof STALE> {
		const { check, subject } = this;
		const { paymentId: paymentRef, state } = payment;
		const settled = Settled.of(payment);
		const open: Again = { why: 'open', paymentRef, state, origin: check.origin };
		const mismatches = check.mismatches(payment);
		if (mismatches.length > 0) {
			if (!settled) return open;
			const current = this.current({ value: settled, askedAt });
			return current && connection ? Final.mismatched(current, connection, mismatches) : STALE;
		}
		if (check.isRecordedPaid(paymentRef)) {
			return Final.done(Settled.recorded(paymentRef), subject.doneReason);
		}
		if (!check.isChosen(payment)) {
			const reason = `the payment's state is "${state}", which is not in '${subject.choice}'`;
			return settled ? Final.notChosen(settled, reason) : open;
		}
		this.payments.set(paymentRef, payment);
		const others = await this.readOthers();
		if (others === 'open') {
			const reason = 'another payment that this execution waits for is still open';
			return settled ? { ...open, told: Final.notChosen(settled, reason) } : open;
		}
		if (others !== 'chosen') return { ...open, why: others };
		const isSettled = [...this.payments.values()].every((one) => Settled.of(one));
		const claimed = async (): Promise<Decision> => {
			// At the end of a watch another call may have seen a newer state.
			const { latest } = this.deps.process.payments.of(this.connection.value, paymentRef);
			const isOld = latest?.value.ok === true && latest.value.value.state !== state;
			if (!settled && isOld) return open;
			const claim = await check.claim(payment, this.look.deadline);
			if (claim === 'busy') return { ...open, why: 'busy' };
			const then = settled ? Final.done(settled, subject.doneReason) : open;
			if (claim === 'done') return then;
			return { items: check.items(this.payments), claim, paymentRef, state, then };
		};
		// A call can start the workflow once. With a state that can still change it does so at its end: the payment may be paid meanwhile.
		return isSettled ? await claimed() : { ...open, news: claimed };
	}

	/** Reads the other payments one by one, until one is found that holds the execution up. What has ended is not read again. */
	private async readOthers(): Promise<'chosen' | Passing> {
		const [, ...others] = this.subject.refs;
		for (const ref of others) {
			const { latest } = this.deps.process.payments.of(this.connection.value, ref);
			const isSettled = latest?.value.ok === true && Settled.of(latest.value.value);
			const read = isSettled ? latest : await this.read(ref, false);
			if (typeof read === 'string') return read;
			// Why it cannot be read says nothing about the payment that the call names.
			if (!read.value.ok) return 'away';
			if (!this.check.isChosen(read.value.value)) return 'open';
			this.payments.set(ref, read.value.value);
		}
		return 'chosen';
	}

	/** @param isAnew a payment that is known to be paid is read all the same */
	private async read(ref: string, isAnew: boolean): Promise<Fact<Outcome<Payment>> | Passing> {
		const { deps, look, connection } = this;
		const { process, node } = deps;
		const { deadline, at, isFurther, isKnown, comesAgainIn } = look;
		const flight = process.payments.of(connection.value, ref);
		const paid = isAnew ? undefined : paidIn(flight);
		if (paid) return { value: { ok: true, value: paid.value }, askedAt: paid.askedAt };
		const isSeen = isKnown || flight.latest?.value.ok || node.events.knows(ref);
		return await process.payments.read(connection.value, flight, {
			since: isAnew ? at : look.since,
			deadline,
			comesAgainIn,
			isFurther,
			strangers: isSeen ? undefined : this.check.strangers,
			cameAt: look.arrival.at,
			send: async () => await deps.fetch(connection.value, ref),
		});
	}

	private current = <T>(fact: Fact<T>) => Current.of(fact, this.look.arrival);
}
