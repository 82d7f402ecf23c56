import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { TABLES } from '../descriptions';
import { mismatchesOf } from '../payment/expectations';
import { readBoolean, readNumber, readOptions } from '../payment/parameters';
import type { Payment } from '../payment/payment';
import { paymentOutput } from '../payment/payment';
import type { PaymentState } from '../payment/state';
import { ownParameters, PARAMETERS, signingKeys, verifyTerms } from '../payment/terms';
import { queryOf } from './address';
import type { Check, Subject } from './decide';
import type { Decision } from './decision';
import { Final, isAgain, isRun, ownerProblemOf } from './decision';
import { Call } from './n8n';
import { eventOf } from './state/event';
import type { NodeState } from './state/nodeState';
import { sharedState } from './state/nodeState';
import { UNVERIFIED } from './state/watches';

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
	/** Whether calls for payments of before the credential had a secret are taken: unsigned ones, and those signed with the derived key. */
	acceptUnsigned: boolean;
}

/**
 * Handles a call of the trigger's webhook. Throws only for what the owner has to mend, at most once in ten minutes for each kind of
 * it: n8n records a failed execution then. A stranger without a paid payment of this account cannot cause that.
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
	const read = () => settingsOf(call, paymentRef);
	const { decision, isWatched } = await call.look(read, (one) => alarm(one) !== undefined);
	const save = () => saveRecord(context, call);
	if (isRun(decision)) {
		// The test listener takes one event, whichever call comes with it.
		if (call.isTest) process.watches.end(keyOf(call, paymentRef));
		const items = decision.items.map((json) => ({ json }));
		return call.start(decision, items, isWatched, save);
	}
	const rung = alarm(decision);
	if (rung) return call.fail(decision, rung.problem, rung.count);
	save();
	return call.decline(decision, isWatched);
}

function settingsOf(call: Call, paymentRef: string): [Subject, number] {
	const minutes = call.setting('options.keepLooking', readKeepLooking);
	const settings: TriggerSettings = {
		events: call.setting('events', readOptions) as TriggerSettings['events'],
		simplify: call.setting('simplify', readBoolean),
		acceptUnsigned: call.setting('options.acceptUnsigned', readBoolean),
	};
	const { state: node, search, isTest } = call;
	const key = keyOf(call, paymentRef);
	const subject = subjectOf({ key, paymentRef, search, settings, node, isTest });
	return [subject, Math.min(minutes * MINUTE, isTest ? LONGEST_TEST : Infinity)];
}

const readKeepLooking = readNumber({ min: 0, max: 60 });

/** Tests have watches of their own, which end none of those that matter. */
const keyOf = ({ nodeKey, isTest }: Call, paymentRef: string) =>
	`${nodeKey}${isTest ? ' test' : ''} ${paymentRef}`;

/** Whether the owner is told of what a call has met: once for each kind, and again when a watch ends with it. */
function alarmOf(call: Call) {
	let count: number | undefined;
	let rung: string | undefined;
	return (decision: Decision) => {
		const problem = ownerProblemOf(decision);
		// Who tests sees the answer.
		if (!problem || call.isTest) return undefined;
		const kind = isAgain(decision) ? problem.message : 'mismatched';
		if (kind !== rung || call.hasAnswered) count = call.state.ownerAlarm.ring(kind);
		rung = kind;
		return count === undefined ? undefined : { problem, count };
	};
}

/** Takes in the record of events in static data. A test must be repeatable, so it neither reads nor writes it. */
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
	/** The query of the address that was called: nobody has checked it. */
	search: URLSearchParams;
	settings: TriggerSettings;
	node: NodeState;
	/** Events are not told apart then. */
	isTest: boolean;
}

export function subjectOf(call: TriggerCall): Subject {
	const signed = signedPartOf(call.search);
	return {
		key: call.key,
		refs: [call.paymentRef],
		// Whether the signature fits is not known before the credential is read.
		origin: { address: signed, signed, isOurs: false },
		isTest: call.isTest,
		choice: 'Trigger On',
		doneReason: 'the workflow was started for this or a later event',
		check: (connection) => checkOf(call, signed, connection),
	};
}

/** @param signed as `signedPartOf` gives it */
function checkOf(
	{ search, settings, node, isTest }: TriggerCall,
	signed: string,
	connection: Connection,
): Check {
	const { events } = settings;
	// Addresses of before the credential had a secret have a signature, too.
	const terms = verifyTerms(search, signingKeys(connection, settings.acceptUnsigned));
	const itemOf = (payment: Payment): IDataObject => ({
		...paymentOutput(payment, connection.environment, settings.simplify),
		...queryOf(search, terms, payment),
		eventId: eventOf(payment).eventId,
	});
	return {
		refusal: terms ? undefined : reasonToRefuseUnsigned(search, connection, settings),
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

/** What is signed of an address, with the signature. Empty where it has none. */
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
