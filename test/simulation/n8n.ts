import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { Deadline } from '../../nodes/Konnect/api/clock';
import { toConnection } from '../../nodes/Konnect/api/connection';
import { fetchPayment } from '../../nodes/Konnect/api/payments';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';
import { searchOf } from '../../nodes/Konnect/payment/terms';
import { EventLog } from '../../nodes/Konnect/webhook/state/events';
import { MOST_WATCHES } from '../../nodes/Konnect/webhook/state/watches';
import { handleCall } from '../../nodes/Konnect/webhook/trigger';
import { handleResume } from '../../nodes/Konnect/webhook/wait';
import type { VirtualClock } from '../fixtures/virtualClock';
import type { ModelAnswer } from './context';
import { contextOf, ModelResponse } from './context';
import type { Handler, ModelCall, ModelDatabase, ModelExecution, Mutation } from './database';
import { Life, TRIGGER_KEY } from './database';
import type { ModelKonnect } from './konnect';

/** What is around a process. */
export interface Surroundings {
	readonly clock: VirtualClock;
	readonly database: ModelDatabase;
	readonly konnect: ModelKonnect;
	/** The node's parameters. */
	readonly parameters: Record<string, unknown>;
	/** Milliseconds that the workflow takes, and whether a Code node in it counts in global static data. */
	readonly setup: { duration: number; isCounting: boolean };
	readonly mutation: Mutation;
	/** `manual` while the owner listens for a test event. */
	readonly mode: 'webhook' | 'manual';
	/** The fields of the credential. Throws if n8n cannot read it. */
	credential(): IDataObject | Promise<IDataObject>;
}

/** One process that serves the webhooks. Around our two handlers it does what n8n 2.41 does, in the same order. */
export class ModelProcessor {
	private life: Life;

	readonly calls: ModelCall[] = [];

	/** Calls for which n8n still has something to do. */
	private readonly open = new Set<ModelCall>();

	/** Events that had run but were not yet in static data when this process was killed. */
	readonly forgotten = new Set<string>();

	constructor(private readonly deps: Surroundings) {
		this.life = new Life(deps.clock, deps.mutation);
	}

	/** Calls of this life that keep looking after their answers. */
	get watches(): ModelCall[] {
		return [...this.open].filter(
			({ life, answer, returnedAt }) => life === this.life && answer && returnedAt === Infinity,
		);
	}

	get isIdle(): boolean {
		return [...this.open].every(({ life }) => life.isOver);
	}

	async kill(): Promise<void> {
		const { clock, mutation, database } = this.deps;
		this.life.end();
		const log = new EventLog();
		log.learn(database.record);
		for (const { eventId, paymentRef, state } of database.executions) {
			const event = { eventId, paymentRef, state: state as 'paid' };
			const claim = await log.claim(event, Deadline.in(clock, 0));
			if (claim === 'done') continue;
			this.forgotten.add(eventId);
			if (typeof claim === 'object') claim.release();
		}
		this.life = new Life(clock, mutation);
	}

	/** A request of the action node with the same key. It waits in the same line when Konnect has asked to slow down. */
	async readInBulk(ref: string): Promise<void> {
		const { life } = this;
		const connection = toConnection(await this.deps.credential());
		if (!connection.ok) return;
		const context = this.deps.konnect.contextFor(life);
		await fetchPayment(context, connection.value, ref, { timeout: 30_000 }, life.throttles);
	}

	/** The workflow runs for this many other payments, one after the other. */
	async runOthers(count: number, state: 'paid' | 'attemptFailed', prefix: string): Promise<void> {
		const { database, clock } = this.deps;
		const { all, save } = database.load();
		const { events } = this.life.process.nodeOf(TRIGGER_KEY);
		events.learn(database.record);
		for (let n = 0; n < count; n++) {
			const paymentRef = `${prefix}${n.toString(16)}`.padStart(24, 'c');
			const eventId = `${paymentRef}:${state}${state === 'paid' ? '' : ':1'}`;
			const claim = await events.claim({ paymentRef, state, eventId }, Deadline.in(clock, 0));
			if (typeof claim === 'object') claim.commit();
		}
		all['node:Konnect Trigger'] = { events: events.unsaved() ?? database.record };
		save(false, 0);
	}

	/** Hands a call to n8n. Resolves with the answer as soon as it is sent, or with undefined if the process is killed before. */
	async call(
		address: string,
		isBrowser: boolean,
		isGenuine = false,
	): Promise<ModelAnswer | undefined> {
		const { life } = this;
		const search = searchOf(address);
		return await new Promise((resolve, reject) => {
			const response = new ModelResponse((answer) => {
				Object.assign(call, { answer, answeredAt: life.now() });
				resolve(answer);
			});
			const call: ModelCall = {
				address,
				search,
				ref: search.get('payment_ref') ?? '',
				isBrowser,
				isGenuine,
				life,
				begun: life.now(),
				answer: undefined,
				answeredAt: Infinity,
				returnedAt: Infinity,
				doneAt: Infinity,
				end: undefined,
				gaveWay: false,
				response,
			};
			this.calls.push(call);
			this.open.add(call);
			void life.ended.then(resolve);
			const isWait = address.includes('/webhook-waiting/');
			(isWait ? this.resume(call) : this.trigger(call)).catch(reject).finally(() => {
				call.doneAt = life.now();
				this.open.delete(call);
			});
		});
	}

	private async trigger(call: ModelCall): Promise<void> {
		const { database, setup, mode } = this.deps;
		const { life, response } = call;
		const { all, save } = database.load();
		const saveWhole = () => save(true, life.now() - call.begun);
		const result = await this.handle(call, handleCall, all['node:Konnect Trigger']);
		if (!result) {
			response
				.status(500)
				.json({ message: 'Workflow Webhook Error: Workflow could not be started!' });
			return;
		}
		if (!result.workflowData) {
			saveWhole();
			return;
		}
		await database.place();
		// The place also becomes free when the process is killed, because its executions end with it.
		const leave = once(() => database.leave());
		void life.ended.then(leave);
		const executions = mode === 'manual' ? database.tests : database.executions;
		const isStored = await this.store(call, result.workflowData[0] ?? [], executions);
		if (!isStored) {
			leave();
			return;
		}
		void this.run(life, setup.duration).then(leave);
		const body: unknown = result.webhookResponse;
		saveWhole();
		response.status(200).setHeader('Content-Security-Policy', 'sandbox').send(body);
	}

	/** A call of the waiting execution. It resumes the execution if that still waits; otherwise n8n answers 409. */
	private async resume(call: ModelCall): Promise<void> {
		const { database } = this.deps;
		const { wait } = database;
		const { response } = call;
		if (database.isAway || !wait || wait.isOver) {
			call.returnedAt = call.begun;
			response.status(database.isAway ? 500 : 409).json({ message: 'not now, or not any more' });
			return;
		}
		const result = await this.handle(call, handleResume, {}, wait.waiting);
		// If the handler throws, n8n lets the execution go on with an empty item.
		const items = result ? result.workflowData?.[0] : [{ json: {} }];
		if (!items || !(await this.store(call, items, wait.resumed, wait))) return;
		response.status(200).send(result?.webhookResponse);
	}

	/** What webhook() returns. Undefined if it throws, which n8n records as a failed execution. */
	private async handle(
		call: ModelCall,
		handler: Handler,
		staticData: IDataObject = {},
		waiting?: Waiting,
	) {
		const { database, konnect, parameters, mutation, mode, clock } = this.deps;
		const { life, address, isBrowser, response } = call;
		const context = contextOf({
			address,
			isBrowser,
			response,
			parameters,
			mode,
			staticData,
			waiting,
			konnect: konnect.contextFor(life),
			credential: async () => {
				await life.sleep(clock.random() * 30);
				return await this.deps.credential();
			},
		});
		mutation.context?.(context);
		try {
			const result = await (mutation.handler?.(handler) ?? handler)(context, life.process);
			call.end = result.workflowData ? 'started' : 'declined';
			return result;
		} catch (error) {
			call.end = 'failed';
			database.failed.push({ call, error: error as Error });
			return undefined;
		} finally {
			call.returnedAt = life.now();
			// A call that makes room for another, or finds no room, leaves thirty watches behind.
			call.gaveWay = this.watches.length >= MOST_WATCHES;
		}
	}

	/** Stores an execution. False if n8n could not. */
	private async store(
		call: ModelCall,
		data: INodeExecutionData[],
		executions: ModelExecution[],
		wait?: { isOver: boolean },
	): Promise<boolean> {
		const { database, clock } = this.deps;
		const { life, response, ref } = call;
		await life.sleep(clock.random() * 200);
		if (database.isAway || database.refusesWith || wait?.isOver) {
			call.end = 'notStored';
			response
				.status(database.refusesWith ?? 500)
				.json({ message: 'could not be started, or resumes already' });
			return false;
		}
		// A waiting execution is claimed with one conditional update.
		if (wait) wait.isOver = true;
		const items = data.map(({ json }) => json);
		const [first = {}] = items;
		executions.push({
			eventId: String(first.eventId ?? ''),
			paymentRef: wait ? ref : String(first.paymentId),
			state: String(first.state),
			at: life.now(),
			call,
			items,
			files: data.map(({ binary }) => binary?.file?.data),
		});
		// The process may be killed before n8n asks for the response.
		await life.sleep(1);
		return true;
	}

	/** An execution loads static data when it starts, and saves them whole at its end where a Code node has changed them. */
	private async run(life: Life, duration: number): Promise<void> {
		const { database, setup } = this.deps;
		const { all, save } = database.load();
		if (setup.isCounting) all.global = { count: Number(all.global?.count ?? 0) + 1 };
		await life.sleep(duration);
		save(false, 0);
	}
}

function once(act: () => void): () => void {
	let isDone = false;
	return () => {
		if (!isDone) act();
		isDone = true;
	};
}
