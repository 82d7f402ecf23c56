import type { IDataObject } from 'n8n-workflow';

import { CLOCK } from '../api/clock';
import type { Connection } from '../api/connection';
import { STOPPED } from '../api/errors';
import { fetchPayment } from '../api/payments';
import { DEFAULT_CALL_TIMEOUT } from '../descriptions';
import { checkedOutput } from '../payment/expectations';
import { expiryOf } from '../payment/lifespan';
import { readBoolean, readNumber, readOptions, readTimeout } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import { hasEnded } from '../payment/state';
import type { AwaitedPayment, CallSettings } from '../payment/waiting';
import { CALLED_FOR_ANOTHER, isForAnotherExecution } from './checkWebhook';
import type { Item } from './item';
import { readingOf } from './reading';

const MINUTE = 60_000;
/** At most a year. */
const readMinutes = readNumber({ min: 0.01, max: 365 * 24 * 60 });
/** Milliseconds to wait if nobody knows when the link runs out. */
const DEFAULT_WAIT = 24 * 60 * MINUTE;
/** Milliseconds to wait if the link should have run out by now, but Konnect does not say so yet. */
const SHORTEST_WAIT = 2 * MINUTE;

/** How often and how long a step that runs by itself in the editor looks at a payment. Milliseconds. */
export const LOOKING_ON = { pause: 4_000, atMost: 5 * MINUTE };

/** An item whose payment was looked up. */
export interface Found {
	/** Read once for all looks at the item. */
	connection: Connection;
	/** Undefined if the payment has ended in a state to go on with. */
	awaited: AwaitedPayment | undefined;
	isOpen: boolean;
	/** Whether the node itself looked at the payment repeatedly, because Konnect does not call this execution. */
	wasLookedOn: boolean;
	/** Until when to wait for it: epoch in ms. */
	until: number;
	/** When Konnect will have marked it expired: epoch in ms. Undefined where that is not known. */
	expiry: number | undefined;
	output: IDataObject;
}

/**
 * Looks a payment up, and decides whether and until when to wait for it.
 *
 * @param latest when the repeated looks end, by the clock
 * @param before what an earlier look at the same item has found: it stays if it is final, or if Konnect cannot be asked now
 */
export async function lookUp(
	item: Item,
	latest: number,
	before: Found | undefined,
): Promise<Found> {
	if (before && !before.awaited) return before;
	const connection = before?.connection ?? (await item.connection());
	const { context, standDown } = item;
	if (context.getNode().type.endsWith('Tool')) throw item.error(NOT_FOR_AGENTS);
	const reading = readingOf(item);
	const resumeOn = item.read('resumeOn', readOptions) as PaymentState[];
	const longest = readLongest(item);
	const input = item.read('options.includeInput', readBoolean) ? { input: item.wrapper.json } : {};

	const { paymentId } = reading;
	const limits = item.limits();
	const look = async (): Promise<Payment | undefined> => {
		const outcome = await fetchPayment(context, connection, paymentId, limits);
		// If Konnect cannot be asked now, the node waits all the same: it asks again when Konnect calls.
		const isAway = !outcome.ok && ['unavailable', 'busy'].includes(outcome.failure.kind);
		return isAway ? undefined : item.answerOf(outcome);
	};
	const isOpen = (one: Payment | undefined) => !one || !resumeOn.includes(one.state);

	let payment = await look();
	const isForAnother = !!payment && isOpen(payment) && isForAnotherExecution(item, payment);
	if (isForAnother) {
		const cancel = context.getExecutionCancelSignal();
		const stops = [standDown, cancel].filter((one) => one !== undefined);
		const isStopped = () => stops.some(({ aborted }) => aborted);
		const goesOn = () => context.getMode() === 'manual' && CLOCK.now() < latest && !isStopped();
		// Only in the editor, where somebody watches, as with n8n's own test listeners.
		while (isOpen(payment) && goesOn()) {
			await CLOCK.pause(LOOKING_ON.pause, stops);
			if (!isStopped()) payment = await look();
		}
		if (standDown.aborted) throw item.error(STOPPED);
		// A run that was cancelled ends by itself.
		if (isOpen(payment) && !cancel?.aborted) throw item.error(CALLED_FOR_ANOTHER);
	}
	if (!payment && before) return before;
	const output = payment
		? checkedOutput(payment, connection, reading)
		: { paymentId, state: 'unknown', environment: connection.environment };
	const expiry = expiryOf(context.getContext('flow'), paymentId);
	return {
		connection,
		awaited:
			hasEnded(payment?.state) && !isOpen(payment)
				? undefined
				: { ...reading, resumeOn, ...input, calls: callSettingsOf(item) },
		isOpen: isOpen(payment),
		wasLookedOn: isForAnother,
		until: Date.now() + (longest ?? untilExpiry(expiry)),
		expiry,
		output: { ...output, timedOut: false, ...input },
	};
}

/** Read here, because n8n has other input items when a call comes. */
function callSettingsOf(item: Item): CallSettings {
	const { context, index } = item;
	const url = (name: string) => String(context.getNodeParameter(`options.${name}`, index, ''));
	return {
		timeout: item.read('options.timeout', readTimeout, DEFAULT_CALL_TIMEOUT) * 1000,
		successUrl: url('successUrl'),
		failUrl: url('failUrl'),
	};
}

/** How long to wait where the user has set no limit, in ms. */
const untilExpiry = (expiry: number | undefined) =>
	expiry === undefined ? DEFAULT_WAIT : Math.max(expiry - Date.now(), SHORTEST_WAIT);

/** Milliseconds. Undefined if the user set no limit. Only a field left empty means that, not an expression that gives nothing. */
function readLongest(item: Item): number | undefined {
	if ((item.context.getNode().parameters.timeoutMinutes ?? '') === '') return undefined;
	return item.read('timeoutMinutes', readMinutes) * MINUTE;
}

const NOT_FOR_AGENTS = {
	message: 'Wait for Payment cannot be used as a tool',
	description: 'An agent cannot wait. Let it read the payment with Get Payment instead.',
};
