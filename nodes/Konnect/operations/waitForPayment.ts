import { randomUUID } from 'node:crypto';

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { fetchPayment } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import type { Expiries } from '../payment/lifespan';
import { readBoolean, readNumber, readOptions } from '../payment/parameters';
import type { Result } from '../payment/result';
import type { PaymentState } from '../payment/state';
import type { AwaitedPayment, Waiting } from '../payment/waiting';
import { forEachItem } from './forEachItem';
import type { Operation } from './operation';
import { answerOf, patienceOf, readFrom } from './operation';
import { readingOf } from './reading';
import { DEFAULT_CONCURRENCY, TABLES } from '../descriptions';
import { checkWebhook } from './checkWebhook';

const TABLE = TABLES.waitForPayment;

const MINUTE = 60_000;
/** At most a year. */
const MINUTES = { min: 0.01, max: 365 * 24 * 60 };
/** Where it cannot be known when the link runs out. */
const DEFAULT_WAIT = 24 * 60 * MINUTE;
/** Where the link should have run out by now, but Konnect does not say so yet. */
const SHORTEST_WAIT = 2 * MINUTE;

/** An item whose payment was looked up. */
interface Found {
	awaited: AwaitedPayment;
	isOpen: boolean;
	/** Until when to wait for it: epoch in ms. */
	until: number;
}

/**
 * Looks all payments up and puts them out, where each is in a state to go on with. Else the execution waits: n8n stores it, and
 * goes on when `webhook()` of the node says so, or when time is up, with what this has made of its input items.
 */
export async function waitForPayment(
	context: IExecuteFunctions,
	connection: Result<Connection>,
): Promise<INodeExecutionData[]> {
	restoreInputs(context.getInputData());
	const found: Found[] = [];
	const look: Operation = {
		concurrency: DEFAULT_CONCURRENCY.waitForPayment,
		table: TABLE,
		execute: async (_context, given, item, standDown) => {
			const { output, ...rest } = await lookUp(context, given, item, standDown);
			found[item] = rest;
			return output;
		},
	};
	const outputs = await forEachItem(context, look, connection);
	const open = found.filter((item) => item?.isOpen);
	if (open.length === 0 || context.getExecutionCancelSignal()?.aborted) return outputs;
	if (open.length > MOST_AWAITED) throw tooMany(context, open.length);

	const until = new Date(Math.max(...open.map((item) => item.until)));
	const waiting: Waiting = {
		key: randomUUID(),
		until: until.getTime(),
		items: outputs.map(({ json }, item) => found[item]?.awaited ?? { output: json }),
	};
	Object.assign(context.getContext('node'), { waiting });
	prepareTimeout(context.getInputData(), outputs, found);
	tellUntil(context, until, open.length);
	// Last: what fails after it would be taken for a wait.
	await context.putExecutionToWait(until);
	return outputs;
}

async function lookUp(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
): Promise<Found & { output: IDataObject }> {
	if (context.getNode().type.endsWith('Tool')) throw notForAgents(context, item);
	const reading = readingOf(context, item, TABLE);
	const resumeOn = readFrom(context, item, TABLE, 'resumeOn', readOptions, []) as PaymentState[];
	const longest = readLongest(context, item);
	const includeInput = readFrom(context, item, TABLE, 'options.includeInput', readBoolean, false);
	const input = includeInput ? { input: context.getInputData()[item]?.json ?? {} } : {};

	const { paymentId, simplify, expected } = reading;
	const patience = patienceOf(context, item, TABLE, standDown);
	const outcome = await fetchPayment(context, connection, paymentId, patience);
	// Where Konnect cannot be asked the payment is waited for all the same: it is asked again when it calls.
	const isAway = !outcome.ok && ['unavailable', 'busy'].includes(outcome.failure.kind);
	const payment = isAway ? undefined : answerOf(context, item, outcome);
	const output = payment
		? checkedOutput(payment, connection, reading)
		: { paymentId, state: 'unverified', environment: connection.environment };
	const isOpen = !payment || !resumeOn.includes(payment.state);
	if (isOpen) checkWebhook(context, item, payment);
	return {
		awaited: { paymentId, resumeOn, simplify, ...(expected && { expected }), ...input },
		isOpen,
		until: longest === undefined ? expiryOf(context, paymentId) : Date.now() + longest,
		output: { ...output, timedOut: false, ...input },
	};
}

/** Until when to wait for a payment where the user has set no limit: epoch in ms, of n8n's own clock. */
function expiryOf(context: IExecuteFunctions, paymentId: string): number {
	const { konnectExpiries = {} } = context.getContext('flow') as { konnectExpiries?: Expiries };
	const expiry = konnectExpiries[paymentId];
	const now = Date.now();
	return expiry === undefined ? now + DEFAULT_WAIT : Math.max(expiry, now + SHORTEST_WAIT);
}

/**
 * When time is up n8n puts out the node's input items and runs none of our code. So they become here what is to be put out then:
 * the payments as they were last read. Only n8n's wrappers are changed, which are this node's own.
 */
function prepareTimeout(
	inputs: INodeExecutionData[],
	outputs: INodeExecutionData[],
	found: Found[],
): void {
	for (const [item, input] of inputs.entries()) {
		ORIGINALS.set(input, { ...input });
		const json = outputs[item]?.json ?? {};
		input.json = found[item]?.isOpen ? { ...json, timedOut: true } : json;
		delete input.binary;
	}
}

/** Inputs as they came, by n8n's wrappers: with Retry On Fail the next try is given what this one has made of them. */
const ORIGINALS = new WeakMap<INodeExecutionData, INodeExecutionData>();

function restoreInputs(inputs: INodeExecutionData[]): void {
	for (const input of inputs) Object.assign(input, ORIGINALS.get(input));
}

function tellUntil(context: IExecuteFunctions, until: Date, count: number): void {
	const [date, timeZone] = inWords(until, context.getTimezone());
	const what = count === 1 ? 'the payment' : `${count} payments`;
	context.addExecutionHints({
		message: `Waits for ${what} until ${date} (${timeZone}).`,
		location: 'outputPane',
	});
}

/** A date in words; in UTC where n8n's time zone is one that the system does not know, such as GMT+1. */
function inWords(date: Date, timeZone: string): [date: string, timeZone: string] {
	const format = { dateStyle: 'long', timeStyle: 'short' } as const;
	try {
		return [new Intl.DateTimeFormat('en-GB', { ...format, timeZone }).format(date), timeZone];
	} catch {
		return [new Intl.DateTimeFormat('en-GB', { ...format, timeZone: 'UTC' }).format(date), 'UTC'];
	}
}

/** Milliseconds; undefined where there is no limit of the user's own: only a field that was left empty means that. */
function readLongest(context: IExecuteFunctions, item: number): number | undefined {
	if (context.getNode().parameters.timeoutMinutes === '') return undefined;
	const read = (value: unknown, label: string) => readNumber(value, label, MINUTES);
	return readFrom(context, item, TABLE, 'timeoutMinutes', read, DEFAULT_WAIT / MINUTE) * MINUTE;
}

/** So many payments that are read at each of n8n's calls would take too long. */
const MOST_AWAITED = 500;

const tooMany = (context: IExecuteFunctions, count: number) =>
	new NodeOperationError(
		context.getNode(),
		`${count} payments are too many for one execution to wait for`,
		{
			description: `At most ${MOST_AWAITED} can be awaited at once. Put a Loop Over Items node before this one, or start an execution for each payment with Execute Sub-workflow.`,
		},
	);

const notForAgents = (context: IExecuteFunctions, itemIndex: number) =>
	new NodeOperationError(context.getNode(), 'Wait for Payment cannot be used as a tool', {
		description: 'An agent cannot wait. Let it read the payment with Get Payment instead.',
		itemIndex,
	});
