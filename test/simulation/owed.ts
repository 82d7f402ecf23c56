import { NO_ANSWER } from '../../nodes/Konnect/webhook/patience';
import { nextOf } from './callers';
import type { ModelCall } from './database';
import type { ModelPayment } from './konnect';
import type { World } from './world';
import { HOME_WALLET } from './world';

const MINUTE = 60_000;

/** The default Timeout of the trigger and of Wait for Payment, in milliseconds. */
export const SERVER_PATIENCE = 10_000;

/** Milliseconds for which a credential is used after it was read, including the time of the read. */
export const CREDENTIAL_KEPT_FOR = 10_100;

/** Milliseconds for which a call of a waiting execution keeps looking, and by which it ends before the wait does. */
const WAIT_KEEPS_LOOKING = 10 * MINUTE;
const WAIT_MARGIN = 10_000;

/** Milliseconds within which a watch looks again, including the time of the look. */
const LOOKS_WITHIN = 45_000;

/** Milliseconds after a rush of requests during which calls may have to wait for their turn. */
const RUSH = 3 * MINUTE;

/** Strangers' calls keep looking too. Milliseconds for which they can hold up calls for payments that were never seen here. */
const STRANGERS_LOOK_ON = 12 * MINUTE;

/** Whether a payment has to run because of this call, even if nobody calls again. */
export function owes(world: World, call: ModelCall, payment: ModelPayment): boolean {
	const { end, life, begun, ref } = call;
	if (!call.isGenuine || ref !== payment.ref || life.isOver || end === undefined) return false;
	// This call may have been lost, or another one that kept looking for both.
	const refs = payment.isAwaited
		? world.payments.filter((one) => one.isAwaited).map((one) => one.ref)
		: [ref];
	// Forged calls of a waiting execution, or of an unsigned address, can take a watch over and then give way. So they count too.
	const isShared = payment.isAwaited || !payment.webhook.includes('konnect_terms');
	const others = world.calls.filter(
		(other) => (other.isGenuine || isShared) && refs.includes(other.ref),
	);
	if (others.some((other) => other.returnedAt >= begun && isLost(other))) return false;
	// A wait goes on when the last of its payments is paid.
	const all = world.payments.filter(({ isAwaited }) => isAwaited);
	const paidFrom = Math.max(payment.paidFrom, payment.visibleFrom);
	if (payment.isAwaited && all.some((other) => other.paidFrom > paidFrom)) return false;
	const until = endOf(world, call, payment);
	if (paidFrom > until || isRefused(world, call, payment)) return false;
	return (
		isSeen(world, Math.max(paidFrom, begun), Math.max(until, begun + SERVER_PATIENCE)) &&
		!isWithin(world.elsewhere, begun, until)
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
	// Calls for payments of another account count as strangers'.
	const elsewhere = isWithin(world.elsewhere, begun - STRANGERS_LOOK_ON, begun + SERVER_PATIENCE);
	return begun < payment.visibleFrom || world.floods.some(isNear) || elsewhere;
}

/** Whether a watch must see what is so between two times. All must be well throughout, or for as long as looks may be apart. */
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

/** Whether a caller was not asked to come again, and no watch kept looking, although the payment was paid afterwards. */
export function isLastWord(world: World, call: ModelCall): boolean {
	const { answer, answeredAt, isBrowser, isGenuine, ref, end, search, begun, life } = call;
	const payment = world.konnect.payments.get(ref);
	if (!answer || !isGenuine || !payment || end === undefined || end === 'failed') return false;
	if (nextOf(answer, isBrowser ? 'browser' : 'server') || hasRun(world, payment)) return false;
	// Such an answer says that something is wrong, so it is no last word.
	if (answer.status >= 500) return false;
	if (payment.paidFrom === Infinity || payment.paidFrom <= answeredAt || life.isOver) return false;
	if (isRefused(world, call, payment)) return false;
	// By then no execution waits for it any more.
	if (payment.isAwaited && payment.paidFrom > world.setup.waitsFor * MINUTE) return false;
	if (isWithin(world.elsewhere, begun - CREDENTIAL_KEPT_FOR, answeredAt)) return false;
	const since = Number(search.get('konnect_since') ?? NaN);
	if (world.clock.date() - world.clock.now() + answeredAt - since >= NO_ANSWER) return false;
	return !world.calls.some(
		(other) => other.ref === ref && other.answeredAt <= answeredAt && other.returnedAt > answeredAt,
	);
}

/** Whether a call is easy to answer: no repeat by a page, for a paid payment, while all is well and nothing is in its way. */
export function isEasy(world: World, call: ModelCall): boolean {
	const { begun, ref, isGenuine, search, end, life } = call;
	const payment = world.konnect.payments.get(ref);
	if (!payment || !isGenuine || payment.isAwaited || search.has('konnect_since')) return false;
	if (Math.max(payment.paidFrom, payment.visibleFrom) > begun || end === undefined || life.isOver)
		return false;
	const until = begun + SERVER_PATIENCE;
	const troubles = [...troublesOf(world), ...world.elsewhere];
	if (isRefused(world, call, payment) || isWithin(troubles, begun - MINUTE, until)) return false;
	const isNear = (at: number) => at > begun - 2 * MINUTE && at < until;
	// A crowd may use up what Konnect allows the key, and a payment that was read often has to wait for its next read.
	const reads = world.konnect.reads.filter(({ at }) => isNear(at));
	if (reads.length > 40 || reads.filter((read) => read.ref === ref).length > 4) return false;
	return !world.calls.some(
		(other) => other !== call && other.ref === ref && other.begun <= until && other.doneAt >= begun,
	);
}

export const isWithin = (times: Span[], from: number, until: number) =>
	times.some(([begin, end]) => begin <= until && end >= from);

/** The items that the workflows were given. */
export const itemsOf = ({ database: { executions, wait } }: World) =>
	[...executions, ...(wait?.resumed ?? [])].flatMap(({ items, at, call }) =>
		items.map(({ paymentId, state }) => ({ ref: String(paymentId), state, at, call })),
	);

export const hasRun = ({ database }: World, { ref, isAwaited }: ModelPayment): boolean =>
	isAwaited
		? (database.wait?.resumed.length ?? 0) > 0
		: database.executions.some(({ paymentRef, state }) => paymentRef === ref && state === 'paid');
