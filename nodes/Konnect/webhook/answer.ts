import { PARAMETERS } from '../payment/terms';
import { reloadOf } from './confirming';
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
	const reload = again && reloadOf(caller.search, caller.date, again.seconds);
	if (!wantsPage(caller)) {
		// Whatever a browser is shown, nobody else may call for this payment.
		if (reload && isBrowser(caller)) headers.Refresh = reload;
		return { status, headers, body: json };
	}
	const isKept = verdict.isFinal && (topic === 'paid' || caller.isOneTime);
	return {
		// A page that asks no more has its say: nothing is to be repeated.
		status: again && !reload && status === 503 ? 200 : status,
		headers: {
			...headers,
			...(isKept && { 'Cache-Control': `private, max-age=${KEEP_FOR}, immutable` }),
			...(reload && { Refresh: reload }),
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		},
		body: renderPage(
			again && !reload ? again.lastTopic : topic,
			languageOf(caller.acceptLanguage),
			!!reload,
			'paymentRef' in decision ? caller.payUrlOf?.(decision.paymentRef) : undefined,
		),
	};
}

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
