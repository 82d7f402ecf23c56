/**
 * What holds back the requests of one credential after Konnect has refused one for coming too fast: first nothing goes, then one
 * request at a time, at a pace that grows until all is as before, or until Konnect refuses again. Times are milliseconds of one clock.
 */
export interface Throttle {
	/** When the refusal came. Requests sent before it say nothing new when they are refused too. */
	putOnAt: number;
	/** Nothing goes before. */
	pausedUntil: number;
	/** Requests per second, right after `pausedUntil`. */
	pace: number;
	/** When the last request went. */
	lastAt: number;
	/** Refusals since a request last passed, and when the first of them came; Infinity where none did. */
	inVain: number;
	inVainSince: number;
}

/** A request that Konnect has refused for coming too fast. */
export interface Refusal {
	sentAt: number;
	now: number;
	/** Milliseconds for which Konnect asks. */
	retryAfter: number | undefined;
	/** From 0 up to 1. */
	random: number;
}

/**
 * Requests per second with which it goes on, and how many more each second. Konnect is said to allow 100 a minute: at this pace
 * they take three quarters of a minute, and when the next refusal comes hardly a second request is under way.
 */
const PACE = { least: 0.25, most: 1, growth: 0.05 };

/** Where Konnect does not say how long to wait. */
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

/** Konnect may ask for more, but then the request is given up, and the next one may try after this. */
export const LONGEST_PAUSE = 5 * 60_000;

/** When so long every request was refused, it is no use to wait. */
const HOPELESS_AFTER = 10 * 60_000;

/** So long after it was released and no refusal came, the throttle is off. */
const OFF_AFTER = 2 * 60_000;

/** The throttle after a refusal. */
export function putOn(
	throttle: Throttle | undefined,
	{ sentAt, now, retryAfter, random }: Refusal,
): Throttle {
	if (throttle && sentAt < throttle.putOnAt) {
		return {
			...throttle,
			pausedUntil: Math.max(throttle.pausedUntil, now + hold(retryAfter ?? 0)),
		};
	}
	const inVain = (throttle?.inVain ?? 0) + 1;
	const pace = (throttle ? paceAt(throttle, now) : Infinity) / 2;
	return {
		putOnAt: now,
		pausedUntil: now + hold(retryAfter ?? backOff(inVain, random)),
		pace: Math.min(Math.max(pace, PACE.least), PACE.most),
		lastAt: sentAt,
		inVain,
		inVainSince: Math.min(throttle?.inVainSince ?? Infinity, now),
	};
}

/** The throttle after Konnect has taken a request, sent since it was put on. */
export const passed = (throttle: Throttle): Throttle => ({
	...throttle,
	inVain: 0,
	inVainSince: Infinity,
});

/** Whether Konnect has refused everything for so long that nobody should wait for it. */
export const isHopeless = ({ inVainSince }: Throttle, now: number) =>
	now >= inVainSince + HOPELESS_AFTER;

/**
 * When a request may go that has `ahead` others before it, as far as can be said now. Each goes as long after the one before it as
 * the pace of that moment says.
 */
export function turnOf(throttle: Throttle, ahead: number, now: number): number {
	const start = Math.max(throttle.pausedUntil, now);
	const first = Math.max(start, throttle.lastAt + 1000 / paceAt(throttle, start));
	const pace = paceAt(throttle, first);
	// The pace grows evenly, so so many go in t seconds: pace * t + growth * t² / 2.
	const seconds = (Math.sqrt(pace ** 2 + 2 * PACE.growth * ahead) - pace) / PACE.growth;
	return first + seconds * 1000;
}

/** Whether nothing is held back any more. */
export const isOff = ({ pausedUntil }: Throttle, now: number) => now >= pausedUntil + OFF_AFTER;

const paceAt = ({ pace, pausedUntil }: Throttle, time: number) =>
	pace + (PACE.growth * Math.max(time - pausedUntil, 0)) / 1000;

const hold = (milliseconds: number) => Math.min(milliseconds, LONGEST_PAUSE);

/** Doubling, with up to a quarter more at random, so that many clients do not come back at once. */
function backOff(inVain: number, random: number): number {
	const wait = Math.min(FIRST_WAIT * 2 ** (inVain - 1), LONGEST_WAIT);
	return Math.round(wait * (1 + random / 4));
}
