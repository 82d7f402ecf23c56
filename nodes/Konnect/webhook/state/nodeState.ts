import { getBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';
import { CLOCK } from '../../api/clock';
import type { Connection } from '../../api/connection';
import type { Throttles } from '../../api/throttles';
import { sharedThrottles } from '../../api/throttles';
import type { Result } from '../../payment/result';
import { EventLog } from './events';
import { Limiter } from './limiter';
import { Once } from './once';
import { OwnerAlarm } from './ownerAlarm';
import { Payments } from './payments';
import type { Fact } from './singleflight';
import { Singleflight } from './singleflight';
import { Watches } from './watches';

/** After so many milliseconds without a call a node's state is dropped: static data have what must last. */
const IDLE_FOR = 24 * 60 * 60_000;

/** Reads in a minute of payments that were never seen here. Those that bring a payment do not count, nor those of a Konnect that is away. */
const MOST_UNKNOWN = 20;

const MOST_ADDRESSES = 1_000;

/** Milliseconds from one read of the credential to the next, so that strangers cannot have it read with each of their calls. */
const SPACING = 1_000;

/** A read of the credential that takes longer, in milliseconds, has failed: all calls wait for it. */
const LONGEST_READ = 10_000;

/** A credential as n8n gives it. `away`: n8n could not look just now. */
export type Credential = Result<Connection> | 'away';

/** What all calls of one node in this process share. Lost at a restart, but for what the event log's record keeps. */
export class NodeState {
	readonly events = new EventLog();

	/** The waits that were let go on. */
	readonly resumed = new Map<string, true>();

	readonly once = new Once();

	readonly ownerAlarm: OwnerAlarm;

	private readonly strangers = new Map<string, Limiter>();

	lastUse = 0;

	private credential: { id: string; flight: Singleflight<Credential> } | undefined;

	constructor(private readonly clock: Clock) {
		this.ownerAlarm = new OwnerAlarm(clock);
	}

	/**
	 * Limits the reads of payments that were never seen here, for each signed address by itself: its payer can invent references for it.
	 *
	 * @param terms that are signed with the address; empty for all whose addresses nobody has signed
	 */
	strangersAt(terms: string): Limiter {
		const make = () => new Limiter(this.clock, MOST_UNKNOWN);
		return getBounded(this.strangers, terms, make, MOST_ADDRESSES);
	}

	/**
	 * The credential as it was read at `at` or later.
	 *
	 * @param id tells it from another one that the node was set to use before
	 */
	async credentialSince(
		at: number,
		deadline: Deadline,
		{ id, read }: { id: string; read(): Promise<Credential> },
	): Promise<Fact<Credential> | 'late'> {
		if (this.credential?.id !== id) {
			const flight = new Singleflight<Credential>(this.clock, (startedAt) => startedAt + SPACING);
			this.credential = { id, flight };
		}
		const away = async () => await this.clock.sleep(LONGEST_READ).then(() => 'away' as const);
		const bounded = async () => await Promise.race([read(), away()]);
		return await this.credential.flight.since(at, deadline, bounded);
	}
}

/** What all nodes of a process share. */
export class ProcessState {
	readonly payments: Payments;

	readonly watches = new Watches();

	private readonly nodes = new Map<string, NodeState>();

	constructor(
		readonly clock: Clock,
		readonly throttles: Throttles,
	) {
		this.payments = new Payments(clock);
	}

	/** The state of a node, the same for all its calls in this process. */
	nodeOf(key: string): NodeState {
		const now = this.clock.now();
		for (const [other, { lastUse }] of this.nodes) {
			if (now - lastUse > IDLE_FOR) this.nodes.delete(other);
		}
		const node = this.nodes.get(key) ?? new NodeState(this.clock);
		node.lastUse = now;
		this.nodes.set(key, node);
		return node;
	}
}

/** The state of this process. */
export const sharedState = new ProcessState(CLOCK, sharedThrottles);
