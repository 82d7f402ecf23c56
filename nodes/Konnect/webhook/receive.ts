import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Outcome } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import type { Terms } from '../payment/terms';
import { verifyTerms } from '../payment/terms';
import type { Call } from './call';
import { readCall } from './call';
import type { UsedCredential } from './credential';
import { withCredential } from './credential';
import type { EventState, PaymentEvent } from './event';
import { eventOf } from './event';
import type { NodeMemory } from './memory';
import type { Reception } from './reception';
import { BUSY, NOT_FOUND, OVERLOAD, receptionOf } from './reception';
import type { EventRecord } from './registry';

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
	credential: UsedCredential;
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

	const { memory, settings } = around;
	const deadline = Date.now() + settings.timeout;
	const left = () => deadline - Date.now();
	const reception = await withCredential(memory, around.credential, (connection) =>
		withConnection(connection, call, around, left),
	);
	if (reception.kind === 'notFound') memory.rememberMissing(paymentRef);
	return reception;
}

async function withConnection(
	connection: Connection,
	call: Call,
	around: Surroundings,
	left: TimeLeft,
): Promise<Reception> {
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
	if (outcome === 'overload') return OVERLOAD;
	if (!outcome.ok) return await afterFailure(outcome.failure, call, connection, around, left);

	const payment = outcome.value;
	const reason = reasonToRefuse(payment, connection, around.settings, signature.terms);
	if (reason !== undefined) return { kind: 'mismatched', reason };
	const event = eventOf(payment);
	const { events } = around.settings;
	if (!events.includes('any') && !events.includes(event.state)) {
		const reason = `the payment's state is "${event.state}", which is not in 'Trigger On'`;
		return { kind: 'ignored', reason, payment };
	}
	const run = { kind: 'run', event, call, connection, payment, claim: undefined } as const;
	return await claimed(run, around, left);
}

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
	failure: Failure,
	call: Call,
	connection: Connection,
	around: Surroundings,
	left: TimeLeft,
): Promise<Reception> {
	const refusal = receptionOf(failure);
	// Run for a call that nobody could check only where the user has asked for it by name: `any` does not mean it.
	const { events } = around.settings;
	if (refusal.kind !== 'unavailable' || !events.includes('unverified')) return refusal;
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
	return reception.kind === 'duplicate' ? refusal : reception;
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
	if (claim === 'busy') return BUSY;
	return claim === 'repeat' ? { kind: 'duplicate', event: run.event } : { ...run, claim };
}
