import type { Deadline } from '../api/clock';
import type { Again, Arrival, Decision } from './decision';
import { isAgain } from './decision';
import type { Deps, Look, Subject } from './decide';
import { decide } from './decide';

/** Milliseconds before each further look; the last holds for all that follow. */
const PAUSES = [500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000] as const;

/** The last look of a watch begins so many milliseconds before its end. */
export const LAST_LOOK = 5_000;

/** How a call is answered while it goes on. */
export interface Caller {
	/** Tells the caller what is known for now, before a watch looks on. Called once at most. */
	answer(decision: Again): void;
	/** Whether the owner is to be told of what only the owner can mend. The call ends with that. */
	tellsOwner(decision: Again): boolean;
}

/** What a call came to. */
export interface Ended {
	decision: Decision;
	/** A watch of this call or of another one looks on. */
	isWatched: boolean;
}

/**
 * Looks at a payment until it has ended, or started the workflow. The caller is answered in time, and the call looks on: as long as
 * it may, and no other call watches the same payment.
 */
export async function lookOn(
	subject: Subject,
	arrival: Arrival,
	deps: Deps,
	caller: Caller,
): Promise<Ended> {
	const { answerBy, lookUntil, patience } = arrival;
	const { watches } = deps.process;
	const { clock } = answerBy;
	const { key } = subject;
	let isAnswered = false;
	let news: Again['news'];
	try {
		for (let looks = 0; ; looks++) {
			const deadline = isAnswered ? lookUntil : answerBy;
			const decision = await decide(subject, lookOf(looks, deadline), deps);
			if (!isAgain(decision)) return { decision, isWatched: false };
			news = decision.news ?? news;
			const pause = pauseAfter(looks, deadline);
			const isNews =
				decision.news && !isAnswered && (subject.isTest || watches.extend(key, lookUntil));
			if (isAnswered || pause === undefined || isNews || isToldAtOnce(decision)) {
				if (caller.tellsOwner(decision)) return { decision, isWatched: false };
				const goesOn = isAnswered ? pause !== undefined : !isNews && mayWatch(decision);
				if (!goesOn) return await end(decision);
				if (!isAnswered) caller.answer(decision);
				isAnswered = true;
			}
			const until = isAnswered ? lookUntil : answerBy;
			await Promise.race([clock.sleep(pause ?? PAUSES[0]), until.whenOver()]);
			// Another watch has taken the place of this one.
			if (isAnswered && lookUntil.isOver) return await end(decision);
		}
	} finally {
		if (isAnswered) watches.leave(key, lookUntil);
	}

	function lookOf(looks: number, deadline: Deadline): Look {
		const at = looks === 0 ? arrival.at : clock.now();
		const since = looks === 0 ? at - patience.oldestAnswer : at;
		return { arrival, at, since, isFurther: looks > 0 || patience.isAgain, deadline };
	}

	/** Milliseconds; undefined where no further look would end before the deadline. A watch looks at its very end once more. */
	function pauseAfter(looks: number, deadline: Deadline): number | undefined {
		const pause = PAUSES[Math.min(looks, PAUSES.length - 1)] ?? 0;
		const left = deadline.isOver ? 0 : deadline.at - clock.now();
		if (!isAnswered) return pause < left ? pause : undefined;
		return left > LAST_LOOK ? Math.min(pause, left - LAST_LOOK) : undefined;
	}

	/** Whether the call looks on after its answer; it is a watch then. */
	function mayWatch({ why }: Again): boolean {
		return why !== 'crowded' && !lookUntil.isOver && watches.begin(key, lookUntil);
	}

	async function end(decision: Decision): Promise<Ended> {
		// A call that comes meanwhile is to watch by itself.
		if (isAnswered) watches.leave(key, lookUntil);
		return { decision: (await news?.()) ?? decision, isWatched: watches.has(key) };
	}
}

/** Whether waiting for the answer's time is of no use: the payer is to know, or only the owner can mend it. */
const isToldAtOnce = ({ why, state }: Again) =>
	typeof why === 'object' ||
	(why === 'open' && (state === 'attemptFailed' || state === 'partiallyPaid'));
