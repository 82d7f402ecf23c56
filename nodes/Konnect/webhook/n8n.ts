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
import type { Named } from './address';
import { paymentNamedIn } from './address';
import type { Answer, Caller } from './answer';
import { answerTo, isBrowser, logLineFor } from './answer';
import type { Deps, Subject } from './decide';
import type { Arrival, Decision, Final, Run } from './decision';
import { ownerProblemOf } from './decision';
import type { Ended } from './look';
import { lookOn } from './look';
import type { Language } from './pageTexts';
import { LANGUAGES } from './pageTexts';
import { BROWSER_PATIENCE, LAST_LOOK, PAGE_COMES_AGAIN, Patience } from './patience';
import type { Credential, NodeState, ProcessState } from './state/nodeState';

/** A call of either node, at n8n's edge. */
export class Call {
	/** The query of the address that was called. Not n8n's reading of it: that makes lists and objects of what is text to us. */
	readonly search: URLSearchParams;

	/** Tells this node from all others of the process. */
	readonly nodeKey: string;

	/** What all calls of the node share. */
	readonly state: NodeState;

	/** Milliseconds of the clock. */
	private readonly at: number;

	readonly isTest: boolean;

	/** The payment that the address names. */
	readonly named: Named;

	/** Whether the caller has its answer. */
	hasAnswered = false;

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

	/**
	 * Reads a setting of the node and checks what it gives.
	 *
	 * @param path with its collection before it and a point between, where it stands in one
	 * @param byDefault where the setting does not stand in the node, as the field says where this is not given
	 * @throws NodeOperationError that names the field and says what came
	 */
	setting<T>(path: string, read: Reader<T>, byDefault = this.table[nameIn(path)]?.default): T {
		const value: unknown = this.context.getNodeParameter(path, byDefault as string);
		const result = readField(value, path, read, this.table);
		if (result.ok) return result.value;
		const { message, description } = result.problem;
		throw new NodeOperationError(this.context.getNode(), message, { description });
	}

	/**
	 * Looks on for the payment. What cannot be read of the settings is the owner's to mend.
	 *
	 * @param read gives what the call is about and for how many milliseconds it looks on, or what it comes to without a look
	 */
	async look(
		read: () => [subject: Subject, keepLooking: number] | Final,
		tellsOwner: (decision: Decision) => boolean,
	): Promise<Ended> {
		try {
			const timeout = this.setting('options.timeout', readTimeout, DEFAULT_CALL_TIMEOUT) * 1000;
			for (const name of ['successUrl', 'failUrl'] as const) {
				this.caller[name] = String(this.context.getNodeParameter(`options.${name}`, ''));
			}
			const found = read();
			if (!Array.isArray(found)) return { decision: found, isWatched: false };
			const [subject, keepLooking] = found;
			const answer = (decision: Decision) => this.answer(decision, true);
			const arrival = this.arrival(timeout, keepLooking);
			return await lookOn(subject, arrival, this.deps(timeout), { answer, tellsOwner });
		} catch (error) {
			const { paymentRef = '' } = this.named;
			return { decision: { why: { owner: unreadable(error) }, paymentRef }, isWatched: false };
		}
	}

	private arrival(timeout: number, keepLooking: number): Arrival {
		const { isBrowser: isPage, patience } = this.caller;
		const until = (milliseconds: number) =>
			new Deadline(this.process.clock, this.at + milliseconds);
		return {
			at: this.at,
			answerBy: until(isPage ? Math.min(timeout, BROWSER_PATIENCE) : timeout),
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

	/** Milliseconds since it came. */
	get age(): number {
		return this.process.clock.now() - this.at;
	}

	answer(decision: Decision, isWatched: boolean): void {
		this.log(decision);
		this.hasAnswered = true;
		this.send(decision, isWatched);
	}

	private send(decision: Decision, isWatched: boolean): void {
		send(this.context, answerTo(decision, this.caller, this.process.clock.date(), isWatched));
	}

	/** Answers a call that starts nothing, unless that was done. */
	decline(decision: Decision, isWatched: boolean): IWebhookResponseData {
		if (this.hasAnswered) this.log(decision);
		else this.answer(decision, isWatched);
		return { noWebhookResponse: true };
	}

	/**
	 * Starts an execution, or lets it go on, and ends the claim by what n8n answers, which is after it has stored the execution or
	 * failed to. (n8n 2.0 asks for the response before it stores; what it then cannot store is lost to this call.)
	 *
	 * @param onStored called when n8n has stored the execution, and before it saves static data
	 */
	start(
		run: Run,
		items: INodeExecutionData[],
		isWatched: boolean,
		onStored: () => void,
	): IWebhookResponseData {
		this.log(run);
		const { paymentRef, state } = run;
		let isStored = false;
		this.holdBack(isWatched, (status) => {
			// What is refused before it is stored can have any status: a hook of the host's may say 403.
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
	 * Has n8n record a failed execution of the workflow, which its list shows and its error workflow is started by: the only way in
	 * which a webhook can reach the owner. The caller gets our own answer instead of n8n's 500.
	 *
	 * @param count calls that have met the same since the owner was last told
	 */
	fail(decision: Decision, { message, description }: Problem, count: number): never {
		this.log(decision);
		this.holdBack(false, () => decision);
		const others = count > 0 && `Calls that have met the same since you were last told: ${count}`;
		throw new NodeOperationError(this.context.getNode(), message, {
			description: sentences(description, others),
		});
	}

	/**
	 * Keeps n8n's own answer back.
	 *
	 * @param instead called with the status of n8n's answer; returns what a caller that has no answer yet is told
	 */
	private holdBack(isWatched: boolean, instead: (status: number) => Decision): void {
		const response = this.context.getResponseObject();
		const methods = response as unknown as Record<string, unknown>;
		// n8n's middleware has replaced some of them, so they are kept, not looked up anew.
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
				this.send(decision, isWatched);
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

/** Whether n8n's database is busy or away, which a later call may not meet. What its drivers throw is of no class of n8n's. */
const isOfDatabase = (error: Error) =>
	'code' in Object(error) ||
	error.name === 'QueryFailedError' ||
	/connect|timed? ?out/i.test(error.message);

function send(context: IWebhookFunctions, { status, headers, body }: Answer): void {
	const response = context.getResponseObject();
	for (const name of ['Location', 'Content-Type', 'ETag']) response.removeHeader(name);
	response.status(status).set(headers).send(body);
}

/** The methods of a response by which n8n writes its own answer. */
const SETTERS = ['status', 'set', 'header', 'setHeader', 'removeHeader', 'type'] as const;
const ENDS = ['send', 'json', 'end'] as const;
