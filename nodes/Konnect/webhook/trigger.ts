import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { TABLES } from '../descriptions';
import { mismatchesOf } from '../payment/expectations';
import { readBoolean, readNumber, readOptions } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import { paymentOutput } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import type { SignedTerms } from '../payment/terms';
import { ownParameters, PARAMETERS, signingKeys, verifyTerms } from '../payment/terms';
import { queryOf } from './address';
import type { Check, Subject } from './decide';
import type { Decision } from './decision';
import { Final, isAgain, isRun, ownerProblemOf } from './decision';
import type { Plan } from './n8n';
import { Call } from './n8n';
import { eventOf } from './state/event';
import type { NodeState } from './state/nodeState';
import { sharedState } from './state/nodeState';
import { UNVERIFIED } from './state/watches';

const MINUTE = 60_000;

/** n8n listens for a test event for two minutes. */
const LONGEST_TEST = 110_000;

/**
 * A call may save static data for so many milliseconds after it came. n8n saves those of the whole workflow as they were when the
 * call came, so a later save would undo what other executions have written meanwhile.
 */
const SAVES_WITHIN = 2_000;

/** What the trigger's user has set. */
export interface TriggerSettings {
	events: ReadonlyArray<PaymentState | 'any'>;
	simplify: boolean;
	/** Whether to accept addresses made before the credential had a secret: unsigned, or signed with the derived key. */
	acceptUnsigned: boolean;
}

/**
 * Handles a call of the trigger's webhook. Throws only for what the owner has to fix, at most once in ten minutes for each kind.
 * n8n then records a failed execution. Strangers cannot cause one without a paid payment of this account.
 */
export async function handleCall(
	context: IWebhookFunctions,
	process = sharedState,
): Promise<IWebhookResponseData> {
	const call = new Call(context, 'Konnect Trigger', TABLES.trigger, process);
	const { paymentRef, reason } = call.named;
	if (paymentRef === undefined) return call.decline(Final.malformed(reason), false);
	const alarm = alarmOf(call);
	learnRecord(context, call);
	const plan = () => planOf(call, paymentRef);
	const { decision, isWatched } = await call.look(plan, (one) => alarm(one) !== undefined);
	const save = () => saveRecord(context, call);
	if (isRun(decision)) {
		// The test listener takes one event, from whichever call.
		if (call.isTest) process.watches.end(keyOf(call, paymentRef));
		const items = decision.items.map((json) => ({ json }));
		return call.start(decision, items, isWatched, save);
	}
	const rung = alarm(decision);
	if (rung) return call.fail(decision, rung.problem, rung.count);
	save();
	return call.decline(decision, isWatched);
}

function planOf(call: Call, paymentRef: string): Plan {
	const minutes = call.setting('options.keepLooking', readKeepLooking);
	const settings: TriggerSettings = {
		events: call.setting('events', readOptions) as TriggerSettings['events'],
		simplify: call.setting('simplify', readBoolean),
		acceptUnsigned: call.setting('options.acceptUnsigned', readBoolean),
	};
	const { state: node, search, isTest } = call;
	const key = keyOf(call, paymentRef);
	const subject = subjectOf({ key, paymentRef, search, settings, node, isTest });
	const keepLooking = Math.min(minutes * MINUTE, isTest ? LONGEST_TEST : Infinity);
	return { subject, settings: call.settings(), keepLooking };
}

const readKeepLooking = readNumber({ min: 0, max: 60 });

/** Tests have watches of their own, so that they end no other. */
const keyOf = ({ nodeKey, isTest }: Call, paymentRef: string) =>
	`${nodeKey}${isTest ? ' test' : ''} ${paymentRef}`;

/** Decides whether the owner is told of a call's problem: once for each kind, and again when a watch ends with it. */
function alarmOf(call: Call) {
	let count: number | undefined;
	let rung: string | undefined;
	return (decision: Decision) => {
		const problem = ownerProblemOf(decision);
		// In a test the owner sees the answer.
		if (!problem || call.isTest || !call.canFail) return undefined;
		const kind = isAgain(decision) ? problem.message : 'mismatched';
		const isCounted = kind === rung;
		if (!isCounted || call.hasAnswered) count = call.state.ownerAlarm.ring(kind, isCounted);
		rung = kind;
		return count === undefined ? undefined : { problem, count };
	};
}

/** Takes in the record in static data. A test neither reads nor writes it, so that it can be repeated. */
function learnRecord(context: IWebhookFunctions, { isTest, state }: Call): void {
	if (isTest) return;
	const { events } = context.getWorkflowStaticData('node');
	state.events.learn(typeof events === 'string' ? events : '');
}

function saveRecord(context: IWebhookFunctions, call: Call): void {
	if (call.isTest || call.hasAnswered || call.age > SAVES_WITHIN) return;
	const events = call.state.events.unsaved();
	if (events !== undefined) context.getWorkflowStaticData('node').events = events;
}

/** What a call of the trigger is about. */
export interface TriggerCall {
	key: string;
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	/** The query of the address that was called, unchecked. */
	search: URLSearchParams;
	settings: TriggerSettings;
	node: NodeState;
	/** A test starts for each call. */
	isTest: boolean;
}

export function subjectOf(call: TriggerCall): Subject {
	const signed = signedPartOf(call.search);
	let believed: Belief | undefined;
	return {
		key: call.key,
		refs: [call.paymentRef],
		// Only the credential tells whether the signature fits.
		origin: { address: signed, signed, isOurs: false },
		isTest: call.isTest,
		choice: 'Trigger On',
		doneReason: 'the workflow was started for this or a later event',
		check: (connection) => {
			const belief = beliefIn(call, connection);
			if (belief.refusal === undefined) believed = belief;
			// The first Webhook Secret may be set while the call keeps looking. That ends no call that was believed before.
			return checkOf(call, signed, connection, believed ?? belief);
		},
	};
}

/** What a credential makes of an address. */
interface Belief {
	/** The terms, if their signature fits. */
	terms: SignedTerms | undefined;
	/** Why the address is not believed. */
	refusal: string | undefined;
}

function beliefIn({ search, settings }: TriggerCall, connection: Connection): Belief {
	// Addresses made before the credential had a secret are signed, too: with the derived key.
	const terms = verifyTerms(search, signingKeys(connection, settings.acceptUnsigned));
	const refusal = terms ? undefined : reasonToRefuseUnsigned(search, connection, settings);
	return { terms, refusal };
}

/** @param signed as `signedPartOf` gives it */
function checkOf(
	{ search, settings, node, isTest }: TriggerCall,
	signed: string,
	connection: Connection,
	{ terms, refusal }: Belief,
): Check {
	const { events } = settings;
	const itemOf = (payment: Payment): IDataObject => ({
		...paymentOutput(payment, connection.environment, settings.simplify),
		...queryOf(search, terms, payment),
		eventId: eventOf(payment).eventId,
	});
	return {
		refusal,
		origin: { address: terms || signed === '' ? signed : UNVERIFIED, signed, isOurs: !!terms },
		strangers: node.strangersAt((terms && search.get(PARAMETERS.terms)) ?? ''),
		mismatches: (payment) =>
			mismatchesOf(payment, terms ?? { receiverWalletId: connection.walletId }),
		isRecordedPaid: (ref) => !isTest && node.events.isPaid(ref),
		isChosen: ({ state }) => events.includes('any') || events.includes(state),
		claim: async (payment, deadline) =>
			isTest ? undefined : await node.events.claim(eventOf(payment), deadline),
		items: (payments) => [...payments.values()].map(itemOf),
	};
}

/** The signed part of an address, with the signature. Empty where there is none. */
function signedPartOf(search: URLSearchParams): string {
	const terms = search.get(PARAMETERS.terms);
	return terms === null ? '' : JSON.stringify([terms, ownParameters(search)]);
}

function reasonToRefuseUnsigned(
	search: URLSearchParams,
	{ webhookSecrets }: Connection,
	{ acceptUnsigned }: TriggerSettings,
): string | undefined {
	if (webhookSecrets.length === 0) return undefined;
	if (search.has(PARAMETERS.terms)) return 'the signature of the webhook address is not right';
	return acceptUnsigned ? undefined : 'the webhook address is not signed';
}
