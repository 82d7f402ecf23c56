import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { TABLES } from '../descriptions';
import { mismatchesOf } from '../payment/expectations';
import { readBoolean, readNumber, readOptions } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import { paymentOutput } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import { ownParameters, PARAMETERS, signingKeys, verifyTerms } from '../payment/terms';
import { paymentNamedIn, queryOf } from './address';
import type { Check, Subject } from './decide';
import type { Decision } from './decision';
import { Final, isAgain, isRun, ownerProblemOf } from './decision';
import { Call } from './n8n';
import { eventOf } from './state/event';
import type { EventRecord } from './state/events';
import type { NodeState } from './state/nodeState';
import { sharedState } from './state/nodeState';
import type { Origin } from './state/watches';
import { UNVERIFIED } from './state/watches';

const TABLE = TABLES.trigger;

const MINUTE = 60_000;

/** n8n listens for a test event for two minutes. */
const LONGEST_TEST = 110_000;

/**
 * A call saves static data within so many milliseconds. n8n saves the whole workflow's as they were when the call came, so a later
 * save would undo what other executions have written meanwhile.
 */
const SAVES_WITHIN = 2_000;

/** What the trigger's user has set. */
export interface TriggerSettings {
	events: ReadonlyArray<PaymentState | 'any'>;
	simplify: boolean;
	/** Whether a call without signed terms is taken although the credential has a secret. A wrong signature never is. */
	acceptUnsigned: boolean;
}

/**
 * Handles a call of the trigger's webhook. Throws only for what the owner has to mend, and seldom: n8n records a failed execution
 * then. It never does for what any stranger can send.
 */
export async function handleCall(
	context: IWebhookFunctions,
	process = sharedState,
): Promise<IWebhookResponseData> {
	const call = new Call(context, 'Konnect Trigger', TABLE, process);
	const { paymentRef, reason } = paymentNamedIn(call.search);
	if (paymentRef === undefined) return call.decline(Final.malformed(reason), false);
	const { ring, told } = alarmOf(call);
	const record = recordOf(context, call);
	const read = () => settingsOf(call, paymentRef, record);
	const { decision, isWatched } = await call.look(read, ring);
	const save = () => saveRecord(context, call, record);
	if (isRun(decision)) {
		// The test listener takes one event, whichever call comes with it.
		if (call.isTest) process.watches.end(keyOf(call, paymentRef));
		const items = decision.items.map((json) => ({ json }));
		return call.start(decision, items, isWatched, save);
	}
	ring(decision);
	const count = told();
	const problem = ownerProblemOf(decision);
	if (problem && count !== undefined) return call.fail(decision, problem, count);
	save();
	return call.decline(decision, isWatched);
}

function settingsOf(
	call: Call,
	paymentRef: string,
	record: EventRecord | undefined,
): [Subject, number] {
	const minutes = call.setting('options.keepLooking', readKeepLooking);
	const settings: TriggerSettings = {
		events: call.setting('events', readOptions) as TriggerSettings['events'],
		simplify: call.setting('simplify', readBoolean),
		acceptUnsigned: call.setting('options.acceptUnsigned', readBoolean),
	};
	const { state: node, search } = call;
	if (record !== undefined) node.events.learn(record);
	const key = keyOf(call, paymentRef);
	const subject = subjectOf({ key, paymentRef, search, settings, node }, record);
	return [subject, Math.min(minutes * MINUTE, call.isTest ? LONGEST_TEST : Infinity)];
}

const readKeepLooking = readNumber({ min: 0, max: 60 });

/** Tests have watches of their own, which end none of those that matter. */
const keyOf = ({ nodeKey, isTest }: Call, paymentRef: string) =>
	`${nodeKey}${isTest ? ' test' : ''} ${paymentRef}`;

/** Whether the owner is told of what a call has met: once for each kind, and again when a watch ends with it. */
function alarmOf(call: Call) {
	let count: number | undefined;
	let rung: string | undefined;
	return {
		told: () => count,
		ring: (decision: Decision): boolean => {
			const problem = ownerProblemOf(decision);
			// Who tests sees the answer.
			if (!problem || call.isTest) return false;
			const kind = isAgain(decision) ? problem.message : 'mismatched';
			if (kind !== rung || call.hasAnswered) count = call.state.ownerAlarm.ring(kind);
			rung = kind;
			return count !== undefined;
		},
	};
}

/** The record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
function recordOf(context: IWebhookFunctions, { isTest }: Call): EventRecord | undefined {
	if (isTest) return undefined;
	const { events } = context.getWorkflowStaticData('node');
	return typeof events === 'string' ? events : '';
}

function saveRecord(context: IWebhookFunctions, call: Call, record: EventRecord | undefined): void {
	if (record === undefined || call.hasAnswered || call.age > SAVES_WITHIN) return;
	const events = call.state.events.unsaved();
	if (events !== undefined) context.getWorkflowStaticData('node').events = events;
}

/** What a call of the trigger is about. */
export interface TriggerCall {
	key: string;
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	/** The query of the address that was called: nobody has checked it. */
	search: URLSearchParams;
	settings: TriggerSettings;
	node: NodeState;
}

/** @param record undefined where events are not told apart, as in a test */
export function subjectOf(call: TriggerCall, record: EventRecord | undefined): Subject {
	const { key, paymentRef } = call;
	const isTest = record === undefined;
	return {
		key,
		refs: [paymentRef],
		// Whether the signature fits is not known before the credential is read.
		origin: { address: signedAddressIn(call.search), isOurs: false },
		isTest,
		choice: 'Trigger On',
		doneReason: 'the workflow was started for this or a later event',
		check: (connection) => checkOf(call, connection, isTest),
	};
}

function checkOf(
	{ search, settings, node }: TriggerCall,
	connection: Connection,
	isTest: boolean,
): Check {
	const { events } = settings;
	const terms = verifyTerms(search, signingKeys(connection));
	const itemOf = (payment: Payment): IDataObject => ({
		...paymentOutput(payment, connection.environment, settings.simplify),
		...queryOf(search, terms, payment),
		eventId: eventOf(payment).eventId,
	});
	return {
		refusal: terms ? undefined : reasonToRefuseUnsigned(search, connection, settings),
		origin: originOf(search, terms !== undefined),
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

/** Each address with our signature stands for itself. All with another signature count as one address, and so do all without. */
function originOf(search: URLSearchParams, isOurs: boolean): Origin {
	const address = signedAddressIn(search);
	return { address: isOurs || address === '' ? address : UNVERIFIED, isOurs };
}

/** What is signed of an address, with the signature. Empty where it has none. */
function signedAddressIn(search: URLSearchParams): string {
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
