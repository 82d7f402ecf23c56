import { PARAMETERS } from '../payment/terms';
import type { CallSettings } from '../payment/waiting';
import { addressIn } from '../payment/webhookUrl';
import type { Again, Decision, Final } from './decision';
import { isAgain, isRun } from './decision';
import { renderPage } from './page';
import type { Language, PageTopic } from './pageTexts';
import type { Patience } from './patience';
import { BANK, NO_ANSWER } from './patience';

export interface Caller extends Pick<CallSettings, 'successUrl' | 'failUrl'> {
	isBrowser: boolean;
	/** Of the languages of our pages, the one that the browser prefers. */
	language: Language;
	patience: Patience;
	/** Whether the address is that of a waiting execution, which stops answering once the execution has gone on. */
	isOneTime: boolean;
	payUrlOf?: (paymentRef: string) => string | undefined;
}

export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Record<string, string>;
}

interface Told {
	status: number;
	/** For servers. It tells only the payment's state, because anyone may have sent the call. */
	json: { result: string; state?: string; reason?: string };
	topic: PageTopic;
	paymentRef?: string | undefined;
	/** The page asks again for `atMost` milliseconds, then shows `lastTopic`. */
	again?: { atMost: number; lastTopic: PageTopic };
	/** The payer's browser may be sent on to a page of the owner's. */
	isSettled?: boolean;
}

/** Seconds after which a server may repeat a call that could not be handled yet. */
const RETRY_AFTER = 10;

/** Seconds for which a browser may keep a page that never changes again: phones reload tabs by themselves. */
const KEEP_FOR = 365 * 24 * 60 * 60;

/** Whether a browser calls. Browsers inside some apps accept anything, and do not ask for HTML. */
export function isBrowser(headers: Record<string, unknown>): boolean {
	const [accept, agent] = ['accept', 'user-agent'].map((name) => String(headers[name] ?? ''));
	if (/text\/html/i.test(accept ?? '') || headers['sec-fetch-dest'] === 'document') return true;
	return accept === '*/*' && /^Mozilla\//.test(agent ?? '');
}

/** @param date epoch in ms */
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
		// A page that stops asking is the last word, so nothing asks for a repetition.
		status: again && !reload ? 200 : status,
		headers: {
			...headers,
			...(isKept && { 'Cache-Control': `private, max-age=${KEEP_FOR}, immutable` }),
			...(reload && { Refresh: reload }),
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		},
		body: renderPage(again && !reload ? again.lastTopic : topic, {
			language: caller.language,
			asksAgain: !!reload,
			isWatched,
			payUrl: paymentRef && caller.payUrlOf?.(paymentRef),
		}),
	};
}

const REFUSED: Partial<Record<Final['kind'], number>> = {
	malformed: 400,
	unsigned: 401,
	notFound: 404,
};

function toldOf(decision: Decision, isWatched: boolean): Told {
	if (isRun(decision)) {
		const json = { result: 'accepted', state: decision.state };
		return { ...toldOf(decision.then, isWatched), json };
	}
	if (isAgain(decision)) {
		return decision.final ? toldOf(decision.final, isWatched) : toldForNow(decision, isWatched);
	}
	const { kind, reason, payment } = decision;
	if (!payment || kind === 'mismatched') {
		const json = { result: REFUSED[kind] ? 'refused' : 'ignored', reason };
		return { status: REFUSED[kind] ?? 200, json, topic: 'badAddress' };
	}
	const { state, paymentRef } = payment;
	const json =
		kind === 'done' ? { result: 'duplicate', state, reason } : { result: 'ignored', reason };
	return { status: 200, json, topic: state, paymentRef, isSettled: true };
}

/** What is told of a payment that can still change. */
function toldForNow({ why, state: found, paymentRef }: Again, isWatched: boolean): Told {
	const isOpen = why === 'open';
	// A page shows no unknown status. Nor does it show an old "pending": the payment may be paid by now.
	const state = found === 'unknown' || (found === 'pending' && !isOpen) ? undefined : found;
	const isAtWork = state === undefined || state === 'pending';
	return {
		// The details are for the workflow's owner, whom n8n tells.
		status: typeof why === 'object' ? 502 : why === 'unseen' ? 404 : 503,
		json: {
			result: 'failed',
			reason: isOpen ? NOT_SETTLED : typeof why === 'object' ? NOT_VERIFIED : NOT_NOW,
		},
		topic: isAtWork ? 'confirming' : state === 'paid' ? 'received' : state,
		paymentRef,
		again: { atMost: isOpen && isWatched ? BANK : NO_ANSWER, lastTopic: state ?? 'unconfirmed' },
	};
}

const NOT_SETTLED = 'the payment has not settled yet, repeat the call later';
const NOT_NOW = 'the payment cannot be verified just now, repeat the call later';
const NOT_VERIFIED = 'the payment could not be verified';

/** Where the payer's browser is sent, with the payment's id as Konnect adds it. Undefined: it gets our page. */
function redirectOf(
	{ topic, paymentRef, isSettled }: Told,
	{ successUrl, failUrl }: Caller,
	isWatched: boolean,
): string | undefined {
	// The owner's page does not ask again. So it is for a payment that has ended, or that a watch looks after.
	if (!isSettled && !(topic === 'attemptFailed' && isWatched)) return undefined;
	const url = addressIn(topic === 'paid' ? successUrl : failUrl);
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
	const target = new URL(url);
	if (paymentRef) target.searchParams.set(PARAMETERS.paymentRef, paymentRef);
	return target.href;
}

export function logLineFor(decision: Decision, node: string, problem: string | undefined): string {
	const { status, json, paymentRef } = toldOf(decision, true);
	const event = json.state && `${paymentRef}:${json.state}`;
	const told = problem ?? [event, json.reason].filter(Boolean).join(', ');
	return `${node}: ${status} ${json.result}: ${told}`;
}
