import { Deadline } from '../../nodes/Konnect/api/clock';
import { fetchPayment } from '../../nodes/Konnect/api/payments';
import type { Connection } from '../../nodes/Konnect/api/connection';
import { Throttles } from '../../nodes/Konnect/api/throttles';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';
import type { Answer } from '../../nodes/Konnect/webhook/answer';
import { answerTo } from '../../nodes/Konnect/webhook/answer';
import { BROWSER_PATIENCE } from '../../nodes/Konnect/webhook/confirming';
import { decideResume } from '../../nodes/Konnect/webhook/decideResume';
import type { Decision } from '../../nodes/Konnect/webhook/decision';
import { NOT_STORED } from '../../nodes/Konnect/webhook/decision';
import type { Deps } from '../../nodes/Konnect/webhook/deps';
import { NodeState } from '../../nodes/Konnect/webhook/state/nodeState';
import type { VirtualClock } from '../fixtures/virtualClock';
import { callerOf } from './callers';
import type { ModelKonnect } from './konnect';

/** For a whole call of a server, in milliseconds: what the option Timeout of Wait for Payment is by default. */
export const PATIENCE = 30_000;

/** In place of the real decision: to show that the simulation would find a defect. */
export type DecideResume = typeof decideResume;

/** What a call of a waiting execution came to. */
export interface WaitCall {
	search: URLSearchParams;
	/** Of the process: it ends when that is killed. */
	life: number;
	began: number;
	/** Milliseconds until it was decided. */
	took: number;
	patience: number;
	decision: Decision;
}

/** An execution that waits, as n8n's database has it: of all that would let it go on, only one finds it waiting. */
export class ModelWait {
	status: 'waiting' | 'running' = 'waiting';

	isAway = false;

	/** Each time that it went on: when, by which call, and with which payments. */
	readonly resumed: Array<{
		at: number;
		by: WaitCall;
		items: Array<{ paymentId?: unknown; state?: unknown }>;
	}> = [];

	constructor(readonly waiting: Waiting) {}
}

/** One process that serves the addresses of waiting executions. */
export class WaitProcessor {
	private state: NodeState;

	private throttles: Throttles;

	private life = 0;

	readonly calls: WaitCall[] = [];

	constructor(
		private readonly clock: VirtualClock,
		private readonly konnect: ModelKonnect,
		private readonly connection: Connection,
		private readonly wait: ModelWait,
		private readonly decide: DecideResume,
	) {
		this.state = new NodeState(clock);
		this.throttles = new Throttles(clock);
	}

	kill(): void {
		this.life++;
		this.state = new NodeState(this.clock);
		this.throttles = new Throttles(this.clock);
	}

	/** Handles a call as n8n does: 409 once the execution has gone on. Undefined: the process was killed meanwhile. */
	async call(search: URLSearchParams, isFromBrowser: boolean): Promise<Answer | undefined> {
		const { clock, wait, life } = this;
		const began = clock.now();
		if (wait.isAway) return FAILED;
		if (wait.status !== 'waiting') return GONE;
		const caller = callerOf(search, isFromBrowser, clock.date(), true);
		const patience = isFromBrowser ? BROWSER_PATIENCE : PATIENCE;
		const decision = await this.decide(search, wait.waiting, this.depsFor(patience));
		const by = { search, life, began, took: clock.now() - began, patience, decision };
		this.calls.push(by);
		if (life !== this.life) return undefined;
		if (decision.kind !== 'run') return answerTo(decision, caller);
		await clock.sleep(20);
		if (life !== this.life) return undefined;
		// One conditional update: who comes second is told that the execution resumes already.
		if (wait.isAway || wait.status !== 'waiting') {
			decision.claim?.release();
			return answerTo(NOT_STORED, caller);
		}
		wait.status = 'running';
		wait.resumed.push({ at: clock.now(), by, items: decision.items });
		decision.claim?.commit();
		return answerTo(decision, caller);
	}

	private depsFor(patience: number): Deps {
		const { clock, throttles, konnect, connection } = this;
		return {
			deadline: Deadline.in(clock, patience),
			state: this.state,
			credential: {
				key: 'credential-1',
				read: async () => await Promise.resolve({ ok: true, value: connection }),
			},
			read: async (used, ref, isReread) =>
				await fetchPayment(
					konnect.context,
					used,
					ref,
					{ timeout: PATIENCE, budget: PATIENCE, inLine: isReread ? 'never' : 'call' },
					throttles,
				),
		};
	}
}

/** n8n's own answers: the execution has gone on, and its database is away. */
const GONE: Answer = { status: 409, headers: {}, body: '' };
const FAILED: Answer = { status: 500, headers: { 'Retry-After': '10' }, body: '' };
