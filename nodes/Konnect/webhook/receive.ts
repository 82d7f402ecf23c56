import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Outcome } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Problem, Result } from '../payment/result';
import type { Call } from './call';
import { readCall } from './call';
import type { EventState, PaymentEvent } from './event';
import { eventOf } from './event';
import type { NodeMemory } from './memory';
import type { Claim } from './registry';

/** What a call came to. The first check that fails decides. */
export type Reception =
	/** No payment is named. Nothing was asked of anyone. */
	| { kind: 'malformed'; reason: string }
	/** Konnect knows no such payment. */
	| { kind: 'notFound'; reason: string }
	/** Konnect does not take our key, or the credential cannot be used: a person has to see to it. */
	| { kind: 'misconfigured'; problem: Problem }
	/** Konnect could not be asked. Nothing is remembered, so the same call can succeed later. */
	| { kind: 'unavailable'; problem: Problem }
	/** The payment is not what this workflow is about. */
	| { kind: 'ignored'; reason: string; payment: Payment }
	/** The workflow was started for this event, or a later one, before. */
	| { kind: 'duplicate'; event: PaymentEvent }
	/** Start the workflow. `payment` is missing only where the event is `unverified`. */
	| {
			kind: 'run';
			event: PaymentEvent;
			call: Call;
			connection: Connection;
			payment: Payment | undefined;
			claim: Claim | undefined;
	  };

/** What the node's user has set. */
export interface Settings {
	events: ReadonlyArray<EventState | 'any'>;
	expected: Expectations;
	/** For all that a call has to wait for, in milliseconds. */
	timeout: number;
}

/** What a call needs of the world around it. */
export interface Surroundings {
	settings: Settings;
	memory: NodeMemory;
	connect(): Promise<Result<Connection>>;
	read(connection: Connection, paymentRef: string): Promise<Outcome<Payment>>;
	/** What static data remember of earlier events; undefined where events are not to be told apart, as in a test. */
	record: object | undefined;
}

/** Decides what a call of the webhook comes to, cheapest check first. */
export async function receive(query: unknown, around: Surroundings): Promise<Reception> {
	const reading = readCall(query);
	if (!reading.ok) return { kind: 'malformed', reason: reading.reason };
	const { call } = reading;
	const { paymentRef } = call;
	if (around.memory.isKnownMissing(paymentRef)) return NOT_FOUND;

	if (await isSettled(paymentRef, around)) {
		return { kind: 'duplicate', event: { paymentRef, state: 'paid', news: 0 } };
	}

	const connected = await around.connect();
	if (!connected.ok) return { kind: 'misconfigured', problem: connected.problem };
	const connection = connected.value;
	const outcome = await around.memory.read(paymentRef, () => around.read(connection, paymentRef));
	if (!outcome.ok) return afterFailure(outcome.failure, call, connection, around);

	const payment = outcome.value;
	const event = eventOf(payment);
	const reason = reasonToIgnore(payment, event, connection, around.settings);
	if (reason !== undefined) return { kind: 'ignored', reason, payment };
	return claimed({ kind: 'run', event, call, connection, payment, claim: undefined }, around);
}

const NOT_FOUND: Reception = { kind: 'notFound', reason: 'Konnect knows no such payment' };

async function afterFailure(
	{ kind, problem }: Failure,
	call: Call,
	connection: Connection,
	around: Surroundings,
): Promise<Reception> {
	if (kind === 'keyRefused') return { kind: 'misconfigured', problem };
	if (kind === 'notFound') {
		around.memory.rememberMissing(call.paymentRef);
		return NOT_FOUND;
	}
	// Run for a call that nobody could check only where the user has asked for it by name: `any` does not mean it.
	if (!around.settings.events.includes('unverified')) return { kind: 'unavailable', problem };
	const event: PaymentEvent = { paymentRef: call.paymentRef, state: 'unverified', news: 0 };
	const run = {
		kind: 'run',
		event,
		call,
		connection,
		payment: undefined,
		claim: undefined,
	} as const;
	const reception = await claimed(run, around);
	return reception.kind === 'duplicate' ? { kind: 'unavailable', problem } : reception;
}

function reasonToIgnore(
	payment: Payment,
	event: PaymentEvent,
	connection: Connection,
	{ events, expected }: Settings,
): string | undefined {
	const mismatches = mismatchesOf(payment, { ...expected, walletId: connection.walletId });
	if (mismatches.length > 0) {
		return `the payment is not the expected one: ${mismatches.map(({ field }) => field).join(', ')}`;
	}
	if (events.includes('any') || events.includes(event.state)) return undefined;
	return `its state is "${event.state}", which is not in 'Trigger On'`;
}

const isSettled = async (paymentRef: string, { memory, record, settings }: Surroundings) =>
	record !== undefined && (await memory.events.isSettled(paymentRef, record, settings.timeout));

async function claimed(
	run: Extract<Reception, { kind: 'run' }>,
	{ settings, memory, record }: Surroundings,
): Promise<Reception> {
	if (record === undefined) return run;
	memory.events.learn(record);
	const claim = await memory.events.claim(run.event, settings.timeout);
	if (claim === 'busy') return { kind: 'unavailable', problem: BUSY };
	return claim === 'repeat' ? { kind: 'duplicate', event: run.event } : { ...run, claim };
}

const BUSY: Problem = {
	message: 'Another call for this payment is still being handled',
	description: 'Repeat the call later.',
};
