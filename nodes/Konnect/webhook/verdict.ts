import { sentences } from '../payment/sentences';
import type { Decision } from './decision';
import type { PageTopic } from './pageTexts';

/** What a decision is to its caller, in whatever form it is answered. */
export interface Verdict {
	status: number;
	/** For servers. Of the payment it tells no more than the state: anyone may have sent the call. */
	json: { result: string; state?: string; reason?: string };
	/** For the payer. */
	topic: PageTopic;
	/** The answer to this very call can be another one soon; what the page says when it has asked for long enough. */
	again?: { lastTopic: PageTopic };
	/** The answer to this very call will be the same for ever. */
	isFinal?: boolean;
}

const NOT_SETTLED: Verdict = {
	status: 503,
	json: { result: 'failed', reason: 'the payment has not settled yet, repeat the call later' },
	topic: 'confirming',
	again: { lastTopic: 'pending' },
};

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
			return {
				...failure(
					503,
					'the payment cannot be verified just now, repeat the call later',
					'confirming',
				),
				again: { lastTopic: 'unconfirmed' },
			};
		case 'unsettled':
			return NOT_SETTLED;
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
	if (state === 'unverified') {
		return { status: 200, json, topic: 'confirming', again: { lastTopic: 'unconfirmed' } };
	}
	// The workflow has run for what the payment is now. The caller is to come again, because more is under way.
	if (decision.kind === 'run' && !decision.isSettled) return { ...NOT_SETTLED, json };
	return { status: 200, json, topic: topicOf(state), isFinal: state === 'paid' };
}

const topicOf = (state: Extract<Decision, { kind: 'ignored' }>['state']): PageTopic =>
	state === 'unverified' ? 'confirming' : state;

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
