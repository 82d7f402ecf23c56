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
import { isAgain, isRun, ownerProblemOf } from './decision';
import type { Plan } from './n8n';
import { Call } from './n8n';
import { eventOf } from './state/event';
import { sharedState } from './state/nodeState';

const MINUTE = 60_000;

/** n8n listens for a test event for two minutes. */
const LONGEST_TEST = 110_000;

/**
 * A call may save static data for so many milliseconds after it came. n8n saves those of the whole workflow as they were when the
 * call came, so a later save would undo what other executions have written meanwhile.
 */
const SAVES_WITHIN = 2_000;

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
	const { named } = call;
	if (typeof named !== 'string') return call.decline(named);
	learnRecord(context, call);
	const alarm = alarmOf(call);
	const tellsOwner = (one: Decision) => alarm(one) !== undefined;
	const decision = await call.look(() => planOf(call, named), tellsOwner);
	const save = () => saveRecord(context, call);
	if (isRun(decision)) {
		// The test listener takes one event, from whichever call.
		if (call.isTest) process.watches.endAll(keyOf(call, named));
		const items = decision.items.map((json) => ({ json }));
		return call.start(decision, items, save);
	}
	const rung = alarm(decision);
	if (rung) return call.fail(decision, rung.problem, rung.count);
	save();
	return call.decline(decision);
}

function planOf(call: Call, paymentRef: string): Plan {
	const minutes = call.setting('options.keepLooking', readKeepLooking);
	const settings: TriggerSettings = {
		events: call.setting('events', readOptions) as TriggerSettings['events'],
		simplify: call.setting('simplify', readBoolean),
		acceptUnsigned: call.setting('options.acceptUnsigned', readBoolean),
	};
	const subject = subjectOf(call, keyOf(call, paymentRef), paymentRef, settings);
	const keepLooking = Math.min(minutes * MINUTE, call.isTest ? LONGEST_TEST : Infinity);
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

type TriggerCall = Pick<Call, 'search' | 'state' | 'isTest'>;

export function subjectOf(
	call: TriggerCall,
	key: string,
	paymentRef: string,
	settings: TriggerSettings,
): Subject {
	const { search, isTest } = call;
	const signed = search.get(PARAMETERS.terms) ?? '';
	let terms: SignedTerms | undefined;
	let isBelieved = false;
	return {
		key,
		get address() {
			if (terms) return signed;
			// Until the credential says whether the signature fits, each address stands for itself.
			return isBelieved ? '' : JSON.stringify([signed, ownParameters(search)]);
		},
		refs: [paymentRef],
		isTest,
		choice: 'Trigger On',
		doneReason: 'the workflow was started for this or a later event',
		check: (connection) => {
			// Addresses made before the credential had a secret are signed, too: with the derived key.
			terms ??= verifyTerms(search, signingKeys(connection, settings.acceptUnsigned));
			const refusal = terms ? undefined : reasonToRefuseUnsigned(search, connection, settings);
			// The credential may be wrong for a while, or get its first Webhook Secret. That ends no call that was believed before.
			isBelieved ||= refusal === undefined;
			const check = checkOf(call, settings, connection, terms);
			return isBelieved ? check : { ...check, refusal };
		},
	};
}

function checkOf(
	{ search, state: node, isTest }: TriggerCall,
	settings: TriggerSettings,
	connection: Connection,
	terms: SignedTerms | undefined,
): Check {
	const { events } = settings;
	const signed = search.get(PARAMETERS.terms);
	const itemOf = (payment: Payment): IDataObject => ({
		...paymentOutput(payment, connection.environment, settings.simplify),
		...queryOf(search, terms, payment),
		eventId: eventOf(payment).eventId,
	});
	return {
		isOurs: !!terms,
		isMisfit: !terms && signed !== null,
		strangers: node.strangersAt((terms && signed) ?? ''),
		mismatches: (payment) =>
			mismatchesOf(payment, terms ?? { receiverWalletId: connection.walletId }),
		isRecordedPaid: (ref) => !isTest && node.events.isPaid(ref),
		isChosen: ({ state }) => events.includes('any') || events.includes(state),
		claim: async (payment, deadline) =>
			isTest ? undefined : await node.events.claim(eventOf(payment), deadline),
		items: (payments) => [...payments.values()].map(itemOf),
	};
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
