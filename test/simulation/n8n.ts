import type { IDataObject } from 'n8n-workflow';

import { Deadline } from '../../nodes/Konnect/api/clock';
import { fetchPayment } from '../../nodes/Konnect/api/payments';
import type { Connection } from '../../nodes/Konnect/api/connection';
import { Throttles } from '../../nodes/Konnect/api/throttles';
import type { Answer } from '../../nodes/Konnect/webhook/answer';
import { answerTo, isBrowser } from '../../nodes/Konnect/webhook/answer';
import { BROWSER_PATIENCE } from '../../nodes/Konnect/webhook/confirming';
import type { CallDeps, TriggerSettings } from '../../nodes/Konnect/webhook/decideCall';
import { decideCall } from '../../nodes/Konnect/webhook/decideCall';
import type { Decision } from '../../nodes/Konnect/webhook/decision';
import { NOT_STORED } from '../../nodes/Konnect/webhook/decision';
import { NodeState } from '../../nodes/Konnect/webhook/state/nodeState';
import type { VirtualClock } from '../fixtures/virtualClock';
import { callerOf } from './callers';
import type { ModelKonnect } from './konnect';

/** For a whole call of a server, in milliseconds: what the trigger's Timeout is by default. */
export const PATIENCE = 20_000;

export interface ModelExecution {
	eventId: string;
	paymentRef: string;
	state: string;
	at: number;
	/** When its call came. */
	begun: number;
	processor: number;
	/** Whether static data that tell of it were saved. */
	isRecorded: boolean;
	/** What the workflow was given. */
	item: IDataObject;
	/** The query of the call that started it. */
	search: URLSearchParams;
}

/** What one call came to. */
export interface ModelCall {
	/** When it came, and when it was decided. */
	begun: number;
	at: number;
	paymentRef: string | undefined;
	isSigned: boolean;
	/** Milliseconds from the call to the decision, without what n8n held back after it. */
	took: number;
	patience: number;
	decision: Decision;
	/** Undefined where the process was killed before it had answered. */
	answer: Answer | undefined;
}

export interface Limits {
	/** Executions at the same time; further ones are held, with their answers. */
	concurrency: number;
	/** Milliseconds that a workflow takes. */
	duration: number;
}

/** What shall be another part of the wing, to show that the simulation would find the defect. */
export interface Mutation {
	state?(state: NodeState): void;
	settings?: Partial<TriggerSettings>;
	throttles?(throttles: Throttles): void;
	/** In place of the real decision. */
	decide?(search: URLSearchParams, deps: CallDeps): Promise<Decision>;
}

/** n8n's database, as far as one workflow with a Konnect Trigger goes. */
export class ModelDatabase {
	staticData = '';

	readonly executions: ModelExecution[] = [];

	isAway = false;

	/** Until then no credential can be read. */
	busyUntil = 0;

	/** Share of credentials that cannot be read at any time. */
	unread = 0;

	running = 0;

	private readonly held: Array<() => void> = [];

	constructor(
		readonly clock: VirtualClock,
		readonly random: () => number,
		readonly limits: Limits,
	) {}

	/** Waits for a place among the running executions, as n8n does with a production limit. */
	async place(): Promise<void> {
		if (this.running < this.limits.concurrency) this.running++;
		else await new Promise<void>((resolve) => this.held.push(resolve));
	}

	leave(): void {
		const next = this.held.shift();
		if (next) next();
		else this.running--;
	}
}

/** One process that serves the webhook: it has the wing's real state and decisions, and n8n's order of doing things around them. */
export class ModelProcessor {
	private state: NodeState;

	private throttles: Throttles;

	/** Grows when the process is killed: what an older life had under way comes to nothing. */
	private life = 0;

	readonly calls: ModelCall[] = [];

	constructor(
		private readonly index: number,
		private readonly database: ModelDatabase,
		private readonly konnect: ModelKonnect,
		private readonly credential: () => Connection,
		private readonly settings: TriggerSettings,
		private readonly mutation: Mutation,
	) {
		[this.state, this.throttles] = this.begin();
	}

	kill(): void {
		this.life++;
		[this.state, this.throttles] = this.begin();
	}

	/** A request of the action node with the same key: it stands in the same line where Konnect has asked to slow down. */
	async readInBulk(ref: string): Promise<void> {
		const { context } = this.konnect;
		await fetchPayment(context, this.credential(), ref, { timeout: 30_000 }, this.throttles);
	}

	/** The workflow runs for so many other payments, one after the other. */
	async runOthers(count: number, state: 'paid' | 'attemptFailed', prefix: string): Promise<void> {
		const { events } = this.state;
		events.learn(this.database.staticData);
		let record = this.database.staticData;
		for (let n = 0; n < count; n++) {
			const paymentRef = `${prefix}${n.toString(16)}`.padStart(24, 'c');
			const event = { paymentRef, state, detail: state === 'paid' ? '' : '1' };
			const claim = await events.claim(event, Deadline.in(this.database.clock, 0));
			if (typeof claim === 'string') continue;
			if (n === count - 1) record = claim.record?.() ?? record;
			claim.commit();
		}
		this.database.staticData = record;
	}

	/** Handles a call as n8n does. Undefined: the connection was lost, because the process was killed. */
	async call(search: URLSearchParams, isFromBrowser: boolean): Promise<Answer | undefined> {
		const { clock } = this.database;
		const life = this.life;
		const begun = clock.now();
		const caller = callerOf(search, isFromBrowser, clock.date(), false);
		const patience = isBrowser(caller) ? BROWSER_PATIENCE : PATIENCE;
		const deps = this.depsFor(patience);
		const decision = await (this.mutation.decide ?? decideCall)(search, deps);
		const call: ModelCall = {
			begun,
			at: clock.now(),
			paymentRef: search.get('payment_ref') ?? undefined,
			isSigned: search.has('konnect_terms'),
			took: clock.now() - begun,
			patience,
			decision,
			answer: undefined,
		};
		this.calls.push(call);
		if (life !== this.life) return undefined;
		const isStored = decision.kind !== 'run' || (await this.start(decision, life, begun, search));
		if (life !== this.life) return undefined;
		call.answer = answerTo(isStored ? decision : NOT_STORED, caller);
		return call.answer;
	}

	private begin(): [NodeState, Throttles] {
		const { clock } = this.database;
		const state = new NodeState(clock);
		this.mutation.state?.(state);
		const throttles = new Throttles(clock);
		this.mutation.throttles?.(throttles);
		return [state, throttles];
	}

	private depsFor(patience: number): CallDeps {
		const { clock, staticData } = this.database;
		const { throttles } = this;
		return {
			deadline: Deadline.in(clock, patience),
			state: this.state,
			settings: this.settings,
			// Loaded anew for each call.
			record: staticData,
			credential: {
				key: 'credential-1',
				read: async () => {
					await clock.sleep(this.database.random() * 30);
					// It goes away by halves: some still get through to it.
					const { isAway, random, busyUntil, unread } = this.database;
					const share = isAway ? 0.5 : unread;
					const isUnread = clock.now() < busyUntil || (share > 0 && random() < share);
					return isUnread ? undefined : { ok: true, value: this.credential() };
				},
			},
			read: async (connection, ref, isReread) =>
				await fetchPayment(
					this.konnect.context,
					connection,
					ref,
					{ timeout: PATIENCE, budget: PATIENCE, inLine: isReread ? 'never' : 'call' },
					throttles,
				),
		};
	}

	/** Stores the execution, saves static data, and answers, in n8n's order. False: it could not be stored. */
	private async start(
		decision: Extract<Decision, { kind: 'run' }>,
		life: number,
		begun: number,
		search: URLSearchParams,
	): Promise<boolean> {
		const { database } = this;
		const { clock, random, limits, executions } = database;
		await database.place();
		if (life !== this.life) {
			database.leave();
			return false;
		}
		await clock.sleep(random() * 200);
		if (life !== this.life || database.isAway) {
			database.leave();
			decision.claim?.release();
			return false;
		}
		const execution: ModelExecution = {
			eventId: decision.eventId ?? '',
			paymentRef: decision.paymentRef,
			state: decision.state,
			at: clock.now(),
			begun,
			processor: this.index,
			isRecorded: false,
			item: decision.items[0] ?? {},
			search,
		};
		executions.push(execution);
		void clock.sleep(limits.duration).then(() => database.leave());
		// n8n asks for the response now, and saves right behind; statements on one connection keep their order.
		const record = decision.claim?.record?.();
		await clock.sleep(5);
		if (life !== this.life) return true;
		if (record !== undefined && !database.isAway) {
			database.staticData = record;
			execution.isRecorded = true;
		}
		decision.claim?.commit();
		return true;
	}
}
