import { sentences } from '../payment/sentences';
import { FINAL_STATES } from '../payment/state';
import { BANK, NO_ANSWER } from './confirming';
import type { Decision } from './decision';
import type { EventState } from './event';
import type { PageTopic } from './pageTexts';

/** What a decision is to its caller, in whatever form it is answered. */
export interface Verdict {
	status: number;
	/** For servers. Of the payment it tells no more than the state: anyone may have sent the call. */
	json: { result: string; state?: string; reason?: string };
	/** For the payer. */
	topic: PageTopic;
	/** The answer to this very call can be another one soon: how many seconds the page asks, and what it says then. */
	again?: { seconds: number; lastTopic: PageTopic };
	/** The answer to this very call will be the same for ever. */
	isFinal?: boolean;
}

const notSettled = (state: EventState): Verdict => ({
	status: 503,
	json: { result: 'failed', reason: 'the payment has not settled yet, repeat the call later' },
	topic: 'confirming',
	// Of a part that was paid the page must not say that nothing was.
	again: { seconds: BANK, lastTopic: state === 'partiallyPaid' ? 'unconfirmed' : 'pending' },
});

/** What a decision is to its caller. */
export function verdictOn(decision: Decision): Verdict {
	switch (decision.kind) {
		case 'malformed':
			return refusal(400, decision.reason, 'badAddress');
		case 'unsigned':
			return refusal(401, decision.reason, 'badAddress');
		case 'notFound':
			return refusal(404, decision.reason, 'notFound');
		case 'misconfigured':
			// What is wrong is for the owner of the workflow, whom n8n tells.
			return failure(502, 'the payment could not be verified', 'unconfirmed');
		case 'unavailable':
			return decision.state === undefined ? UNAVAILABLE : knownAs(decision.state);
		case 'unsettled':
			return notSettled(decision.state);
		case 'mismatched':
			return { status: 200, json: ignored(decision.reason), topic: 'mismatched' };
		case 'ignored':
			return { status: 200, json: ignored(decision.reason), topic: topicOf(decision.state) };
		case 'duplicate':
		case 'run':
			return verdictOnEvent(decision);
	}
}

function verdictOnEvent(decision: Extract<Decision, { kind: 'duplicate' | 'run' }>): Verdict {
	const { state } = decision;
	const json =
		decision.kind === 'run'
			? { result: 'accepted', state }
			: { result: 'duplicate', state, reason: decision.reason };
	// The workflow has run for what is known of the payment now. The caller is to come again, because more is under way.
	if (decision.kind === 'run' && !decision.isSettled) {
		return { ...(state === 'unverified' ? UNAVAILABLE : notSettled(state)), json };
	}
	return { status: 200, json, topic: topicOf(state), isFinal: FINAL_STATES.includes(state) };
}

/** The payer is told what the payment is, and the caller to come again. */
function knownAs(state: EventState): Verdict {
	const lastTopic = topicOf(state);
	const topic = state === 'paid' ? 'received' : lastTopic;
	return { ...UNAVAILABLE, topic, again: { seconds: NO_ANSWER, lastTopic } };
}

const topicOf = (state: EventState): PageTopic => (state === 'unverified' ? 'confirming' : state);

const ignored = (reason: string) => ({ result: 'ignored', reason });

const refusal = (status: number, reason: string, topic: PageTopic): Verdict => ({
	status,
	json: { result: 'refused', reason },
	topic,
});

const failure = (status: number, reason: string, topic: PageTopic): Verdict => ({
	status,
	json: { result: 'failed', reason },
	topic,
});

const UNAVAILABLE: Verdict = {
	...failure(503, 'the payment cannot be verified just now, repeat the call later', 'confirming'),
	again: { seconds: NO_ANSWER, lastTopic: 'unconfirmed' },
};

/** What n8n's log says of a call of the node. */
export function logLineFor(decision: Decision, node: string): string {
	const { status, json } = verdictOn(decision);
	const event = 'eventId' in decision ? decision.eventId : undefined;
	const reason =
		'problem' in decision
			? sentences(decision.problem.message, decision.problem.description)
			: [event, json.reason].filter(Boolean).join(', ');
	return `${node}: ${status} ${json.result}: ${reason}`;
}
