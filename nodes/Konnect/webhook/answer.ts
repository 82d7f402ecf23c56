import { eventIdOf } from './event';
import { languageOf, renderPage } from './page';
import type { PageTopic } from './pageTexts';
import type { Reception } from './reception';

/** Whom a call is answered for: `auto` gives browsers a page and servers JSON. */
export type Respond = 'auto' | 'page' | 'redirect' | 'json';

/** What decides on the form of an answer. */
export interface Caller {
	respond: Respond;
	/** For `redirect`: where the payer goes after a payment, and after anything else. */
	successUrl: string;
	failUrl: string;
	/** The request's headers of these names. */
	accept: unknown;
	acceptLanguage: unknown;
}

/** What the caller of the webhook is sent. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Record<string, string>;
}

/** Seconds after which a call that could not be handled may be repeated, and after which a page repeats it by itself. */
const RETRY_AFTER = 10;

interface Verdict {
	status: number;
	/** For servers. Of the payment it tells no more than the state: anyone may have sent the call. */
	json: { result: string; state?: string; reason?: string };
	/** For the payer. */
	topic: PageTopic;
	/** The answer to this very call can be another one soon. */
	again?: true;
}

function verdictOn(reception: Reception): Verdict {
	switch (reception.kind) {
		case 'malformed':
			return refusal(400, reception.reason, 'badAddress');
		case 'unsigned':
			return refusal(401, reception.reason, 'badAddress');
		case 'notFound':
			return refusal(404, reception.reason, 'notFound');
		case 'misconfigured':
			// What is wrong is for the owner of the workflow, who finds it in n8n's log.
			return failure(502, 'the payment could not be verified', 'unconfirmed');
		case 'unavailable':
			return {
				...failure(
					503,
					'the payment cannot be verified just now, repeat the call later',
					'confirming',
				),
				again: true,
			};
		case 'mismatched':
			return {
				status: 200,
				json: { result: 'ignored', reason: reception.reason },
				topic: 'mismatched',
			};
		case 'ignored':
			return {
				status: 200,
				json: { result: 'ignored', reason: reception.reason },
				topic: reception.payment.state,
			};
		case 'duplicate':
		case 'run':
			return verdictOnEvent(reception);
		case 'resume':
		case 'resumed':
			return verdictOnResuming(reception);
	}
}

function verdictOnEvent(reception: Extract<Reception, { kind: 'duplicate' | 'run' }>): Verdict {
	const { event, kind } = reception;
	const { state } = event;
	const json =
		kind === 'run'
			? { result: 'accepted', state }
			: {
					result: 'duplicate',
					state,
					reason: 'the workflow was started for this or a later event',
				};
	if (event.state === 'unverified') return { status: 200, json, topic: 'confirming', again: true };
	return { status: 200, json, topic: event.state };
}

function verdictOnResuming({
	kind,
	payment: { state },
}: Extract<Reception, { kind: 'resume' | 'resumed' }>): Verdict {
	const json =
		kind === 'resume'
			? { result: 'accepted', state }
			: { result: 'duplicate', state, reason: 'the execution goes on already' };
	return { status: 200, json, topic: state };
}

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

/** The answer to a call. */
export function answerTo(reception: Reception, caller: Caller): Answer {
	const { status, json, topic, again } = verdictOn(reception);
	const headers: Record<string, string> = {
		'Cache-Control': 'no-store',
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
		...(status === 503 && { 'Retry-After': String(RETRY_AFTER) }),
	};
	const location = status === 200 && !again ? redirectOf(reception, topic, caller) : undefined;
	if (location !== undefined) {
		return { status: 302, headers: { ...headers, Location: location }, body: '' };
	}
	if (!wantsPage(caller)) return { status, headers, body: json };
	return {
		status,
		headers: {
			...headers,
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		},
		body: renderPage(topic, languageOf(caller.acceptLanguage), again && RETRY_AFTER),
	};
}

function wantsPage({ respond, accept }: Caller): boolean {
	if (respond === 'json') return false;
	if (respond === 'page') return true;
	return typeof accept === 'string' && accept.toLowerCase().includes('text/html');
}

/** Where the payer's browser is sent on to, with the payment's id as Konnect adds it to addresses; undefined: nowhere. */
function redirectOf(reception: Reception, topic: PageTopic, caller: Caller): string | undefined {
	if (caller.respond !== 'redirect' || reception.kind === 'mismatched') return undefined;
	const url = topic === 'paid' ? caller.successUrl : caller.failUrl;
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
	const target = new URL(url);
	const paymentRef =
		'event' in reception
			? reception.event.paymentRef
			: 'payment' in reception
				? reception.payment?.paymentId
				: undefined;
	if (paymentRef) target.searchParams.set('payment_ref', paymentRef);
	return target.href;
}

/** What n8n's log says of a call of the node, at debug level. */
export function logLineFor(reception: Reception, node: string): string {
	const { status, json } = verdictOn(reception);
	const event = 'event' in reception ? eventIdOf(reception.event) : undefined;
	const reason =
		'problem' in reception
			? `${reception.problem.message}. ${reception.problem.description}`
			: [event, json.reason].filter(Boolean).join(', ');
	return `${node}: ${status} ${json.result}: ${reason}`;
}
