import { BANK, BROWSER_PATIENCE, NO_ANSWER } from '../../nodes/Konnect/webhook/confirming';
import { BUSY } from '../../nodes/Konnect/webhook/decision';
import type { Chain } from './callers';
import type { ModelCall, ModelExecution } from './n8n';
import type { World } from './world';
import { EDITED } from './world';
import type { ModelPayment } from './konnect';

const MINUTE = 60_000;

/** A credential that was read is used again for so long, in milliseconds; with what it takes to read one. */
const CREDENTIAL_KEPT_FOR = 10_100;

/** Of the account that the credential is of in the end. */
const HOME_WALLET = '0'.repeat(24);

/** States whose pages say that the payer can pay again. */
const INVITING: readonly string[] = ['attemptFailed', 'partiallyPaid', 'expired'];

/** A call is let run up to 20 s after it came. */
const TEN_MINUTES = 10 * MINUTE - 20_000;

/** For so long an open page asks again, less the time that one load of it may take. */
const PAGE_ASKS_FOR = 115_000;

/** Its last load for the bank's word begins by two minutes and what the load before took; with what itself and the storing take. */
const PAGE_ENDS_AFTER = BANK * 1_000 + 2 * BROWSER_PATIENCE + 500;

/** The longest pause between two loads, and what a load takes. */
const PAGE_LOADS_EVERY = 14_000;

/** What n8n may remember of a trigger, in characters. */
const MOST_STATIC_DATA = 100_000;

/** A payment is read no more often than this within a minute, by one process, whoever calls for it. */
const READS_OF_ONE = 14;

/** A read reaches Konnect by so many milliseconds after its place was taken: where Konnect has asked to slow down, calls wait. */
const READ_AFTER = 21_000;

/** What the wing promises, whatever happens; each gives what was broken. */
const PROMISES: Record<string, (world: World) => string[]> = {
	'nothing runs as paid that Konnect did not say to the key in use': (world) =>
		world.database.executions
			.filter(({ state }) => state === 'paid')
			.filter(({ paymentRef, at, begun }) => {
				const payment = world.konnect.payments.get(paymentRef);
				return (
					!payment ||
					payment.paidFrom > at ||
					!wasInUse(world, payment, begun - CREDENTIAL_KEPT_FOR, at)
				);
			})
			.map(describe),

	'what was paid and called for, as often as our answers asked, has run': (world) =>
		world.payments
			.filter((payment) => wasCalledFor(world, payment))
			.filter(({ ref }) => !hasRunAsPaid(world, ref))
			.map(({ ref }) => `${ref} never ran`),

	'a signed address starts the workflow for its own payment only': (world) =>
		world.database.executions
			.filter(({ search }) => search.has('konnect_terms'))
			.filter(({ paymentRef, search, state }) => {
				const cart = search.get('cart_id');
				const isOwn = world.konnect.payments.get(paymentRef)?.cart === cart;
				// Without a secret a call whose signature does not fit is as good as an unsigned one.
				const fits = cart !== EDITED && world.elsewhere.length === 0;
				return !isOwn && (world.setup.webhookSecret || fits) && state !== 'unverified';
			})
			.map(describe),

	'what is put out as verified is what Init Payment was given': (world) =>
		world.database.executions
			.filter(({ item }) => item.queryVerified === true)
			.filter(
				({ item, paymentRef }) =>
					(item.query as Record<string, unknown>).cart_id !==
					world.konnect.payments.get(paymentRef)?.cart,
			)
			.map(describe),

	'what could not be verified runs once in ten minutes for a payment, and fifty times in all': (
		world,
	) => {
		const runs = world.database.executions.filter(({ state }) => state === 'unverified');
		const lives = world.setup.processors + world.kills;
		const each = new Map<string, number[]>();
		for (const { paymentRef, begun } of runs) {
			each.set(paymentRef, [...(each.get(paymentRef) ?? []), begun]);
		}
		const most = Math.max(0, ...[...each.values()].map((times) => mostWithin(TEN_MINUTES, times)));
		const inAll = mostWithin(
			TEN_MINUTES,
			runs.map(({ begun }) => begun),
		);
		return most > lives || inAll > 50 * lives ? [`${most} for one, ${inAll} in all`] : [];
	},
	'an open page learns of it in the time that the bank has, while Konnect is well': (world) =>
		world.chains
			.filter(({ kind, isBroken }) => kind === 'browser' && !isBroken && !isCrowd(world))
			.filter((chain) => {
				const payment = world.konnect.payments.get(chain.ref);
				return payment && wasCalledFor(world, payment) && isCalling(chain, payment, world);
			})
			.filter((chain) => !hasRunAsPaid(world, chain.ref, chain.begun + endOf(chain, world)))
			.map(({ ref, begun }) => `${ref}, called for at ${begun} ms`),

	'no event runs twice, but where a process was killed before n8n had saved what it had run': (
		world,
	) => (world.setup.processors > 1 ? [] : repeatsIn(world).map(({ eventId }) => eventId)),

	'every call is decided in its time': ({ processors }) =>
		processors
			.flatMap(({ calls }) => calls)
			.filter(({ took, patience }) => took > patience + 1_000)
			.map(({ took, paymentRef }) => `the call for ${paymentRef} took ${took} ms`),

	'no call is refused for another payment': ({ processors }) =>
		processors.flatMap(({ calls }) =>
			calls
				.filter((call) => isBusy(call) && !calls.some((other) => isBefore(other, call)))
				.map(({ paymentRef }) => `the call for ${paymentRef}`),
		),

	'no payment is read over and over': ({ konnect, setup }) => {
		const reads = new Map<string, number[]>();
		for (const { at, ref } of konnect.reads) reads.set(ref, [...(reads.get(ref) ?? []), at]);
		return [...reads]
			.filter(([ref]) => !ref.startsWith('b'))
			.filter(([, times]) => mostWithinAMinute(times) > READS_OF_ONE * setup.processors * 2)
			.map(([ref, times]) => `${ref} was read ${mostWithinAMinute(times)} times in a minute`);
	},

	'strangers use up no more than their share of the key': ({ konnect, setup, kills }) => {
		const times = konnect.reads
			.filter(({ ref, isTold }) => ref.startsWith('f') && isTold)
			.map(({ at }) => at);
		const most = mostWithin(MINUTE - READ_AFTER, times);
		const share = 20 * (setup.processors + kills);
		return most > share ? [`${most} reads for strangers in a minute`] : [];
	},

	'no signed address uses up more than its share of the key': ({
		konnect,
		setup,
		kills,
		payments,
	}) => {
		const times = konnect.reads
			.filter(({ ref, isTold }) => ref.startsWith('e') && isTold)
			.map(({ at }) => at);
		const most = mostWithin(MINUTE - READ_AFTER, times);
		const share = 20 * (setup.processors + kills) * (payments.length + 1);
		return most > share ? [`${most} reads for invented references in a minute`] : [];
	},

	'nobody is told to pay again what the record knows as paid': ({ database, processors, kills }) =>
		processors
			.flatMap(({ calls }) => calls)
			.filter(({ decision }) => 'state' in decision && INVITING.includes(decision.state ?? ''))
			.filter(({ paymentRef, begun }) =>
				database.executions.some(
					(run) =>
						run.paymentRef === paymentRef &&
						run.state === 'paid' &&
						run.isRecorded &&
						kills === 0 &&
						run.at + 10 < begun,
				),
			)
			.map(({ paymentRef, begun }) => `${paymentRef} at ${begun} ms`),

	'static data stay small': ({ database }) =>
		database.staticData.length > MOST_STATIC_DATA
			? [`${database.staticData.length} characters`]
			: [],

	'nothing fails unseen': ({ failures }) => failures.map(String),
};

/** What a history has broken, each with its promise; none where all was kept. */
export const brokenPromises = (world: World): string[] =>
	Object.entries(PROMISES).flatMap(([promise, check]) =>
		check(world).map((what) => `${promise}: ${what}`),
	);

/** Whether somebody called because of the attempt that succeeded, and came again as long as was asked, or until it had settled. */
function wasCalledFor(world: World, payment: ModelPayment): boolean {
	const { events } = world.setup;
	if (
		payment.paidFrom === Infinity ||
		!events.some((event) => event === 'paid' || event === 'any')
	) {
		return false;
	}
	return world.chains.some(
		(chain) => chain.ref === payment.ref && !chain.isBroken && isCalling(chain, payment, world),
	);
}

function isCalling(chain: Chain, payment: ModelPayment, world: World): boolean {
	const { begun, ended, kind } = chain;
	if (payment.walletId !== HOME_WALLET) return false;
	if (isRefusedUnsigned(world, payment)) return false;
	if (isWithin(world.konnect.refusals, begun, Math.min(ended, begun + 45 * MINUTE))) return false;
	if (begun < payment.attemptedAt || begun < payment.visibleFrom) return false;
	const { failedFrom, partsFrom } = payment;
	const isStale = isWithin(world.konnect.troubles, begun, ended);
	if (isStale && failedFrom.length + partsFrom.length > 0) return false;
	if (![...failedFrom, ...partsFrom].every((at) => wasTold(world, payment, at))) return false;
	if (isWithin(world.elsewhere, begun, Math.min(ended, begun + 45 * MINUTE))) return false;
	if (kind === 'server') return true;
	// An open page repairs what takes no longer than it asks.
	const troubles = [...world.konnect.troubles, ...world.outages];
	return (
		payment.paidFrom <= begun + PAGE_ASKS_FOR &&
		!isWithin(troubles, begun, begun + PAGE_ASKS_FOR) &&
		world.setup.concurrency > 1
	);
}

/**
 * Whether callers had been told of a failed attempt some time before the one that succeeded. Where they had not, the call for the
 * second one reads the failure as news: nothing in Konnect's answer tells the two apart.
 */
function wasTold(
	{ processors, setup, kills }: World,
	payment: ModelPayment,
	failedAt: number,
): boolean {
	if (setup.processors > 1 || kills > 0) return false;
	return processors.some(({ calls }) =>
		calls.some(
			({ paymentRef, at, decision }) =>
				paymentRef === payment.ref &&
				at >= failedAt &&
				at < payment.attemptedAt - 10_500 &&
				'state' in decision &&
				(decision.state === 'attemptFailed' || decision.state === 'partiallyPaid'),
		),
	);
}

const isRefusedUnsigned = ({ setup }: World, { webhook }: ModelPayment) =>
	setup.webhookSecret && !setup.acceptUnsigned && !webhook.includes('konnect_terms');
/** Whether more payers ask than Konnect can be asked about while their pages wait for the bank. */
const isCrowd = ({ payments }: World) => payments.length > 60;

/**
 * How long after its first load a page learns, in milliseconds. Where a load in the end had no answer, because the key was used up
 * and Konnect answered nobody, the page goes on: it says nothing final that rests on no answer.
 */
function endOf({ ref, begun }: Chain, { processors, konnect }: World): number {
	// Processors do not know of each other's throttles, and use up the key for each other.
	const isAlone = processors.length === 1;
	const isInTheEnd = (time: number) =>
		time >= begun + PAGE_ASKS_FOR - PAGE_LOADS_EVERY && time <= begun + PAGE_ENDS_AFTER;
	const isUnanswered = processors.some(({ calls }) =>
		calls.some(
			(call) =>
				call.paymentRef === ref &&
				call.patience === BROWSER_PATIENCE &&
				call.decision.kind === 'unavailable' &&
				isInTheEnd(call.at) &&
				!(isAlone && konnect.reads.some(({ at }) => at >= call.begun && at <= call.at)),
		),
	);
	return isUnanswered ? NO_ANSWER * 1_000 : PAGE_ENDS_AFTER;
}

const isWithin = (times: Array<[number, number]>, from: number, until: number) =>
	times.some(([begin, end]) => begin <= until && end >= from);

const hasRunAsPaid = ({ database }: World, ref: string, until = Infinity) =>
	database.executions.some(
		({ paymentRef, state, at }) => paymentRef === ref && state === 'paid' && at <= until,
	);

/** Whether the credential was of the account of a payment at some time within a while. */
function wasInUse({ elsewhere }: World, { walletId }: ModelPayment, from: number, until: number) {
	if (walletId !== HOME_WALLET) return isWithin(elsewhere, from, until);
	return !elsewhere.some(([begin, end]) => begin <= from && end >= until);
}

/** Executions for an event that static data already told of. What could not be verified has a limit of its own. */
export function repeatsIn({ database, kills, openOthers }: World): ModelExecution[] {
	const first = new Map<string, ModelExecution>();
	return database.executions.filter((execution) => {
		const earlier = first.get(execution.eventId);
		first.set(execution.eventId, earlier ?? execution);
		if (!earlier || execution.state === 'unverified') return false;
		// Of the payments that are not paid only the last are remembered.
		if (execution.state !== 'paid' && openOthers > 1_000) return false;
		return earlier.isRecorded || kills === 0;
	});
}

const mostWithinAMinute = (times: number[]) => mostWithin(MINUTE, times);

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

const isBusy = ({ decision }: ModelCall) =>
	'problem' in decision && decision.problem === BUSY.problem;

/** Whether a call could have been waited for: it was let run for the same payment before. */
const isBefore = (other: ModelCall, { paymentRef, at }: ModelCall) =>
	other.paymentRef === paymentRef && other.decision.kind === 'run' && other.at <= at;

const describe = ({ paymentRef, at }: ModelExecution) => `${paymentRef} at ${at} ms`;
