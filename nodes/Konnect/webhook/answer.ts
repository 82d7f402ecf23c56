import { PARAMETERS } from '../payment/terms';
import type { Again, Decision, Why } from './decision';
import { isAgain, isRun } from './decision';
import { languageOf, renderPage } from './page';
import type { PageTopic } from './pageTexts';
import type { Patience } from './patience';
import { BANK, NO_ANSWER } from './patience';

/** What decides on the form of an answer. */
export interface Caller {
	/** Browsers get a page, servers JSON. */
	isBrowser: boolean;
	acceptLanguage: unknown;
	patience: Patience;
	/** Where the payer's browser is sent on to when the payment is paid, and when it is not; empty: it gets our page. */
	successUrl: string;
	failUrl: string;
	/** Whether the address is a waiting execution's, which answers no more once that has gone on. */
	isOneTime: boolean;
	/** The pay page of a payment, where it is known. */
	payUrlOf?: (paymentRef: string) => string | undefined;
}

/** What the caller of the webhook is sent. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Record<string, string>;
}

/** What an answer says, in whatever form. */
interface Told {
	status: number;
	/** For servers. Of the payment it tells no more than the state: anyone may have sent the call. */
	json: { result: string; state?: string; reason?: string };
	/** For the payer. */
	topic: PageTopic;
	paymentRef?: string | undefined;
	/** The page asks again for so many milliseconds, and says this in the end. */
	again?: { atMost: number; lastTopic: PageTopic };
	/** The payer's browser may be sent on to a page of the owner's. */
	isSettled?: boolean;
}

/** Seconds after which a server may repeat a call that could not be handled yet. */
const RETRY_AFTER = 10;

/** A page that will say the same for ever may be kept for so many seconds: phones load tabs again by themselves. */
const KEEP_FOR = 365 * 24 * 60 * 60;

/** A browser's headers that tell it from a server. */
interface CallerHeaders {
	accept?: string | undefined;
	'sec-fetch-dest'?: string | string[] | undefined;
	'user-agent'?: string | undefined;
}

/** Whether a browser calls. Some apps show pages with a browser of their own that accepts anything. */
export const isBrowser = (headers: CallerHeaders): boolean => {
	const accept = headers.accept?.toLowerCase() ?? '';
	if (accept.includes('text/html') || headers['sec-fetch-dest'] === 'document') return true;
	return accept === '*/*' && /^Mozilla\//.test(headers['user-agent'] ?? '');
};

/**
 * The answer to a call.
 *
 * @param date epoch in ms
 * @param isWatched a watch looks on for the payment, so the payer may close the page
 */
export function answerTo(
	decision: Decision,
	caller: Caller,
	date: number,
	isWatched: boolean,
): Answer {
	const told = toldOf(decision, isWatched);
	const { status, json, topic, again, paymentRef } = told;
	const headers: Record<string, string> = {
		'Cache-Control': 'no-store',
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
		...(status === 503 && { 'Retry-After': String(RETRY_AFTER) }),
	};
	if (!caller.isBrowser) return { status, headers, body: json };
	const location = redirectOf(told, caller, isWatched);
	if (location !== undefined) {
		return { status: 302, headers: { ...headers, Location: location }, body: '' };
	}
	const reload = again && caller.patience.reload(date, again.atMost);
	const isKept = told.isSettled && (topic === 'paid' || caller.isOneTime);
	return {
		// A page that asks no more has its say: nothing is to be repeated.
		status: again && !reload ? 200 : status,
		headers: {
			...headers,
			...(isKept && { 'Cache-Control': `private, max-age=${KEEP_FOR}, immutable` }),
			...(reload && { Refresh: reload }),
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		},
		body: renderPage(again && !reload ? again.lastTopic : topic, {
			language: languageOf(caller.acceptLanguage),
			asksAgain: !!reload,
			isWatched,
			payUrl: paymentRef && caller.payUrlOf?.(paymentRef),
		}),
	};
}

const STATUS = { malformed: 400, unsigned: 401, notFound: 404 } as const;

function toldOf(decision: Decision, isWatched: boolean): Told {
	if (isRun(decision)) {
		const json = { result: 'accepted', state: decision.state };
		return { ...toldOf(decision.then, isWatched), json };
	}
	if (isAgain(decision)) {
		return decision.told ? toldOf(decision.told, isWatched) : toldForNow(decision, isWatched);
	}
	const { kind, details } = decision;
	const { reason, payment } = details;
	if (kind === 'malformed' || kind === 'unsigned' || kind === 'notFound') {
		const topic = kind === 'notFound' ? kind : 'badAddress';
		return { status: STATUS[kind], json: { result: 'refused', reason }, topic };
	}
	if (kind === 'mismatched') {
		return { status: 200, json: { result: 'ignored', reason }, topic: kind };
	}
	const { state, paymentRef } = payment ?? {};
	const json =
		kind === 'done' ? { result: 'duplicate', state, reason } : { result: 'ignored', reason };
	return {
		status: 200,
		json: json as Told['json'],
		topic: state ?? 'unconfirmed',
		paymentRef,
		isSettled: true,
	};
}

/** What is told of a payment that can still change. */
function toldForNow({ why, state, paymentRef }: Again, isWatched: boolean): Told {
	const isOpen = why === 'open';
	const reason = isOpen ? NOT_SETTLED : typeof why === 'object' ? NOT_VERIFIED : NOT_NOW;
	const known = state === 'pending' && !isOpen ? undefined : state;
	return {
		status: statusOf(why),
		json: { result: 'failed', reason },
		topic: topicFor(known),
		paymentRef,
		again: { atMost: isOpen && isWatched ? BANK : NO_ANSWER, lastTopic: known ?? 'unconfirmed' },
	};
}

const NOT_SETTLED = 'the payment has not settled yet, repeat the call later';
const NOT_NOW = 'the payment cannot be verified just now, repeat the call later';
const NOT_VERIFIED = 'the payment could not be verified';

function statusOf(why: Why): number {
	// What is wrong is for the owner of the workflow, whom n8n tells.
	if (typeof why === 'object') return 502;
	return why === 'unseen' ? 404 : 503;
}

/** What a page says while it asks again. */
function topicFor(state: Again['state']): PageTopic {
	if (state === undefined || state === 'pending' || state === 'unknown') return 'confirming';
	return state === 'paid' ? 'received' : state;
}

/** Where the payer's browser is sent on to, with the payment's id as Konnect adds it to addresses; undefined: nowhere. */
function redirectOf(
	{ topic, paymentRef, isSettled }: Told,
	{ successUrl, failUrl }: Caller,
	isWatched: boolean,
): string | undefined {
	// The owner's own page does not ask again, so it is for what has ended, or what a watch sees to.
	if (!isSettled && !(topic === 'attemptFailed' && isWatched)) return undefined;
	const url = topic === 'paid' ? successUrl : failUrl;
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
	const target = new URL(url);
	if (paymentRef) target.searchParams.set(PARAMETERS.paymentRef, paymentRef);
	return target.href;
}

/** What n8n's log says of a call of the node. */
export function logLineFor(decision: Decision, node: string, problem: string | undefined): string {
	const { status, json } = toldOf(decision, true);
	const details = isRun(decision) || isAgain(decision) ? decision : decision.details;
	const event = 'eventId' in details ? details.eventId : undefined;
	return `${node}: ${status} ${json.result}: ${problem ?? [event, json.reason].filter(Boolean).join(', ')}`;
}
