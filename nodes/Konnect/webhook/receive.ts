import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Outcome } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Problem, Result } from '../payment/result';
import type { Terms } from '../payment/terms';
import { verifyTerms } from '../payment/terms';
import type { Call } from './call';
import { readCall } from './call';
import type { EventState, PaymentEvent } from './event';
import { eventOf } from './event';
import type { NodeMemory } from './memory';
import type { Claim, EventRecord } from './registry';

/** What a call came to. The first check that fails decides. */
export type Reception =
	/** No payment is named. Nothing was asked of anyone. */
	| { kind: 'malformed'; reason: string }
	/** The webhook's address does not have our signature. Konnect was not asked. */
	| { kind: 'unsigned'; reason: string }
	/** Konnect knows no such payment. */
	| { kind: 'notFound'; reason: string }
	/** Konnect does not take our key, or the credential cannot be used: a person has to see to it. */
	| { kind: 'misconfigured'; problem: Problem }
	/** Konnect could not be asked. Nothing is remembered, so the same call can succeed later. */
	| { kind: 'unavailable'; problem: Problem }
	/** The payment is not the one that the address was made for, or not for us. */
	| { kind: 'mismatched'; reason: string }
	/** The payment's state is not what this workflow is about. */
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
	/** Whether a call without signed terms is taken although the credential has a secret. A wrong signature never is. */
	acceptUnsigned: boolean;
	/** For all that a call has to wait for, in milliseconds. */
	timeout: number;
}

/** What a call needs of the world around it. */
export interface Surroundings {
	settings: Settings;
	memory: NodeMemory;
	/** Names what the node has been set to use as its credential. */
	credentialKey: string;
	/** Reads that credential. */
	connect(): Promise<Result<Connection>>;
	read(connection: Connection, paymentRef: string): Promise<Outcome<Payment>>;
	/** What static data remember of earlier events; undefined where events are not to be told apart, as in a test. */
	record: EventRecord | undefined;
}

/** Milliseconds that a call may still take. */
type TimeLeft = () => number;

/** Decides what a call of the webhook comes to, cheapest check first. */
export async function receive(query: unknown, around: Surroundings): Promise<Reception> {
	const reading = readCall(query);
	if (!reading.ok) return { kind: 'malformed', reason: reading.reason };
	const { call } = reading;
	const { paymentRef } = call;

	const { memory, credentialKey, connect, settings } = around;
	const deadline = Date.now() + settings.timeout;
	const left = () => deadline - Date.now();
	const known = await memory.connect(credentialKey, connect);
	let reception = await withConnection(known, call, around, left);
	if (reception.kind === 'unsigned' || reception.kind === 'misconfigured') {
		// The credential that refuses the call may be seconds old, and another by now.
		const current = await memory.reconnect(credentialKey, connect);
		if (JSON.stringify(current) !== JSON.stringify(known)) {
			reception = await withConnection(current, call, around, left);
		}
	}
	if (reception.kind === 'notFound') memory.rememberMissing(paymentRef);
	return reception;
}

async function withConnection(
	connected: Result<Connection>,
	call: Call,
	around: Surroundings,
	left: TimeLeft,
): Promise<Reception> {
	if (!connected.ok) return { kind: 'misconfigured', problem: connected.problem };
	const connection = connected.value;
	const signature = checkSignature(call, connection, around.settings);
	if (!signature.ok) return { kind: 'unsigned', reason: signature.reason };

	const { memory } = around;
	const { paymentRef } = call;
	if (memory.isKnownMissing(paymentRef)) return NOT_FOUND;
	if (await isSettled(paymentRef, around, left)) {
		return { kind: 'duplicate', event: { paymentRef, state: 'paid', news: 0 } };
	}
	const begin = () => around.read(connection, paymentRef);
	const outcome = await memory.read(paymentRef, begin, left());
	if (outcome === 'overload') return { kind: 'unavailable', problem: OVERLOAD };
	if (!outcome.ok) return await afterFailure(outcome.failure, call, connection, around, left);

	const payment = outcome.value;
	const reason = reasonToRefuse(payment, connection, around.settings, signature.terms);
	if (reason !== undefined) return { kind: 'mismatched', reason };
	const event = eventOf(payment);
	const { events } = around.settings;
	if (!events.includes('any') && !events.includes(event.state)) {
		return { kind: 'ignored', reason: `the payment's state is "${event.state}"`, payment };
	}
	const run = { kind: 'run', event, call, connection, payment, claim: undefined } as const;
	return await claimed(run, around, left);
}

const NOT_FOUND: Reception = { kind: 'notFound', reason: 'Konnect knows no such payment' };

function checkSignature(
	{ terms: parameter }: Call,
	{ webhookSecrets }: Connection,
	{ acceptUnsigned }: Settings,
): { ok: true; terms: Terms | undefined } | { ok: false; reason: string } {
	if (webhookSecrets.length === 0) return { ok: true, terms: undefined };
	if (parameter === undefined) {
		return acceptUnsigned
			? { ok: true, terms: undefined }
			: { ok: false, reason: 'the webhook address is not signed' };
	}
	const terms = verifyTerms(parameter, webhookSecrets);
	return terms
		? { ok: true, terms }
		: { ok: false, reason: 'the signature of the webhook address is not right' };
}

async function afterFailure(
	{ kind, problem }: Failure,
	call: Call,
	connection: Connection,
	around: Surroundings,
	left: TimeLeft,
): Promise<Reception> {
	if (kind === 'keyRefused') return { kind: 'misconfigured', problem };
	if (kind === 'notFound') return NOT_FOUND;
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
	const reception = await claimed(run, around, left);
	return reception.kind === 'duplicate' ? { kind: 'unavailable', problem } : reception;
}

/** Why a payment is not the one that was meant. The values stay untold: anyone may have sent the call. */
function reasonToRefuse(
	payment: Payment,
	{ walletId }: Connection,
	{ expected }: Settings,
	terms: Terms | undefined,
): string | undefined {
	const mismatches = [
		...mismatchesOf(payment, { ...expected, walletId }),
		...mismatchesOf(payment, terms ?? {}),
	];
	if (mismatches.length === 0) return undefined;
	const fields = [...new Set(mismatches.map(({ field }) => field))];
	return `the payment is not the expected one: ${fields.join(', ')}`;
}

async function isSettled(paymentRef: string, { memory, record }: Surroundings, left: TimeLeft) {
	if (record === undefined) return false;
	memory.events.learn(record);
	return await memory.events.isSettled(paymentRef, left());
}

async function claimed(
	run: Extract<Reception, { kind: 'run' }>,
	{ memory, record }: Surroundings,
	left: TimeLeft,
): Promise<Reception> {
	if (record === undefined) return run;
	const claim = await memory.events.claim(run.event, left());
	if (claim === 'busy') return { kind: 'unavailable', problem: BUSY };
	return claim === 'repeat' ? { kind: 'duplicate', event: run.event } : { ...run, claim };
}

const OVERLOAD: Problem = {
	message: 'Too many payments are being read at once',
	description: 'Repeat the call later.',
};

const BUSY: Problem = {
	message: 'Another call for this payment is still being handled',
	description: 'Repeat the call later.',
};
