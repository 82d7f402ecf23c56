import { BROWSER_PATIENCE } from '../../nodes/Konnect/webhook/patience';
import { MOST_WATCHES } from '../../nodes/Konnect/webhook/state/watches';
import { nextOf } from './callers';
import type { ModelExecution } from './database';
import { hasBeen } from './konnect';
import {
	CREDENTIAL_KEPT_FOR,
	SERVER_PATIENCE,
	hasRun,
	isEasy,
	isLastWord,
	isWithin,
	itemsOf,
	owes,
} from './owed';
import type { World } from './world';
import { EDITED, HOME_WALLET } from './world';

const MINUTE = 60_000;

/** Milliseconds by which an answer may be late. */
const ANSWERED_WITHIN = 500;

/** Milliseconds after its arrival within which a call may save static data, including the time that n8n takes. */
const SAVES_WITHIN = 2_100;

/** The most that a trigger may keep in static data, in characters. */
const MOST_STATIC_DATA = 100_000;

/** The most reads of one payment in a minute, by one process with one key, whoever calls for it. */
const READS_OF_ONE = 12;

/** The most reads of unknown payments in a minute: for all strangers together, and for each signed address. */
const READS_OF_STRANGERS = 20;

/** Milliseconds for which a watch may hold a stranger's place while it waits for its turn among all looks. */
const WAITS_FOR_ITS_TURN = MINUTE;

/** What our code promises, whatever happens. Each function gives what has broken its promise. */

const PROMISES: Record<string, (world: World) => string[]> = {
	'nothing runs as paid that Konnect did not say to the key in use': (world) =>
		itemsOf(world)
			.filter(({ state }) => state === 'paid')
			.filter(({ ref, at, call }) => {
				const { konnect, elsewhere } = world;
				const saidAt = konnect.saidPaid.get(ref) ?? Infinity;
				const isHome = konnect.payments.get(ref)?.walletId === HOME_WALLET;
				const from = call.begun - CREDENTIAL_KEPT_FOR;
				const isInUse = isHome
					? !elsewhere.some(([begin, end]) => begin <= from && end >= at)
					: isWithin(elsewhere, from, at);
				return saidAt > at || !isInUse;
			})
			.map(({ ref, at }) => `${ref} at ${at} ms`),

	'a payment is in the state with which it runs': (world) =>
		itemsOf(world)
			.filter(({ ref, state, at }) => {
				const payment = world.konnect.payments.get(ref);
				return !payment || !hasBeen(payment, state, at);
			})
			.map(({ ref, state }) => `${ref} as ${String(state)}`),

	'what was called for once and settles while the call may look has run': (world) =>
		world.payments
			.filter((payment) => world.calls.some((call) => owes(world, call, payment)))
			.filter((payment) => !hasRun(world, payment))
			.map(({ ref }) => `${ref} never ran`),

	'no event runs twice, but where a process was killed before n8n had saved what it had run': (
		world,
	) => (world.setup.processors > 1 ? [] : repeatsIn(world).map(({ eventId }) => eventId)),

	'nobody is told a last word about what is paid later': (world) =>
		world.calls
			.filter((call) => isLastWord(world, call))
			.map(({ ref, begun }) => `${ref}, called for at ${begun} ms`),

	'who comes for a paid payment while all is well is not asked to come again': (world) =>
		world.calls
			.filter((call) => isEasy(world, call))
			.filter(({ answer, isBrowser, end }) => {
				const next = answer && nextOf(answer, isBrowser ? 'browser' : 'server');
				return end !== 'notStored' && next !== undefined;
			})
			.map(({ ref, begun }) => `${ref} at ${begun} ms`),

	'every call is answered in its time': ({ calls }) =>
		calls
			.filter(({ life, isBrowser, begun, answeredAt, returnedAt }) => {
				const patience = isBrowser ? BROWSER_PATIENCE : SERVER_PATIENCE;
				return (
					!life.isOver && Math.min(answeredAt, returnedAt) > begun + patience + ANSWERED_WITHIN
				);
			})
			.map(({ begun, ref }) => `the call for ${ref} at ${begun} ms`),

	'every call is answered once': ({ calls }) =>
		calls
			.filter(({ life, response }) => (!life.isOver && !response.isSent) || response.repeats > 0)
			.map(({ begun, ref }) => `the call for ${ref} at ${begun} ms`),

	'a signed address starts the workflow for its own payment only': (world) =>
		world.database.executions
			.filter(({ call }) => call.search.has('konnect_terms'))
			.filter(({ paymentRef, call }) => {
				const cart = call.search.get('cart_id');
				const isOwn = world.konnect.payments.get(paymentRef)?.cart === cart;
				// Without a secret a call whose signature does not fit is as good as an unsigned one.
				const fits = cart !== EDITED && world.elsewhere.length === 0;
				return !isOwn && (world.setup.webhookSecret || fits);
			})
			.map(describe),

	'what is put out as verified is what Init Payment was given': ({ database, konnect }) =>
		database.executions
			.filter(({ items: [item], paymentRef }) => {
				const { cart_id: cart } = (item?.query ?? {}) as Record<string, unknown>;
				return item?.queryVerified === true && cart !== konnect.payments.get(paymentRef)?.cart;
			})
			.map(describe),

	'a wait goes on once, before its end, with one item for each payment in their order': ({
		database: { wait },
		konnect,
		setup,
	}) => {
		if (!wait) return [];
		const ids = [...konnect.payments.values()].filter((one) => one.isAwaited).map(({ ref }) => ref);
		return wait.resumed
			.filter(({ at, items }, index) => {
				const isRight = items.every(({ paymentId, state, timedOut }, place) => {
					const isChosen = (setup.resumeOn as unknown[]).includes(state);
					return paymentId === ids[place] && timedOut === false && isChosen;
				});
				return index > 0 || at > setup.waitsFor * MINUTE || items.length !== ids.length || !isRight;
			})
			.map(describe);
	},

	'no payment is read over and over': (world) => {
		const reads = new Map<string, number[]>();
		// Each key has its own limit.
		const most = READS_OF_ONE * livesOf(world) * (world.elsewhere.length > 0 ? 2 : 1);
		for (const { at, ref } of world.konnect.reads) reads.set(ref, [...(reads.get(ref) ?? []), at]);
		return [...reads]
			.filter(([ref]) => !ref.startsWith('b'))
			.filter(([, times]) => mostWithin(MINUTE, times) > most)
			.map(([ref, times]) => `${ref} was read ${mostWithin(MINUTE, times)} times in a minute`);
	},

	'strangers use up no more than their share of the key': (world) =>
		tooMany(world, 'f', livesOf(world)),

	'no signed address uses up more than its share of the key': (world) =>
		tooMany(world, 'e', livesOf(world) * (world.payments.length + 1)),

	'no more calls keep looking than there may': ({ mostWatches }) =>
		mostWatches > MOST_WATCHES ? [`${mostWatches} at once`] : [],

	'what others write into static data stays': ({ database }) =>
		database.undone
			.filter((age) => age > SAVES_WITHIN)
			.map((age) => `a call wrote back what was ${age} ms old`),

	'static data stay small': ({ database }) =>
		database.record.length > MOST_STATIC_DATA ? [`${database.record.length} characters`] : [],

	'nothing fails unseen': ({ failures }) => failures.map(String),
};

/** What a history has broken, each with its promise. Empty if all promises were kept. */
export const brokenPromises = (world: World): string[] =>
	Object.entries(PROMISES).flatMap(([promise, check]) =>
		check(world).map((what) => `${promise}: ${what}`),
	);

export function repeatsIn({ database, processors, openOthers }: World): ModelExecution[] {
	const first = new Map<string, ModelExecution>();
	return database.executions.filter((execution) => {
		const { eventId, state } = execution;
		const isFirst = !first.has(eventId);
		if (isFirst) first.set(eventId, execution);
		// Only the latest of the payments that are not paid are remembered.
		const isForgotten = state !== 'paid' && openOthers > 600;
		return !isFirst && !isForgotten && !processors.some(({ forgotten }) => forgotten.has(eventId));
	});
}

const livesOf = ({ setup, kills }: World) => setup.processors + kills;

function tooMany({ konnect }: World, letter: string, shares: number): string[] {
	const reads = konnect.reads.filter(({ ref, isTold }) => ref.startsWith(letter) && isTold);
	const most = mostWithin(
		2 * MINUTE,
		reads.map(({ at }) => at),
	);
	const share = (READS_OF_STRANGERS * (2 * MINUTE + WAITS_FOR_ITS_TURN)) / MINUTE;
	return most > share * shares ? [`${most} reads in two minutes`] : [];
}

function mostWithin(period: number, times: number[]): number {
	const sorted = [...times].sort((one, other) => one - other);
	let first = 0;
	let most = 0;
	for (const [last, time] of sorted.entries()) {
		while (time - (sorted[first] ?? time) >= period) first++;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

const describe = ({ paymentRef, at }: ModelExecution) => `${paymentRef} at ${at} ms`;
