import { PARAMETERS } from '../payment/terms';

/**
 * A page that confirms a payment asks again by itself. Since when it does stands in its address, so that no process must remember
 * it; whoever edits that shortens or prolongs what he is shown himself.
 */

/** For so many seconds a page asks for the bank's word. */
export const BANK = 120;

/**
 * For so many it asks where it gets no answer. Longer, because what it says in the end must rest on an answer: with hundreds of
 * payers at once Konnect's limit lets each ask only every few minutes.
 */
export const NO_ANSWER = 600;

/** Seconds after which the page asks again, at first; and then. */
const PAUSES = [2, 3, 4, 5, 6, 8];
const LAST_PAUSE = 10;

/** A payer's browser has its page after so many milliseconds, whatever Konnect does. */
export const BROWSER_PATIENCE = 4_000;

/** A page takes no answer that Konnect began to give longer ago, in seconds. */
const OLDEST_ANSWER = 30;

/** For how many seconds the page has asked by now; undefined where this is its first load. */
function elapsedOf(search: URLSearchParams, date: number): number | undefined {
	const since = Number(search.get(PARAMETERS.since) ?? NaN);
	return since > 0 && since <= date ? date - Math.floor(since) : undefined;
}

/**
 * When a page asks again, as the header `Refresh` says it: the page itself repeats nothing of its address.
 *
 * @param date seconds since 1970
 * @param atMost for how many seconds it asks
 * @returns undefined where it has asked for long enough
 */
export function reloadOf(
	search: URLSearchParams,
	date: number,
	atMost: number,
): string | undefined {
	const elapsed = elapsedOf(search, date) ?? date - Math.floor(date);
	if (elapsed >= atMost) return undefined;
	let waited = 0;
	const pause =
		PAUSES.find((seconds) => (waited += seconds + BROWSER_PATIENCE / 1000) > elapsed) ?? LAST_PAUSE;
	const next = new URLSearchParams(search);
	next.set(PARAMETERS.since, String(Math.round(date - elapsed)));
	return `${Math.min(pause, Math.ceil(atMost - elapsed))};url=?${next.toString()}`;
}

/**
 * How many milliseconds ago Konnect may have begun the answer that a call is content with. None, where it comes for the first time,
 * because the payer may have paid just now. A page that asks again takes what an earlier load has asked for and not waited for;
 * but in the end, what was asked after the bank has had its time.
 */
export function oldestAnswer(search: URLSearchParams, date: number): number {
	const elapsed = elapsedOf(search, date) ?? 0;
	const waited = elapsed < BANK ? elapsed : elapsed - BANK;
	// The second in which the payer came counts for nothing: the address does not say when in it.
	return 1_000 * Math.min(Math.max(waited - 1, 0), OLDEST_ANSWER);
}
