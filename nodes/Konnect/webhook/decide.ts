import type { IDataObject } from 'n8n-workflow';

import type { Deadline } from '../api/clock';
import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Outcome } from '../api/payments';
import type { Mismatch } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Again, Arrival, Decision, Passing } from './decision';
import { Current, Final, OTHERS_OPEN, Settled } from './decision';
import type { Claim } from './state/events';
import type { Limiter } from './state/limiter';
import type { Credential, NodeState, ProcessState } from './state/nodeState';
import type { Asking } from './state/payments';
import type { Fact } from './state/singleflight';

/** What an adapter knows of a call before anything is asked. */
export interface Subject {
	/** Names the payment, or the wait, among those of the process. */
	key: string;
	/** Names the address that was called: addresses made for different payments differ. */
	readonly address: string;
	/** The payments that it depends on, 24 hexadecimal characters each, in lower case. The first is the one that the call names. */
	refs: readonly [string, ...string[]];
	/** A test in n8n's editor starts at once, even with a state that can still change: its user wants to see that. */
	isTest?: boolean;
	/** Label of the field that chooses the states. */
	choice: string;
	doneReason: string;
	check(connection: Connection): Check;
}

export interface Check {
	refusal?: string | undefined;
	/** Whether we made the address. Otherwise anybody may have written it. */
	isOurs: boolean;
	/** Whether the address has a signature that does not fit. */
	isMisfit?: boolean;
	/** Limits reads of payments that were never seen here. */
	strangers?: Limiter | undefined;
	mismatches(payment: Payment): Mismatch[];
	isRecordedPaid(paymentRef: string): boolean;
	isChosen(payment: Payment): boolean;
	/** Claims what the payments start. Undefined in a test, which starts for each call. */
	claim(payment: Payment, deadline: Deadline): Promise<Claim | 'done' | 'busy' | undefined>;
	items(payments: ReadonlyMap<string, Payment>): IDataObject[];
}

export interface Deps {
	/** What all calls of the node share; `process`: what all nodes of the process share. */
	node: NodeState;
	process: ProcessState;
	credential: { id: string; read(): Promise<Credential> };
	fetch(connection: Connection, paymentRef: string): Promise<Outcome<Payment>>;
}

export interface Look extends Pick<Asking, 'since' | 'deadline' | 'comesAgainIn' | 'isFurther'> {
	arrival: Arrival;
	/** When it began, by the clock. The first look begins when the call comes. */
	at: number;
	/** Whether an earlier look has found the payment, with any credential. */
	isKnown: boolean;
}

/** Milliseconds for which a credential that was read may accept calls. Reading one costs n8n more than all our checks. */
const GOOD_FOR = 10_000;

/** Looks once with what is known. Where that would refuse the call, it looks again with what is asked now. */
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
			if (decision) return decision;
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
		/** Uses nothing that was asked before the look. */
		private readonly isAnew: boolean,
	) {
		this.check = subject.check(connection.value);
	}

	/** @returns undefined where a refusal would rest on facts older than the call */
	async decide(): Promise<Decision | undefined> {
		const { check, subject } = this;
		const [paymentRef] = subject.refs;
		const connection = this.current(this.connection);
		if (check.refusal !== undefined) {
			return connection && Final.unsigned(connection, check.refusal);
		}
		// The signature does not fit, but the credential may be out of date. So the call does not count as a stranger's yet.
		if (check.isMisfit && !connection) return undefined;
		const read = await this.read(paymentRef, this.isAnew);
		if (typeof read === 'string') return this.again(read);
		const { value, askedAt } = read;
		if (!value.ok) return this.onFailure(value.failure, askedAt, connection);
		return await this.onPayment(value.value, askedAt, connection);
	}

	private onFailure(
		{ kind, problem }: Failure,
		askedAt: number,
		connection: Current<Connection> | undefined,
	): Decision | undefined {
		if (kind === 'unavailable' || kind === 'busy' || kind === 'invalid') return this.again('away');
		const current = this.current({ value: 'notFound' as const, askedAt });
		if (!connection || !current) return undefined;
		if (kind !== 'notFound') return this.again({ owner: problem });
		if (this.check.isOurs || this.isKnown) return this.again('unseen');
		return Final.notFound(current, connection, problem.message);
	}

	private async onPayment(
		payment: Payment,
		askedAt: number,
		connection: Current<Connection> | undefined,
	): Promise<Decision | undefined> {
		const { check, subject } = this;
		const { paymentId: paymentRef, state } = payment;
		const settled = Settled.of(payment);
		const open: Again = { ...this.again('open'), state };
		const mismatches = check.mismatches(payment);
		if (mismatches.length > 0) {
			if (!settled) return open;
			const current = this.current({ value: settled, askedAt });
			return current && connection && Final.mismatched(current, connection, mismatches);
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
			return settled ? { ...open, final: Final.notChosen(settled, OTHERS_OPEN) } : open;
		}
		if (others !== 'chosen') return { ...open, why: others };
		const isSettled = [...this.payments.values()].every((one) => Settled.of(one));
		const claimed = async (): Promise<Decision> => {
			// At the end of a watch, another call may have seen a newer state.
			const isOld = [...this.payments.values()].some((one) => {
				const { latest } = this.readsOf(one.paymentId);
				return latest?.value.ok === true && latest.value.value.state !== one.state;
			});
			if (!isSettled && isOld) return open;
			const claim = await check.claim(payment, this.look.deadline);
			if (claim === 'busy') return { ...open, why: 'busy' };
			const then = settled ? Final.done(settled, subject.doneReason) : open;
			if (claim === 'done') return then;
			return { items: check.items(this.payments), claim, paymentRef, state, then };
		};
		// A call can start the workflow only once. A state that can still change waits for its end: the payment may be paid by then.
		return isSettled ? await claimed() : { ...open, news: claimed };
	}

	/** Reads the other payments one by one, up to the first that holds the execution up. Ended payments are not read again. */
	private async readOthers(): Promise<'chosen' | Passing> {
		const [, ...others] = this.subject.refs;
		for (const ref of others) {
			const { latest } = this.readsOf(ref);
			const isSettled = latest?.value.ok === true && Settled.of(latest.value.value);
			const read = isSettled ? latest : await this.read(ref, false);
			if (typeof read === 'string') return read;
			// The reason would say nothing about the payment that the call names.
			if (!read.value.ok) return 'away';
			if (!this.check.isChosen(read.value.value)) return 'open';
			this.payments.set(ref, read.value.value);
		}
		return 'chosen';
	}

	/** @param isAnew reads the payment even if it is known to be paid */
	private async read(ref: string, isAnew: boolean): Promise<Fact<Outcome<Payment>> | Passing> {
		const { deps, look } = this;
		const { value: connection } = this.connection;
		const reads = this.readsOf(ref);
		const { latest, isShown } = reads;
		// A paid payment stays paid.
		if (!isAnew && latest?.value.ok && latest.value.value.state === 'paid') return latest;
		const isSeen = look.isKnown || isShown || deps.node.events.isPaid(ref);
		return await reads.read({
			...look,
			since: isAnew ? look.at : look.since,
			strangers: isSeen ? undefined : this.check.strangers,
			send: async () => await deps.fetch(connection, ref),
		});
	}

	private again(why: Again['why']): Again {
		return { why, paymentRef: this.subject.refs[0], isKnown: this.isKnown };
	}

	private get isKnown(): boolean {
		return this.look.isKnown || this.readsOf(this.subject.refs[0]).isShown;
	}

	private readsOf = (ref: string) => this.deps.process.payments.of(this.connection.value, ref);

	private current = <T>(fact: Fact<T>) => Current.of(fact, this.look.arrival);
}
