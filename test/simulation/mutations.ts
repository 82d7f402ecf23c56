import { Deadline } from '../../nodes/Konnect/api/clock';
import { Locks } from '../../nodes/Konnect/webhook/state/locks';
import type { EventLog } from '../../nodes/Konnect/webhook/state/events';
import type { NodeState } from '../../nodes/Konnect/webhook/state/nodeState';
import { decideCall } from '../../nodes/Konnect/webhook/decideCall';
import { decideResume } from '../../nodes/Konnect/webhook/decideResume';
import type { Deps } from '../../nodes/Konnect/webhook/deps';
import { NOT_FOUND } from '../../nodes/Konnect/webhook/decision';
import type { UsedCredential } from '../../nodes/Konnect/webhook/state/credential';
import { Quota, Quotas } from '../../nodes/Konnect/webhook/state/quota';
import type { Outcome } from '../../nodes/Konnect/api/payments';
import type { Payment } from '../../nodes/Konnect/payment/payment';
import type { Mutation } from './n8n';
import type { DecideResume } from './waits';

type Credential = Awaited<ReturnType<UsedCredential['read']>>;

type Answer = Promise<Outcome<Payment> | 'late'>;

/** Reaches what a class keeps to itself, to take a mend out of it. */
const inside = <T extends object>(object: T) => object as unknown as Record<string, never>;

/**
 * The wing with one mend taken out, as it was when the defect was found. Each must break a promise: else the simulation would not
 * have found it.
 */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
	'a claim waits for no other payment': {
		state: (state) =>
			withLocks(state, (locks) => {
				const take = locks.take.bind(locks);
				locks.take = async (_key, ...others) => await take('any payment', ...others);
			}),
	},

	'no timer frees a claim': {
		state: (state) =>
			withLocks(state, (locks, clock) => {
				const take = locks.take.bind(locks);
				locks.take = async (...what) => {
					const free = await take(...what);
					if (typeof free !== 'string') void clock.sleep(5_000).then(free);
					return free;
				};
			}),
	},

	'ten thousand paid payments are remembered': {
		state: ({ events }) => keepFewer(events, 1_000),
	},

	'what is unpaid never pushes out what is paid': {
		state: ({ events }) => keepFewer(events, 1_000, true),
	},

	'nothing is remembered of what Konnect does not know': {
		decide: (() => {
			const memories = new WeakMap<NodeState, Map<string, number>>();
			return async (search, deps) => {
				const missing = memories.get(deps.state) ?? new Map<string, number>();
				memories.set(deps.state, missing);
				const ref = search.get('payment_ref') ?? '';
				if (deps.deadline.clock.now() - (missing.get(ref) ?? -Infinity) < 60_000) return NOT_FOUND;
				const decision = await decideCall(search, deps);
				if (decision.kind === 'notFound') missing.set(ref, deps.deadline.clock.now());
				return decision;
			};
		})(),
	},

	'strangers have a budget': {
		state: ({ unknown }) => Object.assign(unknown, { unsigned: new Quota(Infinity, 60_000) }),
	},

	'what cannot be verified runs seldom': {
		state: (state) => {
			const [each, all] = [new Quotas(Infinity, 60_000, 100), new Quota(Infinity, 60_000)];
			Object.assign(state, { unverified: { each, all } });
		},
	},

	'of a payment that could not be read no query is verified': {
		decide: async (search, deps) => {
			const decision = await decideCall(search, deps);
			if (decision.kind !== 'run' || decision.state !== 'unverified') return decision;
			const queryVerified = search.has('konnect_terms');
			return { ...decision, items: decision.items.map((item) => ({ ...item, queryVerified })) };
		},
	},

	'a signed address has a budget': {
		state: ({ unknown }) =>
			Object.assign(unknown, { bySignature: new Quotas(Infinity, 60_000, 9) }),
	},

	'a price that has arrived is not settled': {
		decide: async (search, deps) => await decideCall(search, { ...deps, read: asPart(deps.read) }),
	},

	'calls go before a bulk run': {
		throttles: (throttles) => {
			const turn = throttles.turn.bind(throttles);
			throttles.turn = async (connection, latest, signals) =>
				await turn(connection, latest, signals);
		},
	},

	'reads are kept apart by credential': {
		state: ({ reads }) => {
			const read = reads.read.bind(reads);
			reads.read = async (one) => await read({ ...one, key: one.key.split(' ')[1] ?? '' });
		},
	},

	'a payment that has not settled is asked for again': {
		decide: async (search, deps) => {
			const decision = await decideCall(search, { ...deps, deadline: soon(deps) });
			if (decision.kind !== 'unsettled') return decision;
			return { kind: 'ignored', reason: '', state: 'pending', paymentRef: decision.paymentRef };
		},
	},
};

/** What is settled by a look at what has come is taken for a part. */
const asPart =
	(read: Deps['read']): Deps['read'] =>
	async (...args) => {
		const outcome = await read(...args);
		if (!outcome.ok || outcome.value.state !== 'partiallyPaid') return outcome;
		return { ok: true, value: { ...outcome.value, amountPaid: 1 } };
	};

/** Too soon for a bank. */
const soon = ({ deadline }: Deps) => Deadline.in(deadline.clock, 500);

/** The same, for what histories show so seldom that theirs are written down. */
export const RARE_MUTATIONS: Readonly<Record<string, Mutation>> = {
	'no refusal stands on a credential that could not be read': {
		decide: (() => {
			const memories = new WeakMap<NodeState, { at: number; value: Credential }>();
			return async (search, deps) => {
				const read = async () => {
					const at = deps.deadline.clock.now();
					const last = memories.get(deps.state);
					const value = await deps.credential.read();
					if (value) memories.set(deps.state, { at, value });
					return value ?? (last && at - last.at < 10_000 ? last.value : undefined);
				};
				return await decideCall(search, { ...deps, credential: { ...deps.credential, read } });
			};
		})(),
	},

	'invented references are counted however slow Konnect is': {
		state: ({ reads }) => {
			const { lines } = reads as unknown as {
				lines: Map<
					string,
					Record<'planned', { result: Answer } | undefined> & { running?: Answer }
				>;
			};
			reads.end = async (key) => {
				const { planned, running } = lines.get(key) ?? {};
				const outcome = await (planned?.result ?? running);
				return outcome === 'late' ? undefined : outcome;
			};
		},
	},
};

/** The same of waiting executions. */
export const WAIT_MUTATIONS: Readonly<Record<string, DecideResume>> = {
	'a waited-for payment that has not settled is asked for again': async (search, waiting, deps) => {
		const decision = await decideResume(search, waiting, { ...deps, deadline: soon(deps) });
		if (decision.kind !== 'unsettled') return decision;
		return { kind: 'ignored', reason: '', state: 'pending', paymentRef: decision.paymentRef };
	},

	'an execution goes on only when all of its payments are settled': async (
		search,
		waiting,
		deps,
	) => {
		const first = { ...waiting, items: waiting.items.slice(0, 1) };
		const decision = await decideResume(search, first, deps);
		if (decision.kind !== 'run') return decision;
		const items = waiting.items.map((item) => ({ ...decision.items[0], ...item }));
		return { ...decision, items };
	},

	'what Konnect may have corrected is read anew': (() => {
		const memories = new WeakMap<
			NodeState,
			Map<string, { at: number; outcome: Outcome<Payment> }>
		>();
		return async (search, waiting, deps) => {
			const known = memories.get(deps.state) ?? new Map<string, never>();
			memories.set(deps.state, known);
			const read: Deps['read'] = async (connection, ref, isReread) => {
				const now = deps.deadline.clock.now();
				const last = known.get(ref);
				const isOther = search.get('payment_ref') !== ref;
				const hasFailed = last?.outcome.ok && last.outcome.value.state === 'attemptFailed';
				if (last && isOther && hasFailed && now - last.at < 60_000) return last.outcome;
				const outcome = await deps.read(connection, ref, isReread);
				known.set(ref, { at: now, outcome });
				return outcome;
			};
			return await decideResume(search, waiting, { ...deps, read });
		};
	})(),

	'a refused card that callers were told of may be followed by a second attempt': async (
		search,
		waiting,
		deps,
	) => {
		deps.state.reads.isOldNews = () => false;
		return await decideResume(search, waiting, deps);
	},

	'a price that has come is no part': async (search, waiting, deps) =>
		await decideResume(search, waiting, { ...deps, read: asPart(deps.read) }),
};

function withLocks(
	{ events, reads }: NodeState,
	change: (locks: Locks, clock: { sleep(milliseconds: number): Promise<void> }) => void,
): void {
	const { clock } = reads as unknown as { clock: { sleep(milliseconds: number): Promise<void> } };
	change((events as unknown as { locks: Locks }).locks, clock);
}

/** @param isShared whether payments that are not paid count as well */
function keepFewer(events: EventLog, most: number, isShared = false): void {
	const kept = inside(events) as unknown as {
		paid: Set<string>;
		open: Map<string, string>;
		paidText: string;
	};
	const claim = events.claim.bind(events);
	events.claim = async (event, deadline) => {
		const result = await claim(event, deadline);
		const others = isShared ? kept.open.size : 0;
		for (const oldest of kept.paid) {
			if (kept.paid.size + others <= most) break;
			kept.paid.delete(oldest);
			kept.paidText = [...kept.paid].join('');
		}
		return result;
	};
}
