import { getBounded } from '../../api/bounded';
import type { Clock, Deadline } from '../../api/clock';
import { CLOCK } from '../../api/clock';
import type { Connection } from '../../api/connection';
import type { Throttles } from '../../api/throttles';
import { sharedThrottles } from '../../api/throttles';
import type { Result } from '../../payment/result';
import { EventLog } from './events';
import { Limiter } from './limiter';
import { OwnerAlarm } from './ownerAlarm';
import { Payments } from './payments';
import type { Fact } from './singleflight';
import { Singleflight } from './singleflight';
import { Watches } from './watches';

/** Nodes whose state is remembered. What has been called lately stays. */
const MOST_NODES = 1_000;

/** Reads a minute of payments never seen here. A read that brings a payment does not count, nor one while Konnect is away. */
const MOST_UNKNOWN = 20;

const MOST_ADDRESSES = 1_000;

/** Milliseconds from one read of the credential to the next, so that not every call of a stranger reads it. */
const SPACING = 1_000;

/** Milliseconds after which a read of the credential has failed. All calls wait for it. */
const LONGEST_READ = 10_000;

/** A credential as n8n gives it. `away`: n8n could not look just now. */
export type Credential = Result<Connection> | 'away';

/** What all calls of one node in this process share. A restart loses it, except for the event log's record. */
export class NodeState {
	readonly events = new EventLog();

	readonly ownerAlarm: OwnerAlarm;

	private readonly strangers = new Map<string, Limiter>();

	private credential: { id: string; flight: Singleflight<Credential> } | undefined;

	constructor(private readonly clock: Clock) {
		this.ownerAlarm = new OwnerAlarm(clock);
	}

	/**
	 * Limits the reads of payments never seen here, for each signed address by itself: its payer can invent references for it.
	 *
	 * @param terms the address's signed terms; empty for all addresses without a signature that fits
	 */
	strangersAt(terms: string): Limiter {
		const make = () => new Limiter(this.clock, MOST_UNKNOWN);
		return getBounded(this.strangers, terms, make, MOST_ADDRESSES);
	}

	/**
	 * The credential as it was read at `at` or later.
	 *
	 * @param id n8n's id of the credential: the node may have been set to another one
	 */
	async credentialSince(
		at: number,
		deadline: Deadline,
		{ id, read }: { id: string; read(): Promise<Credential> },
	): Promise<Fact<Credential> | 'late'> {
		if (this.credential?.id !== id) {
			const flight = new Singleflight<Credential>(this.clock, SPACING);
			this.credential = { id, flight };
		}
		const away = async () => await this.clock.sleep(LONGEST_READ).then(() => 'away' as const);
		const bounded = async () => await Promise.race([read(), away()]);
		return await this.credential.flight.since(at, deadline, bounded);
	}
}

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

	nodeOf(key: string): NodeState {
		return getBounded(this.nodes, key, () => new NodeState(this.clock), MOST_NODES);
	}
}

export const sharedState = new ProcessState(CLOCK, sharedThrottles);
