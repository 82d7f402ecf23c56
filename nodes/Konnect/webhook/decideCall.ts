import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { Payment } from '../payment/payment';
import { paymentOutput } from '../payment/payment';
import { PARAMETERS, signingKeys, verifyTerms } from '../payment/terms';
import type { Call, CheckedCall } from './call';
import { queryOf, readCall } from './call';
import type { Decision } from './decision';
import { BUSY, CROWDED, decisionOn, LATE } from './decision';
import { keyOf, withCredential, type Deps } from './deps';
import type { EventState, PaymentEvent } from './event';
import { eventIdOf, eventOf } from './event';
import { isUnsettled, readOnce, waitUntilSettled } from './settle';
import type { Claim } from './state/locks';
import { claimOn } from './state/locks';
import type { EventRecord } from './state/record';

/** What the trigger's user has set. */
export interface TriggerSettings {
	events: ReadonlyArray<EventState | 'any'>;
	simplify: boolean;
	expected: Expectations;
	/** Whether a call without signed terms is taken although the credential has a secret. A wrong signature never is. */
	acceptUnsigned: boolean;
}

export interface CallDeps extends Deps {
	settings: TriggerSettings;
	/** What static data remember of earlier events; undefined where events are not to be told apart, as in a test. */
	record: EventRecord | undefined;
}

/**
 * Decides what a call of the trigger comes to, cheapest check first.
 *
 * @param search the query of the address that was called
 */
export async function decideCall(search: URLSearchParams, deps: CallDeps): Promise<Decision> {
	const reading = readCall(search);
	if (!reading.ok) return { kind: 'malformed', reason: reading.reason };
	const { call } = reading;
	return await withCredential(deps, async (connection) => {
		const terms = verifyTerms(call.search, signingKeys(connection));
		const reason = terms ? undefined : reasonToRefuseUnsigned(call, connection, deps.settings);
		if (reason !== undefined) return { kind: 'unsigned', reason };
		if (deps.record !== undefined) deps.state.events.learn(deps.record);
		return await decideOnPayment({ ...call, terms, connection }, deps);
	});
}

function reasonToRefuseUnsigned(
	{ search }: Call,
	{ webhookSecrets }: Connection,
	{ acceptUnsigned }: TriggerSettings,
): string | undefined {
	if (webhookSecrets.length === 0) return undefined;
	if (search.has(PARAMETERS.terms)) return 'the signature of the webhook address is not right';
	return acceptUnsigned ? undefined : 'the webhook address is not signed';
}

async function decideOnPayment(call: CheckedCall, deps: CallDeps): Promise<Decision> {
	const outcome = await readForCall(call, deps);
	if (outcome === 'crowded') return CROWDED;
	if (outcome === 'late') return await decideOnFailure(LATE, call, deps);
	if (!outcome.ok) return await decideOnFailure(decisionOn(outcome.failure), call, deps);

	const payment = outcome.value;
	const event = eventOf(payment);
	const { paymentRef, state } = event;
	const log = deps.state.events;
	const mismatch = mismatchOf(payment, call, deps.settings);
	const isSettled = !isUnsettled(deps, call.connection, payment);
	if (mismatch !== undefined) {
		// It may be paid yet, and the owner has to hear of that.
		if (!isSettled) return { kind: 'unsettled', state, paymentRef };
		return { kind: 'mismatched', reason: mismatch, state, paymentRef };
	}
	// Nothing follows `paid`, whatever another copy of Konnect's says a moment later.
	if (state !== 'paid' && deps.record !== undefined && log.isPaid(paymentRef)) {
		return { kind: 'duplicate', reason: SEEN, state: 'paid', paymentRef };
	}
	const { events } = deps.settings;
	if (events.includes('any') || events.includes(state)) {
		const item = outputOf(payment, event, call, deps);
		const decision = await claimed(event, { items: [item], isSettled }, deps);
		if (isSettled || decision.kind === 'run') return decision;
	}
	if (!isSettled) return { kind: 'unsettled', state, paymentRef };
	const reason = `the payment's state is "${state}", which is not in 'Trigger On'`;
	return { kind: 'ignored', reason, state, paymentRef };
}

type Read = Outcome<Payment> | 'late' | 'crowded';

/** Reads the payment, until it has settled. */
async function readForCall(call: CheckedCall, deps: CallDeps): Promise<Read> {
	const { connection, paymentRef } = call;
	const { state } = deps;
	const isSeen = state.events.knows(paymentRef) || state.reads.knows(keyOf(connection, paymentRef));
	const outcome = await (isSeen ? readOnce(deps, connection, call) : readUnknown(call, deps));
	if (outcome === 'crowded') return outcome;
	return await waitUntilSettled(deps, connection, paymentRef, outcome);
}

/**
 * Reads a payment that was never seen here, while there were not too many that Konnect does not know: of all that strangers ask
 * for, and with each signed address, whose payer can invent references for it.
 */
async function readUnknown(call: CheckedCall, deps: CallDeps): Promise<Read> {
	const { connection, paymentRef, terms, search } = call;
	const { state, deadline } = deps;
	const signed = search.get(PARAMETERS.terms) ?? '';
	const quota = terms ? state.unknown.bySignature.of(signed) : state.unknown.unsigned;
	// Reads of payments that Konnect knows give their place back, so a burst of calls without signatures only waits a moment.
	const giveBack = await quota.wait(deadline);
	if (!giveBack) return 'crowded';
	if (deadline.isOver) {
		giveBack();
		return 'late';
	}
	const outcome = await readOnce(deps, connection, call);
	const key = keyOf(connection, paymentRef);
	const inTheEnd = async () => (outcome === 'late' ? await state.reads.end(key) : outcome);
	void inTheEnd().then((end) => (isInvented(end) ? undefined : giveBack()), giveBack);
	return outcome;
}

/** What invented references can come to. A Konnect that is away has no limit that they could use up. */
const isInvented = (outcome: Outcome<Payment> | undefined) =>
	outcome?.ok === false && outcome.failure.kind !== 'unavailable';

/** Why a payment is not the one that was meant. The values stay untold: anyone may have sent the call. */
function mismatchOf(
	payment: Payment,
	{ terms, connection }: CheckedCall,
	{ expected }: TriggerSettings,
): string | undefined {
	const walletId = terms?.walletId ?? connection.walletId;
	const mismatches = [
		...mismatchesOf(payment, { ...expected, walletId }),
		...mismatchesOf(payment, terms ?? {}),
	];
	if (mismatches.length === 0) return undefined;
	const fields = [...new Set(mismatches.map(({ field }) => field))];
	return `the payment is not the expected one: ${fields.join(', ')}`;
}

/** Where Konnect could not be asked, the workflow runs all the same if its user has chosen that by name: `any` does not mean it. */
async function decideOnFailure(
	refusal: Decision,
	call: CheckedCall,
	deps: CallDeps,
): Promise<Decision> {
	const { settings, state, deadline } = deps;
	const { paymentRef, connection } = call;
	const isChosen = refusal.kind === 'unavailable' && settings.events.includes('unverified');
	if (!isChosen || state.events.isPaid(paymentRef)) return refusal;
	const event: PaymentEvent = { paymentRef, state: 'unverified', detail: '' };
	const eventId = eventIdOf(event);
	const now = deadline.clock.now();
	const inAll = state.unverified.all.take(now);
	const forThis = inAll && state.unverified.each.of(paymentRef).take(now);
	if (!inAll || !forThis) {
		inAll?.();
		return refusal;
	}
	const giveBack = () => {
		inAll();
		forThis();
	};
	const item = {
		paymentId: paymentRef,
		state: event.state,
		environment: connection.environment,
		...queryOf(call, undefined),
		eventId,
	};
	const claim = claimOn({ commit: () => {}, release: giveBack }, () => {});
	return {
		kind: 'run',
		items: [item],
		state: event.state,
		isSettled: false,
		paymentRef,
		eventId,
		claim,
	};
}

const SEEN = 'the workflow was started for this or a later event';

async function claimed(
	event: PaymentEvent,
	what: { items: IDataObject[]; isSettled: boolean },
	deps: CallDeps,
): Promise<Decision> {
	const { paymentRef, state } = event;
	const eventId = eventIdOf(event);
	const run = { kind: 'run' as const, ...what, state, paymentRef, eventId };
	if (deps.record === undefined) return { ...run, claim: undefined };
	const claim: Claim | 'repeat' | 'busy' = await deps.state.events.claim(event, deps.deadline);
	if (claim === 'busy') return { ...BUSY, state };
	if (claim !== 'repeat') return { ...run, claim };
	return { kind: 'duplicate', reason: SEEN, state, paymentRef, eventId };
}

const outputOf = (
	payment: Payment,
	event: PaymentEvent,
	call: CheckedCall,
	{ settings }: CallDeps,
): IDataObject => ({
	...paymentOutput(payment, call.connection.environment, settings.simplify),
	...queryOf(call, payment),
	eventId: eventIdOf(event),
});
