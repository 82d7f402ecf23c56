import type { IWebhookFunctions } from 'n8n-workflow';

import type { Clock } from '../../nodes/Konnect/api/clock';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';
import { Limiter } from '../../nodes/Konnect/webhook/state/limiter';
import { BROWSER_PATIENCE } from '../../nodes/Konnect/webhook/patience';
import type { NodeState, ProcessState } from '../../nodes/Konnect/webhook/state/nodeState';
import type { Claim } from '../../nodes/Konnect/webhook/state/events';
import { Payments } from '../../nodes/Konnect/webhook/state/payments';
import { EventLog } from '../../nodes/Konnect/webhook/state/events';
import type { Mutation } from './database';
import { TRIGGER_KEY } from './database';
import type { ModelPayment } from './konnect';
import type { Setup, World } from './world';

const MINUTE = 60_000;

/** How many payments are remembered without the fix. The history has 300 others after the first. */
const FEW = 250;

/** How a fix is taken out, and what shows that it is missing. */
export type Fix = Mutation &
	(
		| {
				/** One of the first histories of this seed shows it. Any other seed shows it sooner or later. */
				seed: number;
		  }
		| { seed?: never; setup?: Partial<Setup>; history(world: World): unknown }
	);

/**
 * Our code with one fix taken out, as it was when the defect was found. Each must break a promise. Otherwise the simulation
 * would not have found the defect.
 */
export const MUTATIONS: Readonly<Record<string, Fix>> = {
	'a call keeps looking after its answer': {
		seed: 1,
		process: ({ watches }) => {
			watches.begin = () => false;
		},
	},

	'no more calls keep looking than there may': {
		seed: 1,
		process: ({ watches }) => {
			watches.begin = () => true;
		},
	},

	'a later call takes the watch over': {
		history: async (world) => {
			const payment = world.makePayment(0, true);
			world.begin(payment, 'server', 1);
			await world.pass(9 * MINUTE);
			payAndCall(world, payment, 3 * MINUTE);
		},
		process: ({ watches }) => {
			const begin = watches.begin.bind(watches);
			watches.begin = (watch, ...how) =>
				!watches.find(watch.key, watch.address) && begin(watch, ...how);
		},
	},

	"a watch of another payment's address does not stand for its own": {
		history: async (world) => {
			const other = world.makePayment(0, true);
			payAndCall(world, world.makePayment(0, true), MINUTE);
			await world.pass(20_000);
			world.edit(other, world.payments[1] as ModelPayment, false);
		},
		process: ({ watches }) => {
			const begin = watches.begin.bind(watches);
			watches.begin = (watch, ...how) => {
				Object.defineProperty(watch, 'address', { get: () => '', set: () => {} });
				return begin(watch, ...how);
			};
		},
	},

	'a call saves static data soon or not at all': {
		seed: 1,
		handler: (handle) => async (context, process) => {
			const result = await handle(context, process);
			// Writes static data as the call found them, with what the log knows by now.
			const { events } = (process as ProcessState).nodeOf(TRIGGER_KEY);
			context.getWorkflowStaticData('node').events = events.unsaved() ?? 'none';
			return result;
		},
	},

	'a claim is released where n8n could not store the execution': {
		setup: { concurrency: 1, duration: 6_000 },
		history: async (world) => {
			const payments = [1, 2].map(() => world.makePayment(0, true));
			for (const payment of payments) payAndCall(world, payment);
			await world.pass(3_000);
			world.setDatabase(true);
			await world.pass(5_000);
			world.setDatabase(false);
			for (const payment of payments.reverse()) world.begin(payment, 'server', 1);
		},
		process: withClaims((claim) => ({ ...claim, release: () => claim.commit() })),
	},

	'a claim waits for no other payment': {
		seed: 2,
		process: (process) => {
			const any = { paymentRef: 'any payment', state: 'paid', eventId: 'any payment' } as const;
			const locks = new EventLog();
			withNode(process, ({ events }) => {
				const claim = events.claim.bind(events);
				events.claim = async (event, deadline) => {
					const lock = await locks.claim(any, deadline);
					if (typeof lock === 'string') return lock;
					const own = await claim(event, deadline);
					if (typeof own === 'string') {
						lock.release();
						return own;
					}
					return {
						commit: () => {
							own.commit();
							lock.release();
						},
						release: () => [own, lock].forEach((each) => each.release()),
					};
				};
			});
		},
	},

	'no timer frees a claim': {
		seed: 1,
		process: withClaims((claim, clock) => {
			void clock.sleep(5_000).then(() => claim.release());
			return claim;
		}),
	},

	'ten thousand paid payments are remembered': {
		history: async (world) => await payAgainAfter(world, 'paid'),
		process: (process) => withNode(process, (node) => keepFew(node, false)),
	},

	'what is unpaid never pushes out what is paid': {
		history: async (world) => await payAgainAfter(world, 'attemptFailed'),
		process: (process) => withNode(process, (node) => keepFew(node, true)),
	},

	'strangers have a budget': {
		seed: 1,
		process: withStrangers((terms, own, clock) => (terms === '' ? unlimited(clock) : own)),
	},

	'a signed address has a budget': {
		history: (world) => world.invent(world.makePayment(0, true), 200),
		process: withStrangers((terms, own, clock) => (terms === '' ? own : unlimited(clock))),
	},

	'invented references are counted however slow Konnect is': {
		history: async (world) => {
			world.konnect.mood = 'slow';
			for (let round = 0; round < 20; round++) {
				world.flood(10);
				await world.pass(6_000);
			}
		},
		process: withStrangers((_terms, own, clock) => {
			own.take = () => {
				const giveBack = Limiter.prototype.take.call(own);
				void clock.sleep(BROWSER_PATIENCE).then(giveBack);
				return giveBack;
			};
			return own;
		}),
	},

	'a price that has arrived is no part': {
		setup: { keepLooking: 0, events: ['any'] },
		history: (world) => {
			const payment = world.makePayment(0, true);
			payment.writtenAfter = 20_000;
			payAndCall(world, payment, 15_000);
		},
		context: (context) =>
			withAnswers(context, (text) =>
				text.includes('"pending"')
					? text.replace(/"reachedAmount":1\d+/, '"reachedAmount":11')
					: text,
			),
	},

	'reads of a payment are shared and spaced': {
		seed: 1,
		process: ({ payments }, clock) => {
			payments.of = (...which) => new Payments(clock).of(...which);
		},
	},

	'a look takes no old answer': {
		setup: { keepLooking: 0 },
		history: async (world) => {
			const payment = world.makePayment(0, true);
			world.begin(payment, 'server', 1);
			await world.pass(40_000);
			payAndCall(world, payment);
		},
		process: ({ payments }) => {
			const of = payments.of.bind(payments);
			const eased = new WeakSet();
			payments.of = (...which) => {
				const flight = of(...which);
				if (eased.has(flight)) return flight;
				eased.add(flight);
				const since = flight.since.bind(flight);
				flight.since = async (at, ...others) => await since(at - 60_000, ...others);
				return flight;
			};
		},
	},

	'an execution goes on only when all of its payments are settled': {
		seed: 1,
		context: (context) => {
			const waiting = context.evaluateExpression('') as unknown as Waiting | undefined;
			if (!waiting) return;
			const [first, ...others] = waiting.items;
			const eased = others.map((item) => ({
				...item,
				resumeOn: ['paid', 'pending', 'attemptFailed'],
			}));
			context.evaluateExpression = () => ({ ...waiting, items: [first, ...eased] }) as never;
		},
	},
};

/** The payer pays, and Konnect's server calls once. */
function payAndCall(world: World, payment: ModelPayment, after = 0): void {
	world.pay(payment, after);
	world.begin(payment, 'server', 1);
}

async function payAgainAfter(world: World, others: 'paid' | 'attemptFailed'): Promise<void> {
	const payment = world.makePayment(0, true);
	payAndCall(world, payment);
	await world.pass(MINUTE);
	await world.runOthers(300, others);
	world.begin(payment, 'server', 1);
}

/** Changes the state of each node when it is first asked for. */
function withNode(process: ProcessState, change: (node: NodeState) => void): void {
	const changed = new WeakSet<NodeState>();
	const nodeOf = process.nodeOf.bind(process);
	process.nodeOf = (key) => {
		const node = nodeOf(key);
		if (!changed.has(node)) change(node);
		changed.add(node);
		return node;
	};
}

/** Changes the limits on reads of unknown payments. `terms`: an address's signed terms; empty for all other addresses. */
function withStrangers(
	change: (terms: string, own: Limiter, clock: Clock) => Limiter,
): Mutation['process'] {
	return (process, clock) =>
		withNode(process, (node) => {
			const strangersAt = node.strangersAt.bind(node);
			node.strangersAt = (terms) => change(terms, strangersAt(terms), clock);
		});
}

const unlimited = (clock: Clock) => new Limiter(clock, Infinity);

/** Changes each claim of an event. */
function withClaims(change: (claim: Claim, clock: Clock) => Claim): Mutation['process'] {
	return (process, clock) =>
		withNode(process, ({ events }) => {
			const claim = events.claim.bind(events);
			events.claim = async (...event) => {
				const result = await claim(...event);
				return typeof result === 'string' ? result : change(result, clock);
			};
		});
}

/** Lets a node remember only the last few paid payments. `isShared`: unpaid ones push them out too. */
function keepFew({ events }: NodeState, isShared: boolean): void {
	const { claim, isPaid } = events;
	const last: string[] = [];
	events.isPaid = (ref) => isPaid(ref) && last.includes(ref);
	events.claim = async (event, deadline) => {
		const result = await claim.call(events, event, deadline);
		if (typeof result === 'string') return result;
		return {
			...result,
			commit: () => {
				result.commit();
				if (event.state === 'paid' || isShared) last.push(event.paymentRef);
				last.splice(0, last.length - FEW);
			},
		};
	};
}

/** Changes the text of Konnect's answers. */
function withAnswers({ helpers }: IWebhookFunctions, change: (text: string) => string): void {
	const { httpRequest } = helpers;
	helpers.httpRequest = async (options) =>
		JSON.parse(change(JSON.stringify(await httpRequest(options)))) as unknown;
}
