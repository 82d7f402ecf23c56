import type { Clock } from '../../api/clock';
import { CLOCK } from '../../api/clock';
import { CredentialCache } from './credential';
import { EventLog } from './events';
import { OnceOnly } from './onceOnly';
import { OwnerAlarm } from './ownerAlarm';
import { Quota, Quotas } from './quota';
import { PaymentReads } from './reads';

const MINUTE = 60_000;

/** After this many milliseconds without a call, a node's state is dropped: static data have what must last. */
const IDLE_FOR = 24 * 60 * MINUTE;

/** What all calls of one node in this process share. Lost at a restart, but for what the event log's record keeps. */
export class NodeState {
	readonly events = new EventLog();

	/** Waiting executions that were let go on. */
	readonly resumed = new OnceOnly();

	/** By waiting execution, the payment that was last found open among those that it waits for. */
	readonly lastOpen = new Map<string, string>();

	readonly reads: PaymentReads;

	readonly credential: CredentialCache;

	/** Reads of payments that were never seen here: they cost only where Konnect does not know them. */
	readonly unknown = {
		/** For all calls whose addresses nobody has signed. */
		unsigned: new Quota(20, MINUTE),
		/** For each signed address: a payer has one or two. */
		bySignature: new Quotas(20, MINUTE, 1_000),
	};

	/** Runs for payments that could not be verified. */
	readonly unverified = { each: new Quotas(1, 10 * MINUTE, 100), all: new Quota(50, 10 * MINUTE) };

	readonly ownerAlarm: OwnerAlarm;

	lastUse = 0;

	constructor(clock: Clock) {
		this.reads = new PaymentReads(clock);
		this.credential = new CredentialCache(clock);
		this.ownerAlarm = new OwnerAlarm(clock);
	}
}

const states = new Map<string, NodeState>();

/** The state of a node, the same for all its calls in this process. */
export function stateOf(workflowId: string, nodeId: string): NodeState {
	const now = CLOCK.now();
	for (const [key, { lastUse }] of states) {
		if (now - lastUse > IDLE_FOR) states.delete(key);
	}
	const key = `${workflowId}:${nodeId}`;
	const state = states.get(key) ?? new NodeState(CLOCK);
	state.lastUse = now;
	states.set(key, state);
	return state;
}
