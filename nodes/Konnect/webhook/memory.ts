import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Payment } from '../payment/payment';
import type { Result } from '../payment/result';
import { OnceOnly } from './holds';
import { after } from './patience';
import { SharedReads } from './reads';
import { EventRegistry } from './registry';

/** How long a payment that Konnect does not know is taken for unknown, in milliseconds. */
const MISSING_FOR = 60_000;

const MOST_MISSING = 1000;

/** How many payments that executions wait for are remembered as they were read. */
const MOST_RECENT = 500;

/**
 * How long a credential that was read is used again, in milliseconds: reading one costs n8n more than all our checks. One that
 * cannot be used is read anew after a second, and so is one that refuses a call: it may have been changed.
 */
const CREDENTIAL_FOR = { good: 10_000, refusing: 1_000 };

/** How many payments one node reads at the same time, and how many calls may wait for that besides. */
const MOST_READS = { atOnce: 30, inAll: 500 };

/** After this many milliseconds without a call, a node's memory is dropped: static data have what must last. */
const IDLE_FOR = 24 * 60 * 60_000;

interface ReadCredential {
	key: string;
	/** Milliseconds of the clock, as the next. */
	readAt: number;
	goodUntil: number;
	value: Promise<Result<Connection>>;
}

interface RecentRead {
	outcome: Outcome<Payment>;
	/** Milliseconds of the clock. */
	at: number;
}

/** What all calls of one node in this process share. Lost at a restart, but for what the event record keeps. */
export class NodeMemory {
	readonly events = new EventRegistry();

	/** Waiting executions that were let go on. */
	readonly resumed = new OnceOnly();

	private readonly reads = new SharedReads<Outcome<Payment>>(MOST_READS.atOnce, MOST_READS.inAll);

	private readonly missing = new Map<string, number>();

	private readonly recent = new Map<string, RecentRead>();

	private credential: ReadCredential | undefined;

	lastUse = 0;

	constructor(private readonly now: () => number = Date.now) {}

	/**
	 * Reads a payment together with the other calls that ask for it; `overload` where too many are being read already.
	 *
	 * @param patience milliseconds
	 */
	async read(
		paymentRef: string,
		begin: () => Promise<Outcome<Payment>>,
		patience: number,
	): Promise<Outcome<Payment> | 'overload'> {
		const read = this.reads.read(paymentRef, begin);
		if (!read) return 'overload';
		const first = await Promise.race([read, after(patience)]);
		return first === 'late' ? 'overload' : first;
	}

	/**
	 * As `read`, but content with what was read before: of a paid payment always, of another one where it is young enough.
	 *
	 * @param maxAge milliseconds
	 */
	async reread(
		paymentRef: string,
		begin: () => Promise<Outcome<Payment>>,
		patience: number,
		maxAge: number,
	): Promise<Outcome<Payment> | 'overload'> {
		const known = this.recent.get(paymentRef);
		if (known && (isPaid(known.outcome) || this.now() - known.at < maxAge)) return known.outcome;
		const outcome = await this.read(paymentRef, begin, patience);
		if (outcome !== 'overload') {
			setBounded(this.recent, paymentRef, { outcome, at: this.now() }, MOST_RECENT);
		}
		return outcome;
	}

	/**
	 * The credential as last read, for some seconds, and read anew where there is none.
	 *
	 * @param key tells apart what the node has been set to use
	 */
	async connect(
		key: string,
		begin: () => Promise<Result<Connection>>,
	): Promise<Result<Connection>> {
		const known = this.credential;
		if (known?.key === key && this.now() < known.goodUntil) return await known.value;
		return await this.reconnect(key, begin);
	}

	/** The credential for a call that the known one refuses: read anew, unless that was done within the last second. */
	async reconnect(
		key: string,
		begin: () => Promise<Result<Connection>>,
	): Promise<Result<Connection>> {
		const known = this.credential;
		const now = this.now();
		if (known?.key === key && now < known.readAt + CREDENTIAL_FOR.refusing)
			return await known.value;
		const read = { key, readAt: now, goodUntil: now + CREDENTIAL_FOR.good, value: begin() };
		this.credential = read;
		const connection = await read.value;
		if (!connection.ok) read.goodUntil = now + CREDENTIAL_FOR.refusing;
		return connection;
	}

	/** Whether Konnect has said within the last minute that it knows no such payment. */
	isKnownMissing(paymentRef: string): boolean {
		const since = this.missing.get(paymentRef);
		return since !== undefined && this.now() - since < MISSING_FOR;
	}

	rememberMissing(paymentRef: string): void {
		setBounded(this.missing, paymentRef, this.now(), MOST_MISSING);
	}
}

const isPaid = (outcome: Outcome<Payment>) => outcome.ok && outcome.value.state === 'paid';

/** Sets an entry, as the youngest; where there are too many, the oldest goes. */
function setBounded<V>(map: Map<string, V>, key: string, value: V, most: number): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
}

const memories = new Map<string, NodeMemory>();

/** The memory of a node, the same for all its calls in this process. */
export function memoryOf(workflowId: string, nodeId: string): NodeMemory {
	const now = Date.now();
	for (const [key, { lastUse }] of memories) {
		if (now - lastUse > IDLE_FOR) memories.delete(key);
	}
	const key = `${workflowId}:${nodeId}`;
	const memory = memories.get(key) ?? new NodeMemory();
	memory.lastUse = now;
	memories.set(key, memory);
	return memory;
}
