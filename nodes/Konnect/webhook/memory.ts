import type { Outcome } from '../api/payments';
import type { Payment } from '../payment/payment';
import { SharedReads } from './reads';
import { EventRegistry } from './registry';

/** How long a payment that Konnect does not know is taken for unknown, in milliseconds. */
const MISSING_FOR = 60_000;

const MOST_MISSING = 1000;

/** How many payments one node reads at the same time. Konnect allows about 100 requests a minute. */
const MOST_READS = 30;

/** After this many milliseconds without a call, a node's memory is dropped: static data have what must last. */
const IDLE_FOR = 24 * 60 * 60_000;

/** What all calls of one node in this process share. Lost at a restart, but for what the event record keeps. */
export class NodeMemory {
	readonly events = new EventRegistry();

	private readonly reads = new SharedReads<Outcome<Payment>>(MOST_READS);

	private readonly missing = new Map<string, number>();

	lastUse = 0;

	constructor(private readonly now: () => number = Date.now) {}

	/** Reads a payment together with the other calls that ask for it. */
	async read(
		paymentRef: string,
		begin: () => Promise<Outcome<Payment>>,
	): Promise<Outcome<Payment>> {
		return (await this.reads.read(paymentRef, begin)) ?? { ok: false, failure: TOO_MANY_READS };
	}

	/** Whether Konnect has said within the last minute that it knows no such payment. */
	isKnownMissing(paymentRef: string): boolean {
		const since = this.missing.get(paymentRef);
		return since !== undefined && this.now() - since < MISSING_FOR;
	}

	rememberMissing(paymentRef: string): void {
		this.missing.delete(paymentRef);
		this.missing.set(paymentRef, this.now());
		const [oldest] = this.missing.keys();
		if (this.missing.size > MOST_MISSING && oldest !== undefined) this.missing.delete(oldest);
	}
}

const TOO_MANY_READS = {
	kind: 'busy',
	problem: {
		message: 'Too many payments are being read at once',
		description: 'Repeat the call later.',
	},
} as const;

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
