import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import type { Clock } from '../../nodes/Konnect/api/clock';
import { Throttles } from '../../nodes/Konnect/api/throttles';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';
import { ProcessState } from '../../nodes/Konnect/webhook/state/nodeState';
import type { handleCall } from '../../nodes/Konnect/webhook/trigger';
import type { VirtualClock } from '../fixtures/virtualClock';
import type { ModelAnswer, ModelResponse } from './context';

/** The key of the trigger's node in the state of a process. */
export const TRIGGER_KEY = 'workflow-1:trigger-node';

export type Handler = typeof handleCall;

/** A change of our code, to show that the simulation finds the defect. */
export interface Mutation {
	/** Changes what the calls of a process share, when the process begins. */
	process?(process: ProcessState, clock: Clock): void;
	/** Replaces a handler. */
	handler?(handle: Handler): Handler;
	/** Changes the context that a handler is given. */
	context?(context: IWebhookFunctions): void;
}

/** One call, and what came of it. */
export interface ModelCall {
	address: string;
	search: URLSearchParams;
	ref: string;
	isBrowser: boolean;
	/** Whether it came for an attempt to pay, with the address that Konnect has. */
	isGenuine: boolean;
	life: Life;
	begun: number;
	answer: ModelAnswer | undefined;
	answeredAt: number;
	/** When webhook() returned. A call that was answered earlier was a watch until then. */
	returnedAt: number;
	/** When n8n had nothing more to do for it. */
	doneAt: number;
	/** `started`: n8n was to start an execution. `failed`: a failed one told the owner. Undefined: our code has not returned. */
	end: 'declined' | 'started' | 'notStored' | 'failed' | undefined;
	/** Whether all places for watches were taken when it returned: it may have had to make room, or found none. */
	gaveWay: boolean;
	response: ModelResponse;
}

export interface ModelExecution {
	eventId: string;
	paymentRef: string;
	state: string;
	at: number;
	call: ModelCall;
	items: IDataObject[];
	/** What the file of each item holds. */
	files: Array<string | undefined>;
}

/** n8n's database: static data of the workflow with the trigger, its executions, and an execution that waits. */
export class ModelDatabase {
	/** The static data of all nodes, as one text, which is how n8n stores them. */
	staticData = JSON.stringify({ 'node:Konnect Trigger': {}, 'node:Other': {}, global: {} });

	readonly executions: ModelExecution[] = [];

	/** Executions of the test listener. */
	readonly tests: ModelExecution[] = [];

	/** Failed executions, which tell the owner. */
	readonly failed: Array<{ call: ModelCall; error: Error }> = [];

	/** For each call that undid what others had written into static data: how old its data were, in milliseconds. */
	readonly undone: number[] = [];

	isAway = false;

	/** The status with which n8n refuses to run the workflow. A hook of n8n's host can cause one. */
	refusesWith: number | undefined;

	wait: { waiting: Waiting; isOver: boolean; resumed: ModelExecution[] } | undefined;

	private running = 0;

	private readonly held: Array<() => void> = [];

	/** @param concurrency executions at the same time; further ones are held, with their answers */
	constructor(private readonly concurrency: number) {}

	get record(): string {
		const { 'node:Konnect Trigger': own } = JSON.parse(this.staticData) as Record<
			string,
			IDataObject
		>;
		return String(own?.events ?? '');
	}

	/** Waits for a place among the running executions. */
	async place(): Promise<void> {
		if (this.running < this.concurrency) this.running++;
		else await new Promise<void>((resolve) => this.held.push(resolve));
	}

	leave(): void {
		const next = this.held.shift();
		if (next) next();
		else this.running--;
	}

	/** Static data are loaded when a call comes or an execution starts, and saved whole. */
	load(): { all: Record<string, IDataObject>; save(isCall: boolean, age: number): void } {
		const all = JSON.parse(this.staticData) as Record<string, IDataObject>;
		const before = JSON.stringify(all);
		const others = (text: string) => text.replace(/"events":"[^"]*"/, '');
		return {
			all,
			save: (isCall, age) => {
				if (this.isAway || JSON.stringify(all) === before) return;
				if (isCall && others(before) !== others(this.staticData)) this.undone.push(age);
				this.staticData = JSON.stringify(all);
			},
		};
	}
}

/** A process from its start until it is killed. Nothing of it goes on after that. */
export class Life implements Clock {
	readonly process: ProcessState;

	readonly throttles: Throttles;

	isOver = false;

	end!: () => void;

	readonly ended = new Promise<undefined>((resolve) => {
		this.end = () => {
			this.isOver = true;
			resolve(undefined);
		};
	});

	constructor(
		private readonly clock: VirtualClock,
		mutation: Mutation,
	) {
		this.throttles = new Throttles(this);
		this.process = new ProcessState(this, this.throttles);
		mutation.process?.(this.process, this);
	}

	private readings = 0;

	/** Never the same twice, as with a real clock. */
	now = () => this.clock.now() + ++this.readings / 1e7;

	date = () => this.clock.date();

	random = () => this.clock.random();

	sleep = async (milliseconds: number) => await this.unlessOver(this.clock.sleep(milliseconds));

	pause = async (milliseconds: number, signals: readonly AbortSignal[]) =>
		await this.unlessOver(this.clock.pause(milliseconds, signals));

	private async unlessOver(time: Promise<void>): Promise<void> {
		await time;
		if (this.isOver) await new Promise<never>(() => {});
	}
}
