import { BROWSER_PATIENCE, NO_ANSWER } from '../../nodes/Konnect/webhook/patience';
import { MOST_WATCHES } from '../../nodes/Konnect/webhook/state/watches';
import { nextOf } from './callers';
import type { ModelPayment } from './konnect';
import { hasBeen } from './konnect';
import type { ModelCall, ModelExecution } from './n8n';
import type { World } from './world';
import { EDITED, HOME_WALLET } from './world';

const MINUTE = 60_000;

/** What the trigger's and the wait's Timeout are by default, in milliseconds. */
const SERVER_PATIENCE = 10_000;

/** A call is answered within so many milliseconds of its time. */
const ANSWERED_WITHIN = 500;

/** A credential that was read is used again for so long, in milliseconds; with what it takes to read one. */
const CREDENTIAL_KEPT_FOR = 10_100;

/** A call looks on for a wait for so long, and ends so long before the wait does. */
const WAIT_KEEPS_LOOKING = 10 * MINUTE;
const WAIT_MARGIN = 10_000;

/** A watch looks at least so often, with what a look takes. */
const LOOKS_WITHIN = 45_000;

/** After so many requests at once calls wait for their turn for so long. */
const RUSH = 3 * MINUTE;

/** Strangers' calls look on as well, and so long keep those for payments that were never seen here waiting. */
const STRANGERS_LOOK_ON = 12 * MINUTE;

/** A call saves static data within so many milliseconds of its coming; with what n8n takes for it. */
const SAVES_WITHIN = 2_100;

/** What n8n may remember of a trigger, in characters. */
const MOST_STATIC_DATA = 100_000;

/** A payment is read no more often than this within a minute, by one process, whoever calls for it. */
const READS_OF_ONE = 14;

/** Reads in a minute for strangers, and for each signed address. */
const READS_OF_STRANGERS = 20;

/** A watch may wait so long for its turn among all looks, with a place among the strangers. */
const WAITS_FOR_ITS_TURN = MINUTE;

/** What the wing promises, whatever happens; each gives what was broken. */
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
		// With each key by itself.
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

	'no more calls look on than there may': ({ mostWatches }) =>
		mostWatches > MOST_WATCHES ? [`${mostWatches} at once`] : [],

	'what others write into static data stays': ({ database }) =>
		database.undone
			.filter((age) => age > SAVES_WITHIN)
			.map((age) => `a call wrote back what was ${age} ms old`),

	'static data stay small': ({ database }) =>
		database.record.length > MOST_STATIC_DATA ? [`${database.record.length} characters`] : [],

	'nothing fails unseen': ({ failures }) => failures.map(String),
};

/** What a history has broken, each with its promise; none where all was kept. */
export const brokenPromises = (world: World): string[] =>
	Object.entries(PROMISES).flatMap(([promise, check]) =>
		check(world).map((what) => `${promise}: ${what}`),
	);

/** Whether a call is one by which a payment has to run, whoever comes again. */
function owes(world: World, call: ModelCall, payment: ModelPayment): boolean {
	const { end, life, begun, ref } = call;
	if (!call.isGenuine || ref !== payment.ref || life.isOver || end === undefined) return false;
	// It was this call, or one that looked on for both.
	const others = world.calls.filter((other) => other.isGenuine && other.ref === ref);
	if (others.some((other) => other.returnedAt >= begun && isLost(other))) return false;
	// A wait goes on with the last of its payments.
	const all = world.payments.filter(({ isAwaited }) => isAwaited);
	const { paidFrom } = payment;
	if (payment.isAwaited && all.some((other) => other.paidFrom > paidFrom)) return false;
	const until = endOf(world, call, payment);
	if (paidFrom > until || isRefused(world, call, payment)) return false;
	return (
		isSeen(world, Math.max(paidFrom, begun), until) && !isWithin(world.elsewhere, begun, until)
	);
}

/** Whether a call gave way, told the owner with a failed execution, or met an n8n that could not store its execution. */
const isLost = ({ gaveWay, end }: ModelCall) => gaveWay || end === 'failed' || end === 'notStored';

/** Until when a call may look. */
function endOf({ setup }: World, { begun }: ModelCall, { isAwaited }: ModelPayment): number {
	if (!isAwaited) return begun + setup.keepLooking * MINUTE;
	return Math.min(begun + WAIT_KEEPS_LOOKING, setup.waitsFor * MINUTE - WAIT_MARGIN);
}

/** Whether a call is refused for what its address says, or because strangers ask for too much. */
function isRefused(world: World, { begun }: ModelCall, payment: ModelPayment): boolean {
	if (payment.isAwaited) return isWithin(world.outages, begun, begun);
	if (payment.walletId !== HOME_WALLET) return true;
	const isNear = (at: number) => at > begun - STRANGERS_LOOK_ON && at < begun + SERVER_PATIENCE;
	if (payment.webhook.includes('konnect_terms')) {
		return world.inventions.some(({ at, ref }) => ref === payment.ref && isNear(at));
	}
	const { webhookSecret, acceptUnsigned } = world.setup;
	if (webhookSecret && !acceptUnsigned) return true;
	return begun < payment.visibleFrom || world.floods.some(isNear);
}

/** Whether a watch sees what is so between two times: all is well as long as two looks may be apart, or all the time. */
function isSeen(world: World, from: number, until: number): boolean {
	const spans = troublesOf(world).filter(([begin, end]) => begin <= until && end >= from);
	const starts = [from, ...spans.map(([, end]) => end)];
	if (spans.length === 0) return true;
	return starts.some(
		(start) =>
			start >= from &&
			start + LOOKS_WITHIN <= until &&
			!spans.some(([begin, end]) => begin < start + LOOKS_WITHIN && end > start),
	);
}

const troublesOf = ({ konnect, outages, withoutCredential, rushes }: World): Span[] => [
	...konnect.troubles,
	...outages,
	...withoutCredential,
	...rushes.map((at): Span => [at, at + RUSH]),
];

type Span = [number, number];

/** Whether a caller was told what asks nobody to come again, with no watch behind it, though the payment was paid afterwards. */
function isLastWord(world: World, call: ModelCall): boolean {
	const { answer, answeredAt, isBrowser, isGenuine, ref, end, search, begun, life } = call;
	const payment = world.konnect.payments.get(ref);
	if (!answer || !isGenuine || !payment || end === undefined || end === 'failed') return false;
	if (nextOf(answer, isBrowser ? 'browser' : 'server') || hasRun(world, payment)) return false;
	// A server is told that something is wrong.
	if (answer.status >= 500) return false;
	if (payment.paidFrom === Infinity || payment.paidFrom <= answeredAt || life.isOver) return false;
	if (isRefused(world, call, payment)) return false;
	if (isWithin(world.elsewhere, begun - CREDENTIAL_KEPT_FOR, answeredAt)) return false;
	const since = Number(search.get('konnect_since') ?? NaN);
	if (world.clock.date() - world.clock.now() + answeredAt - since >= NO_ANSWER) return false;
	return !world.calls.some(
		(other) => other.ref === ref && other.answeredAt <= answeredAt && other.returnedAt > answeredAt,
	);
}

/** Whether a call comes for the first time, for what is paid, while all is well and nothing stands in its way. */
function isEasy(world: World, call: ModelCall): boolean {
	const { begun, ref, isGenuine, search, end, life } = call;
	const payment = world.konnect.payments.get(ref);
	if (!payment || !isGenuine || payment.isAwaited || search.has('konnect_since')) return false;
	if (Math.max(payment.paidFrom, payment.visibleFrom) > begun || end === undefined || life.isOver)
		return false;
	const until = begun + SERVER_PATIENCE;
	const troubles = [...troublesOf(world), ...world.elsewhere];
	if (isRefused(world, call, payment) || isWithin(troubles, begun - MINUTE, until)) return false;
	const isNear = (at: number) => at > begun - 2 * MINUTE && at < until;
	// A crowd may use up the key, and a payment that was read often has to wait for its next read.
	const reads = world.konnect.reads.filter(({ at }) => isNear(at));
	if (reads.length > 40 || reads.filter((read) => read.ref === ref).length > 4) return false;
	return !world.calls.some(
		(other) => other !== call && other.ref === ref && other.begun <= until && other.doneAt >= begun,
	);
}

const isWithin = (times: Span[], from: number, until: number) =>
	times.some(([begin, end]) => begin <= until && end >= from);

/** What the workflows were given. */
const itemsOf = ({ database: { executions, wait } }: World) =>
	[...executions, ...(wait?.resumed ?? [])].flatMap(({ items, at, call }) =>
		items.map(({ paymentId, state }) => ({ ref: String(paymentId), state, at, call })),
	);

const hasRun = ({ database }: World, { ref, isAwaited }: ModelPayment): boolean =>
	isAwaited
		? (database.wait?.resumed.length ?? 0) > 0
		: database.executions.some(({ paymentRef, state }) => paymentRef === ref && state === 'paid');

/** Executions for an event that was remembered. */
export function repeatsIn({ database, processors, openOthers }: World): ModelExecution[] {
	const first = new Map<string, ModelExecution>();
	return database.executions.filter((execution) => {
		const { eventId, state } = execution;
		const isFirst = !first.has(eventId);
		if (isFirst) first.set(eventId, execution);
		// Of the payments that are not paid only the last are remembered.
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
