import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Clock } from '../api/clock';
import type { Connection } from '../api/connection';
import { STOPPED } from '../api/errors';
import { fetchPayment } from '../api/payments';
import { TABLES } from '../descriptions';
import { checkedOutput } from '../payment/expectations';
import type { Expiries } from '../payment/lifespan';
import { readBoolean, readNumber, readOptions } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import type { AwaitedPayment } from '../payment/waiting';
import { calledForAnother, whoIsCalled } from './checkWebhook';
import { answerOf, patienceOf, readFrom, valueOf } from './operation';
import { readingOf } from './reading';

const TABLE = TABLES.waitForPayment;

const MINUTE = 60_000;
/** At most a year. */
const MINUTES = { min: 0.01, max: 365 * 24 * 60 };
/** Where it cannot be known when the link runs out. */
const DEFAULT_WAIT = 24 * 60 * MINUTE;
/** Where the link should have run out by now, but Konnect does not say so yet. */
const SHORTEST_WAIT = 2 * MINUTE;

/** How long a step that is run by itself in the editor looks on, and how often. Milliseconds. */
export const LOOKING_ON = { pause: 4_000, atMost: 5 * MINUTE };

/** An item whose payment was looked up. */
export interface Found {
	awaited: AwaitedPayment;
	isOpen: boolean;
	/** It was looked at again and again, because Konnect does not call this execution. */
	wasLookedOn: boolean;
	/** Until when to wait for it: epoch in ms. */
	until: number;
	/** When Konnect will have marked it expired: epoch in ms. Undefined where that is not known. */
	expiry: number | undefined;
	output: IDataObject;
}

/** What all items of one run share: when the looking on ends, by the clock. */
interface Looking {
	clock: Clock;
	latest: number;
}

/** Looks a payment up, and says whether and until when it is to be waited for. */
export async function lookUp(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
	{ clock, latest }: Looking,
): Promise<Found> {
	if (context.getNode().type.endsWith('Tool')) throw notForAgents(context, item);
	const reading = readingOf(context, item, TABLE);
	const resumeOn = readFrom(context, item, TABLE, 'resumeOn', readOptions, []) as PaymentState[];
	const longest = readLongest(context, item);
	const includeInput = readFrom(context, item, TABLE, 'options.includeInput', readBoolean, false);
	const input = includeInput ? { input: context.getInputData()[item]?.json ?? {} } : {};

	const { paymentId, simplify, expected } = reading;
	const patience = patienceOf(context, item, TABLE, standDown);
	const look = async (): Promise<Payment | undefined> => {
		const outcome = await fetchPayment(context, connection, paymentId, patience);
		// Where Konnect cannot be asked the payment is waited for all the same: it is asked again when it calls.
		const isAway = !outcome.ok && ['unavailable', 'busy'].includes(outcome.failure.kind);
		return isAway ? undefined : answerOf(context, item, outcome);
	};
	const isOpen = (one: Payment | undefined) => !one || !resumeOn.includes(one.state);

	let payment = await look();
	const isForAnother =
		isOpen(payment) && whoIsCalled(context, item, payment) === 'anotherExecution';
	if (isForAnother) {
		const cancel = context.getExecutionCancelSignal();
		const stops = [standDown, cancel].filter((one) => one !== undefined);
		const isStopped = () => stops.some(({ aborted }) => aborted);
		const goesOn = () => context.getMode() === 'manual' && clock.now() < latest && !isStopped();
		// Only in the editor, where somebody sits before it, as n8n's own test listeners do.
		while (isOpen(payment) && goesOn()) {
			await clock.pause(LOOKING_ON.pause, stops);
			if (!isStopped()) payment = await look();
		}
		if (standDown.aborted) valueOf(context, item, { ok: false, problem: STOPPED });
		// A run that was cancelled ends by itself.
		if (isOpen(payment) && !cancel?.aborted) throw calledForAnother(context, item);
	}
	const output = payment
		? checkedOutput(payment, connection, reading)
		: { paymentId, state: 'unverified', environment: connection.environment };
	const expiry = expiryOf(context, paymentId);
	return {
		awaited: { paymentId, resumeOn, simplify, ...(expected && { expected }), ...input },
		isOpen: isOpen(payment),
		wasLookedOn: isForAnother,
		until: Date.now() + (longest ?? untilExpiry(expiry)),
		expiry,
		output: { ...output, timedOut: false, ...input },
	};
}

/** By n8n's own clock, epoch in ms; undefined where Init Payment had no lifespan. */
function expiryOf(context: IExecuteFunctions, paymentId: string): number | undefined {
	const { konnectExpiries = {} } = context.getContext('flow') as { konnectExpiries?: Expiries };
	return konnectExpiries[paymentId];
}

/** How long to wait where the user has set no limit, in ms. */
const untilExpiry = (expiry: number | undefined) =>
	expiry === undefined ? DEFAULT_WAIT : Math.max(expiry - Date.now(), SHORTEST_WAIT);

/** Milliseconds; undefined where there is no limit of the user's own: only a field that was left empty means that. */
function readLongest(context: IExecuteFunctions, item: number): number | undefined {
	if (context.getNode().parameters.timeoutMinutes === '') return undefined;
	const read = (value: unknown, label: string) => readNumber(value, label, MINUTES);
	return readFrom(context, item, TABLE, 'timeoutMinutes', read, DEFAULT_WAIT / MINUTE) * MINUTE;
}

const notForAgents = (context: IExecuteFunctions, itemIndex: number) =>
	new NodeOperationError(context.getNode(), 'Wait for Payment cannot be used as a tool', {
		description: 'An agent cannot wait. Let it read the payment with Get Payment instead.',
		itemIndex,
	});
