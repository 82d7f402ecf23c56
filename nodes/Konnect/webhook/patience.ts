import { PARAMETERS } from '../payment/terms';

/** Milliseconds for which a page waits for the bank, while a watch keeps looking behind it. */
export const BANK = 120_000;

/** The same where no watch keeps looking, or nobody could be asked: its last word must rest on an answer. */
export const NO_ANSWER = 600_000;

/** Milliseconds within which a payer's browser has its page. */
export const BROWSER_PATIENCE = 4_000;

/** Age of the oldest answer of Konnect that a page accepts, in milliseconds. */
const OLDEST_ANSWER = 30_000;

/** Seconds after which the page asks again. The last pause repeats. */
const PAUSES = [2, 3, 4, 5, 6, 8];
const LAST_PAUSE = 10;

/** Milliseconds within which an open page asks again. */
export const PAGE_COMES_AGAIN = 1000 * LAST_PAUSE + BROWSER_PATIENCE;

/** Milliseconds from the last look of a watch to its end. */
export const LAST_LOOK = 5_000;

/**
 * How long a payer's page asks again, and how old an answer it accepts. The page's address says since when it asks, so no process
 * has to remember it. Someone who edits that changes only what he himself is shown.
 */
export class Patience {
	/** When the page was first loaded: epoch in ms. */
	private readonly since: number;

	readonly isAgain: boolean;

	/** @param date of the call: epoch in ms */
	constructor(
		private readonly search: URLSearchParams,
		private readonly date: number,
	) {
		const since = Number(search.get(PARAMETERS.since) ?? NaN);
		this.isAgain = since > 0 && since <= date;
		this.since = this.isAgain ? since : date;
	}

	/** Age of the oldest answer, in ms, that this load of the page accepts. When the bank's time is over, it must be a newer one. */
	get oldestAnswer(): number {
		const elapsed = this.date - this.since;
		return Math.min(elapsed < BANK ? elapsed : elapsed - BANK, OLDEST_ANSWER);
	}

	/**
	 * When the page asks again, as a `Refresh` header, so that the page itself repeats nothing of its address.
	 *
	 * @param date of the answer: epoch in ms
	 * @param atMost for how many milliseconds it asks
	 * @returns undefined where it has asked long enough
	 */
	reload(date: number, atMost: number): string | undefined {
		const elapsed = date - this.since;
		if (elapsed >= atMost) return undefined;
		let waited = 0;
		const pause =
			PAUSES.find((seconds) => (waited += seconds * 1000 + BROWSER_PATIENCE) > elapsed) ??
			LAST_PAUSE;
		const next = new URLSearchParams(this.search);
		next.set(PARAMETERS.since, String(this.since));
		return `${Math.min(pause, Math.ceil((atMost - elapsed) / 1000))};url=?${next.toString()}`;
	}
}
