import { randomUUID } from 'node:crypto';

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { fetchPayment } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import { expiryOf } from '../payment/lifespan';
import type { Payment } from '../payment/payment';
import type { Result } from '../payment/result';
import { ok, refuse } from '../payment/result';
import { PAYMENT_STATES, type PaymentState } from '../payment/state';
import type { AwaitedPayment, Waiting } from '../payment/waiting';
import { forEachItem } from './forEachItem';
import type { Operation } from './operation';
import { answerOf, patienceOf, valueOf } from './operation';
import { readingOf } from './reading';
import { DEFAULT_CONCURRENCY } from '../descriptions/defaults';

const MINUTE = 60_000;
const LONGEST_WAIT = 365 * 24 * 60 * MINUTE;
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
	const found: Found[] = [];
	const look: Operation = {
		concurrency: DEFAULT_CONCURRENCY.waitForPayment,
		execute: async (_context, given, item, standDown) => {
			const { output, ...rest } = await lookUp(context, given, item, standDown);
			found[item] = rest;
			return output;
		},
	};
	const outputs = await forEachItem(context, look, connection);
	const open = found.filter((item) => item?.isOpen);
	if (open.length === 0 || context.getExecutionCancelSignal()?.aborted) return outputs;

	const waiting: Waiting = {
		key: randomUUID(),
		items: outputs.map(({ json }, item) => found[item]?.awaited ?? { output: json }),
	};
	Object.assign(context.getContext('node'), { waiting });
	prepareTimeout(context.getInputData(), outputs, found);
	const until = new Date(Math.max(...open.map((item) => item.until)));
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
	const reading = readingOf(context, item);
	const resumeOn = valueOf(context, item, toStates(context.getNodeParameter('resumeOn', item, [])));
	const minutes = context.getNodeParameter('timeoutMinutes', item, '');
	const longest = valueOf(context, item, toMilliseconds(minutes));
	const { includeInput } = context.getNodeParameter('options', item, {});
	const input = includeInput ? { input: context.getInputData()[item]?.json ?? {} } : {};

	const { paymentId, simplify, expected } = reading;
	const patience = patienceOf(context, item, standDown);
	const outcome = await fetchPayment(context, connection, paymentId, patience);
	// Where Konnect cannot be asked the payment is waited for all the same: it is asked again when it calls.
	const isAway = !outcome.ok && ['unavailable', 'busy'].includes(outcome.failure.kind);
	const payment = isAway ? undefined : answerOf(context, item, outcome);
	const output = payment
		? checkedOutput(payment, connection, reading)
		: { paymentId, state: 'unverified', environment: connection.environment };
	return {
		awaited: { paymentId, resumeOn, simplify, ...(expected && { expected }), ...input },
		isOpen: !payment || !resumeOn.includes(payment.state),
		until: untilFor(payment, longest, Date.now()),
		output: { ...output, timedOut: false, ...input },
	};
}

function untilFor(payment: Payment | undefined, longest: number | undefined, now: number): number {
	if (longest !== undefined) return now + longest;
	const expiry = payment && expiryOf(payment);
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
		const json = outputs[item]?.json ?? {};
		input.json = found[item]?.isOpen ? { ...json, timedOut: true } : json;
		delete input.binary;
	}
}

function tellUntil(context: IExecuteFunctions, until: Date, count: number): void {
	const format = { dateStyle: 'long', timeStyle: 'short' } as const;
	const timeZone = context.getTimezone();
	const date = new Intl.DateTimeFormat('en-GB', { ...format, timeZone }).format(until);
	const what = count === 1 ? 'the payment' : `${count} payments`;
	context.addExecutionHints({
		message: `Waits for ${what} until ${date} (${timeZone}).`,
		location: 'outputPane',
	});
}

function toStates(input: unknown): Result<PaymentState[]> {
	const states = typeof input === 'string' ? input.split(',').map((word) => word.trim()) : input;
	const isState = (state: unknown) => PAYMENT_STATES.includes(state as PaymentState);
	if (Array.isArray(states) && states.length > 0 && states.every(isState)) return ok(states);
	return refuse(
		"'Resume On' names no state of a payment",
		`Choose at least one. An expression gives a list of: ${PAYMENT_STATES.join(', ')}.`,
	);
}

/** @param input minutes; empty where there is no limit of the user's own */
function toMilliseconds(input: unknown): Result<number | undefined> {
	if (input === undefined || input === null || input === '') return ok(undefined);
	const wait = Number(input) * MINUTE;
	if (wait > 0 && wait <= LONGEST_WAIT) return ok(wait);
	return refuse(
		"'Timeout (Minutes)' is not a time to wait",
		'Give a number of minutes above zero, at most 525600 (a year), or leave it empty.',
	);
}

const notForAgents = (context: IExecuteFunctions, itemIndex: number) =>
	new NodeOperationError(context.getNode(), 'Wait for Payment cannot be used as a tool', {
		description: 'An agent cannot wait. Let it read the payment with Get Payment instead.',
		itemIndex,
	});
