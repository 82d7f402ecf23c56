import type { Again, Arrival, Decision } from './decision';
import { isAgain } from './decision';
import type { Deps, Look, Subject } from './decide';
import { decide } from './decide';
import { LAST_LOOK } from './patience';
import type { Watch } from './state/watches';

/** Milliseconds before each further look. The last one repeats. */
const PAUSES = [500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000] as const;

/** Visits of an open page that a look waits for: with several processors, a visit may reach another one. */
const VISITS = 3;

export interface Answering {
	/** Tells the caller what is known for now, before the watch begins. Called at most once. */
	answer(decision: Again): void;
	/** Whether this call tells the owner. The failed execution that does so ends the call. */
	tellsOwner(decision: Again): boolean;
}

/**
 * Looks at a payment until it has ended or has started the workflow. The caller is answered in time. Then the call goes on as a
 * watch, until its time is up, another call takes it over, or it has to give up its place.
 */
export async function lookOn(
	subject: Subject,
	arrival: Arrival,
	deps: Deps,
	answering: Answering,
): Promise<Decision> {
	const { answerBy, lookUntil, patience } = arrival;
	const { watches } = deps.process;
	const { clock } = answerBy;
	let watch: Watch | undefined;
	let isKnown = false;
	let news: Again['news'];
	for (let looks = 0; ; looks++) {
		const decision = await decide(subject, lookOf(looks), deps);
		if (!isAgain(decision)) return end(decision);
		// The newest state counts. A look that could ask nobody does not replace it.
		news = decision.why === 'open' ? decision.news : (decision.news ?? news);
		if (subject.isTest && decision.news) return await endWithNews(decision);
		isKnown ||= decision.isKnown === true;
		if (watch) Object.assign(watch, { isKnown, address: subject.address });
		let pause = pauseAfter(looks);
		if (watch) {
			if (pause === undefined) return await endWithNews(decision);
		} else if (pause !== undefined && !isToldAtOnce(decision)) {
			await Promise.race([clock.sleep(pause), answerBy.whenOver()]);
			continue;
		} else {
			// A watch tells the owner at its end, if the fault is not fixed by then.
			if (answering.tellsOwner(decision)) return end(decision);
			watch = begin();
			if (!watch) return await endWithNews(decision);
			// It may have taken over a watch that knew more.
			({ isKnown } = watch);
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
		const look = { arrival, at, since, isFurther, isKnown };
		return watch
			? { ...look, deadline: lookUntil, comesAgainIn: 0 }
			: { ...look, deadline: answerBy, comesAgainIn: VISITS * arrival.comesAgainIn };
	}

	/** Milliseconds to the next look; undefined where that would be too late. A watch takes a last look just before its end. */
	function pauseAfter(looks: number, atLeast = 0): number | undefined {
		const until = watch ? lookUntil : answerBy;
		const pause = Math.max(PAUSES[Math.min(looks, PAUSES.length - 1)] ?? 0, atLeast);
		const left = until.isOver ? 0 : until.at - clock.now();
		if (!watch) return pause < left ? pause : undefined;
		return left > LAST_LOOK ? Math.min(pause, left - LAST_LOOK) : undefined;
	}

	function begin(): Watch | undefined {
		if (lookUntil.isOver) return undefined;
		const { key, address } = subject;
		const begun = { key, address, isKnown, until: lookUntil };
		return watches.begin(begun, !patience.isAgain) ? begun : undefined;
	}

	function end(decision: Decision): Decision {
		if (watch) watches.leave(watch);
		return decision;
	}

	async function endWithNews(decision: Again): Promise<Decision> {
		// First it gives up its place, so that a call that comes meanwhile gets a watch of its own.
		end(decision);
		// What the owner has to fix counts more, because it hides whether the payment is paid by now.
		return typeof decision.why === 'object' ? decision : ((await news?.()) ?? decision);
	}
}

/** Whether the caller is told at once: the payer should know, or only the owner can fix it. */
const isToldAtOnce = ({ why, state, final }: Again) =>
	typeof why === 'object' ||
	final !== undefined ||
	(why === 'open' && (state === 'attemptFailed' || state === 'partiallyPaid'));
