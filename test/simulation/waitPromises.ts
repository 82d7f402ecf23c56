import type { Chain } from './callers';
import type { ModelPayment } from './konnect';
import type { WaitCall, WaitProcessor } from './waits';
import type { WaitWorld } from './waitWorld';

const MINUTE = 60_000;

/** For so long an open page asks again, less the time that one load of it may take. */
const PAGE_ASKS_FOR = 115_000;

/** A payment is read no more often than this within a minute, by one process, whoever calls for it. */
const READS_OF_ONE = 14;

/** What waiting promises, whatever happens; each gives what was broken. */
const PROMISES: Record<string, (world: WaitWorld) => string[]> = {
	'an execution goes on once': ({ wait }) =>
		wait.resumed.length > 1 ? [`${wait.resumed.length} times`] : [],

	'it goes on only when each of its payments is settled, and says of each what it is': ({
		wait,
		konnect,
	}) =>
		wait.resumed.flatMap(({ at, items }) =>
			items
				.filter(({ paymentId, state }) => {
					const payment = konnect.payments.get(String(paymentId));
					return !payment || !hasBeen(payment, String(state), at);
				})
				.map(({ paymentId, state }) => `${String(paymentId)} as ${String(state)}`),
		),

	'it puts out nothing that Konnect had corrected before it was called': ({ wait, konnect }) =>
		wait.resumed.flatMap(({ by, items }) =>
			items
				.filter(({ paymentId, state }) => {
					const { paidFrom = 0 } = konnect.payments.get(String(paymentId)) ?? {};
					return OPEN.includes(String(state)) && paidFrom <= by.began - oldestOf(by);
				})
				.map(({ paymentId, state }) => `${String(paymentId)} as ${String(state)}`),
		),

	'it does not go on with a refused card of which callers were told before: the next attempt is at the bank':
		({ wait, processors, konnect }) =>
			wait.resumed
				.filter(({ by }) => 'state' in by.decision && by.decision.state === 'attemptFailed')
				.filter(({ by }) => isToldBefore(by, processors, konnect.payments))
				.map(({ by }) => `by the call at ${by.began} ms`),

	'it puts out one item for each payment, in their order': ({ wait }) =>
		wait.resumed
			.map(({ items }) => items.map(({ paymentId }) => paymentId).join())
			.filter(
				(ids) =>
					ids !== wait.waiting.items.map((item) => 'paymentId' in item && item.paymentId).join(),
			),

	'it goes on when all are paid and called for, as often as our answers asked': (world) =>
		world.wait.resumed.length === 0 &&
		world.payments.every((payment) => wasCalledFor(world, payment))
			? ['it still waits']
			: [],

	'every call is decided in its time': ({ processors }) =>
		processors
			.flatMap(({ calls }) => calls)
			.filter(({ took, patience }) => took > patience + 1_000)
			.map(({ took, began }) => `the call at ${began} ms took ${took} ms`),

	'no payment is read over and over': ({ konnect, setup, kills }) => {
		const most = READS_OF_ONE * (setup.processors + kills);
		const reads = new Map<string, number[]>();
		for (const { at, ref } of konnect.reads) reads.set(ref, [...(reads.get(ref) ?? []), at]);
		return [...reads]
			.filter(([, times]) =>
				times.some((from) => times.filter((at) => at >= from && at < from + MINUTE).length > most),
			)
			.map(([ref]) => ref);
	},

	'nothing fails unseen': ({ failures }) => failures.map(String),
};

/** What a history has broken, each with its promise; none where all was kept. */
export const brokenPromises = (world: WaitWorld): string[] =>
	Object.entries(PROMISES).flatMap(([promise, check]) =>
		check(world).map((what) => `${promise}: ${what}`),
	);

/** Whether a payment has been in a state by then. None here is paid in parts: what looks like one is a price that has come. */
function hasBeen(payment: ModelPayment, state: string, at: number): boolean {
	switch (state) {
		case 'paid':
			return payment.paidFrom <= at;
		case 'expired':
			return payment.expiredFrom <= at;
		case 'attemptFailed':
			return payment.failedFrom.some((from) => from <= at);
		default:
			return false;
	}
}

/** States that a payment need not stay in. */
const OPEN = ['attemptFailed', 'partiallyPaid'];

/** How many milliseconds before it came a call may take what was asked: a page that asks again, and strangers, are content with less. */
function oldestOf({ search }: WaitCall): number {
	if (search.has('konnect_since')) return 31_000;
	return search.get('payment_ref')?.startsWith('a') ? 0 : 10_000;
}

/** Whether the same process had told a caller of this failure more than ten seconds before. */
function isToldBefore(
	by: WaitCall,
	processors: WaitProcessor[],
	payments: ReadonlyMap<string, ModelPayment>,
): boolean {
	const ref = by.search.get('payment_ref') ?? '';
	const payment = payments.get(ref);
	if (!payment) return false;
	const calls = processors.find(({ calls: all }) => all.includes(by))?.calls ?? [];
	return calls.some(
		({ life, began, took, decision, search }) =>
			life === by.life &&
			search.get('payment_ref') === ref &&
			decision.kind === 'ignored' &&
			decision.state === 'attemptFailed' &&
			began + took < by.began - 11_000 &&
			!payment.failedFrom.some((from) => from > began && from <= by.began + by.took),
	);
}

/** Whether somebody called because of the attempt that succeeded, and came again as long as was asked, or until it had settled. */
function wasCalledFor(world: WaitWorld, payment: ModelPayment): boolean {
	// A failure that callers have not heard of yet is told from a success to come by nothing that Konnect says.
	if (payment.paidFrom === Infinity || payment.failedFrom.length > 0) return false;
	return world.chains.some(
		(chain) => chain.ref === payment.ref && !chain.isBroken && isCalling(chain, payment, world),
	);
}

function isCalling({ begun, ended, kind }: Chain, payment: ModelPayment, world: WaitWorld) {
	const { konnect, outages } = world;
	const until = Math.min(ended, begun + 45 * MINUTE);
	// Neither n8n without its database nor what only the owner can mend asks to call again.
	if (isWithin([...outages, ...konnect.refusals], begun, until)) return false;
	if (kind === 'server') return true;
	return (
		payment.paidFrom <= begun + PAGE_ASKS_FOR &&
		!isWithin(konnect.troubles, begun, begun + PAGE_ASKS_FOR)
	);
}

const isWithin = (times: Array<[number, number]>, from: number, until: number) =>
	times.some(([begin, end]) => begin <= until && end >= from);
