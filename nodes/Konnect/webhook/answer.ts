import { PARAMETERS } from '../payment/terms';
import type { Decision } from './decision';
import { languageOf, renderPage } from './page';
import type { PageTopic } from './pageTexts';
import { verdictOn } from './verdict';

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
	/** The query of the address that was called. */
	search: URLSearchParams;
	/** Seconds since 1970. */
	date: number;
	/** Whether the address is a waiting execution's, which answers no more once it has gone on. */
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

/** Seconds after which a server may repeat a call that could not be handled yet. */
const RETRY_AFTER = 10;

/** For so many seconds a page that confirms a payment asks again by itself, and after these pauses at first; the last holds on. */
const CONFIRMING_FOR = 120;
const PAUSES = [2, 3, 4, 5, 6, 8, 10] as const;

/** A page that will say the same for ever may be kept for so many seconds: phones load tabs again by themselves. */
const KEEP_FOR = 365 * 24 * 60 * 60;

/** The answer to a call. */
export function answerTo(decision: Decision, caller: Caller): Answer {
	const verdict = verdictOn(decision);
	const { status, json, topic, again } = verdict;
	const headers: Record<string, string> = {
		'Cache-Control': 'no-store',
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
		...(status === 503 && { 'Retry-After': String(RETRY_AFTER) }),
	};
	const location = status === 200 && !again ? redirectOf(decision, topic, caller) : undefined;
	if (location !== undefined) {
		return { status: 302, headers: { ...headers, Location: location }, body: '' };
	}
	if (!wantsPage(caller)) return { status, headers, body: json };
	const reload = again && reloadOf(caller);
	const isKept = verdict.isFinal || (caller.isOneTime && decision.kind === 'run');
	return {
		// A page that asks no more has its say: nothing is to be repeated.
		status: again && !reload && status === 503 ? 200 : status,
		headers: {
			...headers,
			...(isKept && { 'Cache-Control': `private, max-age=${KEEP_FOR}, immutable` }),
			...(reload !== undefined && { Refresh: reload }),
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		},
		body: renderPage(
			again && !reload ? again.lastTopic : topic,
			languageOf(caller.acceptLanguage),
			reload !== undefined,
			'paymentRef' in decision ? caller.payUrlOf?.(decision.paymentRef) : undefined,
		),
	};
}

/**
 * When a page asks again, as the header `Refresh` says it: the page itself repeats nothing of its address. Since when it asks
 * stands in the address, so that no process must remember it.
 *
 * @returns undefined where it has asked for long enough
 */
function reloadOf({ search, date }: Caller): string | undefined {
	const given = Number(search.get(PARAMETERS.since) ?? NaN);
	const since = given > 0 && given <= date ? Math.floor(given) : Math.floor(date);
	const elapsed = date - since;
	if (elapsed >= CONFIRMING_FOR) return undefined;
	let waited = 0;
	const pause = PAUSES.find((seconds) => (waited += seconds + BROWSER_PATIENCE / 1000) > elapsed);
	const next = new URLSearchParams(search);
	next.set(PARAMETERS.since, String(since));
	const seconds = Math.min(pause ?? LONGEST_PAUSE, Math.ceil(CONFIRMING_FOR - elapsed));
	return `${seconds};url=?${next.toString()}`;
}

const LONGEST_PAUSE = PAUSES[PAUSES.length - 1] as number;

/** A payer's browser has its page after so many milliseconds, whatever Konnect does. */
export const BROWSER_PATIENCE = 4_000;

/** Whether a browser calls: only they ask for HTML. */
export const isBrowser = ({ accept }: Pick<Caller, 'accept'>) =>
	typeof accept === 'string' && accept.toLowerCase().includes('text/html');

function wantsPage(caller: Caller): boolean {
	if (caller.respond === 'json') return false;
	return caller.respond === 'page' || isBrowser(caller);
}

/** Where the payer's browser is sent on to, with the payment's id as Konnect adds it to addresses; undefined: nowhere. */
function redirectOf(decision: Decision, topic: PageTopic, caller: Caller): string | undefined {
	if (caller.respond !== 'redirect' || decision.kind === 'mismatched') return undefined;
	const url = topic === 'paid' ? caller.successUrl : caller.failUrl;
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
	const target = new URL(url);
	if ('paymentRef' in decision) target.searchParams.set(PARAMETERS.paymentRef, decision.paymentRef);
	return target.href;
}
