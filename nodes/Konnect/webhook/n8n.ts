import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { Deadline } from '../api/clock';
import { toConnection } from '../api/connection';
import { fetchPayment, payUrlOf } from '../api/payments';
import { DEFAULT_CALL_TIMEOUT } from '../descriptions';
import type { FieldTable, Reader } from '../payment/parameters';
import { nameIn, readField, readTimeout } from '../payment/parameters';
import type { Problem } from '../payment/result';
import { refuse } from '../payment/result';
import { sentences } from '../payment/sentences';
import { searchOf } from '../payment/terms';
import type { CallSettings } from '../payment/waiting';
import { paymentNamedIn } from './address';
import type { Caller } from './answer';
import { answerTo, isBrowser, logLineFor } from './answer';
import type { Deps, Subject } from './decide';
import type { Arrival, Decision, Final, Run } from './decision';
import { ownerProblemOf } from './decision';
import { lookOn } from './look';
import type { Language } from './pageTexts';
import { LANGUAGES } from './pageTexts';
import { BROWSER_PATIENCE, LAST_LOOK, PAGE_COMES_AGAIN, Patience } from './patience';
import type { Credential, NodeState, ProcessState } from './state/nodeState';

/** How an adapter has a call handled. */
export interface Plan {
	subject: Subject;
	settings: CallSettings;
	/** Milliseconds for which the call keeps looking. */
	keepLooking: number;
	/** Milliseconds by which the caller has its answer in any case. */
	atMost?: number;
}

export class Call {
	/** The query of the address that was called. n8n's own reading of it makes lists and objects of what is text to us. */
	readonly search: URLSearchParams;

	readonly nodeKey: string;

	readonly state: NodeState;

	/** Milliseconds of the clock. */
	private readonly at: number;

	readonly isTest: boolean;

	/** Whether a thrown error makes a failed execution. If the node may go on, n8n would start the workflow with an empty item. */
	readonly canFail: boolean;

	/** The payment that the address names, or why it names none. */
	readonly named: string | Final;

	hasAnswered = false;

	private subject: Subject | undefined;

	private readonly caller: Caller;

	constructor(
		private readonly context: IWebhookFunctions,
		private readonly node: 'Konnect Trigger' | 'Wait for Payment',
		private readonly table: FieldTable,
		private readonly process: ProcessState,
	) {
		const { clock } = process;
		this.at = clock.now();
		this.nodeKey = `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
		this.state = process.nodeOf(this.nodeKey);
		const request = context.getRequestObject();
		this.search = searchOf(request.originalUrl);
		this.named = paymentNamedIn(this.search);
		this.isTest = context.getMode() === 'manual';
		const { onError = 'stopWorkflow', continueOnFail = false } = context.getNode();
		this.canFail = onError === 'stopWorkflow' && !continueOnFail;
		this.caller = {
			isBrowser: isBrowser(context.getHeaderData()),
			language: (request.acceptsLanguages([...LANGUAGES]) || 'en') as Language,
			patience: new Patience(this.search, clock.date()),
			successUrl: '',
			failUrl: '',
			isOneTime: node === 'Wait for Payment',
			payUrlOf,
		};
	}

	/** @throws NodeOperationError that names the field and its value */
	setting<T>(path: string, read: Reader<T>, byDefault = this.table[nameIn(path)]?.default): T {
		const value: unknown = this.context.getNodeParameter(path, byDefault as string);
		const result = readField(value, path, read, this.table);
		if (result.ok) return result.value;
		const { message, description } = result.problem;
		throw new NodeOperationError(this.context.getNode(), message, { description });
	}

	settings(): CallSettings {
		const url = (name: string) => String(this.context.getNodeParameter(`options.${name}`, ''));
		return {
			timeout: this.setting('options.timeout', readTimeout, DEFAULT_CALL_TIMEOUT) * 1000,
			successUrl: url('successUrl'),
			failUrl: url('failUrl'),
		};
	}

	/** Keeps looking for the payment. Settings that cannot be read are the owner's to fix. */
	async look(
		planOf: () => Plan | Final,
		tellsOwner: (decision: Decision) => boolean,
	): Promise<Decision> {
		try {
			const plan = planOf();
			if ('kind' in plan) return plan;
			const { subject, settings } = plan;
			Object.assign(this.caller, settings);
			this.subject = subject;
			const answer = (decision: Decision) => this.answer(decision);
			const deps = this.deps(settings.timeout);
			return await lookOn(subject, this.arrival(plan), deps, { answer, tellsOwner });
		} catch (error) {
			return { why: { owner: unreadable(error) }, paymentRef: String(this.named) };
		}
	}

	private arrival({ settings, keepLooking, atMost = Infinity }: Plan): Arrival {
		const { isBrowser: isPage, patience } = this.caller;
		const timeout = Math.min(settings.timeout, isPage ? BROWSER_PATIENCE : Infinity, atMost);
		const until = (milliseconds: number) =>
			new Deadline(this.process.clock, this.at + milliseconds);
		return {
			at: this.at,
			answerBy: until(timeout),
			lookUntil: until(keepLooking > 0 ? keepLooking + LAST_LOOK : 0),
			patience,
			comesAgainIn: isPage ? PAGE_COMES_AGAIN : 0,
		};
	}

	/** @param timeout milliseconds for each answer of Konnect */
	private deps(timeout: number): Deps {
		const { context, process, state } = this;
		const limits = { timeout, budget: timeout, isCall: true };
		return {
			node: state,
			process,
			credential: {
				id: context.getNode().credentials?.konnectApi?.id ?? '',
				read: async () => await readCredential(context),
			},
			fetch: async (connection, ref) =>
				await fetchPayment(context, connection, ref, limits, process.throttles),
		};
	}

	get age(): number {
		return this.process.clock.now() - this.at;
	}

	private answer(decision: Decision): void {
		this.log(decision);
		this.hasAnswered = true;
		this.send(decision);
	}

	private send(decision: Decision): void {
		const { subject, caller } = this;
		const { clock, watches } = this.process;
		const isWatched = !!subject && !!watches.find(subject.key, subject.address);
		const { status, headers, body } = answerTo(decision, caller, clock.date(), isWatched);
		const response = this.context.getResponseObject();
		for (const name of ['Location', 'Content-Type', 'ETag']) response.removeHeader(name);
		response.status(status).set(headers).send(body);
	}

	/** Answers a call that starts nothing, if it has no answer yet. */
	decline(decision: Decision): IWebhookResponseData {
		if (this.hasAnswered) this.log(decision);
		else this.answer(decision);
		return { noWebhookResponse: true };
	}

	/**
	 * Starts an execution, or lets it go on. n8n answers after it has stored the execution or failed to, and that answer ends the
	 * claim. (n8n 2.0 asks for the response before it stores. What it then cannot store is lost to this call.)
	 *
	 * @param onStored called when n8n has stored the execution, before it saves static data
	 */
	start(run: Run, items: INodeExecutionData[], onStored: () => void): IWebhookResponseData {
		this.log(run);
		const { paymentRef, state } = run;
		let isStored = false;
		this.holdBack((status) => {
			// An execution that is refused before it is stored can have any status: a hook of the host may say 403.
			isStored &&= status < 500;
			if (isStored) return run;
			run.claim?.release();
			this.context.logger.warn(`${this.node}: n8n could not store an execution for ${paymentRef}`);
			return { why: 'notStored', paymentRef, state };
		});
		return {
			workflowData: [items],
			get webhookResponse() {
				isStored = true;
				run.claim?.commit();
				onStored();
				return '';
			},
		};
	}

	/**
	 * Has n8n record a failed execution, which its list shows and which starts the error workflow. A webhook has no other way to
	 * reach the owner. The caller gets our own answer instead of n8n's 500.
	 *
	 * @param count calls that have met the same since the owner was last told
	 */
	fail(decision: Decision, { message, description }: Problem, count: number): never {
		this.log(decision);
		this.holdBack(() => decision);
		const others = count > 0 && `Calls that have met the same since you were last told: ${count}`;
		throw new NodeOperationError(this.context.getNode(), message, {
			description: sentences(description, others),
		});
	}

	/**
	 * Keeps n8n's own answer back.
	 *
	 * @param instead called with the status of n8n's answer; returns what the caller is told, if it has no answer yet
	 */
	private holdBack(instead: (status: number) => Decision): void {
		const response = this.context.getResponseObject();
		const methods = response as unknown as Record<string, unknown>;
		// n8n's middleware has replaced some of them, so these very methods are put back later.
		const own = [...SETTERS, ...ENDS].map((name) => [name, methods[name]] as const);
		let status = 200;
		for (const name of SETTERS) methods[name] = () => response;
		methods.status = (code: number) => {
			status = code;
			return response;
		};
		const end = () => {
			for (const name of ENDS) methods[name] = () => response;
			const decision = instead(status);
			if (!this.hasAnswered) {
				for (const [name, method] of own) methods[name] = method;
				this.send(decision);
			}
			return response;
		};
		for (const name of ENDS) methods[name] = end;
	}

	private log(decision: Decision): void {
		const problem = ownerProblemOf(decision);
		const text = problem && sentences(problem.message, problem.description);
		const line = logLineFor(decision, this.node, text);
		if (problem) this.context.logger.warn(line);
		else this.context.logger.debug(line);
	}
}

const unreadable = (error: unknown): Problem =>
	error instanceof NodeOperationError
		? { message: error.message, description: error.description ?? '' }
		: { message: 'The settings of the node cannot be read', description: String(error) };

async function readCredential(context: IWebhookFunctions): Promise<Credential> {
	try {
		return toConnection(await context.getCredentials('konnectApi'));
	} catch (error) {
		if (isOfDatabase(error as Error)) return 'away';
		return refuse('The credential cannot be read', (error as Error).message);
	}
}

/** Whether n8n's database is busy or away, which passes. Its drivers throw errors of their own classes. */
const isOfDatabase = (error: Error) =>
	'code' in Object(error) ||
	error.name === 'QueryFailedError' ||
	/connect|timed? ?out/i.test(error.message);

/** The methods of a response by which n8n writes its own answer. */
const SETTERS = ['status', 'set', 'header', 'setHeader', 'removeHeader', 'type'] as const;
const ENDS = ['send', 'json', 'end'] as const;
