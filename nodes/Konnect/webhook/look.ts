import type { Again, Arrival, Decision } from './decision';
import { isAgain } from './decision';
import type { Deps, Look, Subject } from './decide';
import { decide } from './decide';
import { LAST_LOOK } from './patience';
import type { Watch } from './state/watches';

/** Milliseconds before each further look; the last holds for all that follow. */
const PAUSES = [500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000] as const;

/** Where several processors share the calls, an open page asks this one again at one of so many visits. */
const VISITS = 3;

/** How a call is answered while it goes on. */
export interface Answering {
	/** Tells the caller what is known for now, before a watch looks on. Called once at most. */
	answer(decision: Again): void;
	/** Whether the owner is to be told of what only the owner can mend. The call ends with that, and does not look on. */
	tellsOwner(decision: Again): boolean;
}

/** What a call came to. */
export interface Ended {
	decision: Decision;
	/** A watch of this call or of another one looks on. */
	isWatched: boolean;
}

/**
 * Looks at a payment until it has ended, or started the workflow. The caller is answered in time, and the call looks on as a watch,
 * until its time is up, another call for the payment takes over, or there is no place for it any more.
 */
export async function lookOn(
	subject: Subject,
	arrival: Arrival,
	deps: Deps,
	answering: Answering,
): Promise<Ended> {
	const { answerBy, lookUntil, patience } = arrival;
	const { watches } = deps.process;
	const { clock } = answerBy;
	let watch: Watch | undefined;
	let { origin } = subject;
	let isKnown = false;
	let news: Again['news'];
	for (let looks = 0; ; looks++) {
		const decision = await decide(subject, lookOf(looks), deps);
		if (!isAgain(decision)) return end(decision);
		// The newest state counts, also after a look at which nobody could be asked.
		news = decision.why === 'open' ? decision.news : (decision.news ?? news);
		if (subject.isTest && decision.news) return await endWithNews(decision);
		if (decision.origin) {
			({ origin, isKnown = false } = decision);
			if (watch) Object.assign(watch, { isKnown, isOurs: origin.isOurs });
		}
		let pause = pauseAfter(looks);
		if (watch) {
			if (pause === undefined) return await endWithNews(decision);
		} else if (pause !== undefined && !isToldAtOnce(decision)) {
			await Promise.race([clock.sleep(pause), answerBy.whenOver()]);
			continue;
		} else {
			// A watch does not tell the owner now, but at its end, if it is not mended by then.
			if (answering.tellsOwner(decision)) return end(decision);
			watch = begin();
			if (!watch) return await endWithNews(decision);
			// It may have taken over one that knew more.
			({ isKnown } = watch);
			origin = watch;
			answering.answer(decision);
			pause = pauseAfter(looks, arrival.comesAgainIn);
		}
		await Promise.race([clock.sleep(pause ?? 0), lookUntil.whenOver()]);
		if (lookUntil.isOver) return await endWithNews(decision);
	}

	function lookOf(looks: number): Look {
		const at = looks === 0 ? arrival.at : clock.now();
		const since = looks === 0 ? at - patience.oldestAnswer : at;
		const isFurther = looks > 0 || patience.isAgain;
		const look = { arrival, at, since, isFurther, isOurs: origin.isOurs, isKnown };
		return watch
			? { ...look, deadline: lookUntil, comesAgainIn: 0 }
			: { ...look, deadline: answerBy, comesAgainIn: VISITS * arrival.comesAgainIn };
	}

	/** Milliseconds; undefined where no further look would end in time. A watch looks at its very end once more. */
	function pauseAfter(looks: number, atLeast = 0): number | undefined {
		const until = watch ? lookUntil : answerBy;
		const pause = Math.max(PAUSES[Math.min(looks, PAUSES.length - 1)] ?? 0, atLeast);
		const left = until.isOver ? 0 : until.at - clock.now();
		if (!watch) return pause < left ? pause : undefined;
		return left > LAST_LOOK ? Math.min(pause, left - LAST_LOOK) : undefined;
	}

	/** The call becomes a watch, if it may. */
	function begin(): Watch | undefined {
		if (lookUntil.isOver) return undefined;
		const begun = { until: lookUntil, ...origin, isKnown };
		return watches.begin(subject.key, begun, !patience.isAgain) ? begun : undefined;
	}

	function end(decision: Decision): Ended {
		if (watch) watches.leave(subject.key, watch);
		return { decision, isWatched: watches.has(subject.key, origin.address) };
	}

	async function endWithNews(decision: Decision): Promise<Ended> {
		// It leaves its place first, so that a call that comes meanwhile gets a watch of its own.
		const ended = end(decision);
		return { ...ended, decision: (await news?.()) ?? decision };
	}
}

/** Whether waiting for the answer's time is of no use: the payer is to know, or only the owner can mend it. */
const isToldAtOnce = ({ why, state, final }: Again) =>
	typeof why === 'object' ||
	final !== undefined ||
	(why === 'open' && (state === 'attemptFailed' || state === 'partiallyPaid'));
