import type {
	Attempt,
	Delivery,
	Faults,
	GetKeyMode,
	Quirks,
	RequestRecord,
	SandboxPayment,
	Shape,
} from './types';

export interface PayInput extends Attempt {
	/** Ms until the bank answers; default: the fault of that name, else at once. */
	settlesAfter?: number;
}

export interface PayOutcome {
	/**
	 * `attemptOpen`: the payer has left the bank's page open, and nobody is called.
	 * `settling`: the bank answers later, see `Faults.settlesAfter`. `alreadySettling`, `alreadyPaid` and `expired`:
	 * nothing was done and nobody was called.
	 */
	state:
		| 'paid'
		| 'partiallyPaid'
		| 'attemptFailed'
		| 'attemptOpen'
		| 'settling'
		| 'alreadySettling'
		| 'alreadyPaid'
		| 'expired';
	/** Where the payer's browser goes; absent: it stays on the pay page. */
	redirectTo?: string;
}

export interface SandboxOptions {
	/** 0 or absent: a free port. */
	port?: number;
	/** Address to listen on; default 127.0.0.1. */
	host?: string;
	/** Shape of the payment bodies; default `real`. */
	shape?: Shape;
	/** Default `required`: GET without a known key is answered 401. */
	getKey?: GetKeyMode;
	/** Faults from the start; `reset` comes back to them. */
	faults?: Partial<Faults>;
	/** Where the sandbox differs from what we believe of Konnect; default: nowhere. */
	quirks?: Partial<Quirks>;
	/** Requests per minute and key before 429; absent: no limit. */
	rateLimit?: number;
	/** File that keeps the payments over a restart, but no logs and no faults; absent: nothing is kept. */
	keepIn?: string;
	/** Receives one readable line for each request and delivery. */
	log?: (line: string) => void;
	/** Epoch in ms; default the system's clock. Lets tests expire a payment without waiting. */
	now?: () => number;
}

/** A running sandbox. */
export interface Sandbox {
	/** `http://127.0.0.1:PORT`, without a trailing slash. */
	url: string;
	/** `${url}/api/v2`: what goes into a credential's base URL. */
	apiBaseUrl: string;
	/** Oldest first; the oldest are dropped beyond 20 000. */
	requests: RequestRecord[];
	/** Oldest first; the oldest are dropped beyond 20 000. */
	deliveries: Delivery[];
	payment(ref: string): SandboxPayment | undefined;
	/** Oldest first. */
	payments(): SandboxPayment[];
	/** Replaces all faults and starts counting `times` and `skip` anew. */
	setFaults(faults: Partial<Faults>): void;
	clearFaults(): void;
	setShape(shape: Shape): void;
	setGetKey(mode: GetKeyMode): void;
	/**
	 * Pays as if on the pay page. Resolves after silent webhook calls were answered.
	 * @throws when the payment is unknown or the amount is not payable.
	 */
	pay(ref: string, input?: PayInput): Promise<PayOutcome>;
	/** Lets the bank answer now, if the payment waits for it. Calls no webhook: the attempt has already called it. */
	settle(ref: string): void;
	/** Makes a pending payment expired. Calls no webhook: none is known to be called on expiry. */
	expire(ref: string): void;
	/** Merges a patch over the body of GET and over earlier ones; `undefined` hides a field. */
	update(ref: string, patch: Record<string, unknown>): void;
	/** Forgets payments and logs. Faults, shape and key mode return to those of the options. */
	reset(): void;
	/** Stops listening, cuts open connections and gives up webhook calls under way. */
	close(): Promise<void>;
}
