import type { FaultPlan } from './faults';
import type { Store } from './store';
import type { GetKeyMode, Quirks, SandboxPayment, Shape } from './types';
import type { Webhooks } from './webhooks';

/** What the parts of a running sandbox share. */
export interface Context {
	settings: { shape: Shape; getKey: GetKeyMode };
	quirks: Partial<Quirks>;
	store: Store;
	faults: FaultPlan;
	webhooks: Webhooks;
	/** Requests per minute and key. */
	rateLimit?: number;
	/** Epoch in ms. */
	now: () => number;
	log: (line: string) => void;
	/** Aborted when the sandbox closes. */
	stop: AbortSignal;
	/** Writes the payments to a file, if the option `keepIn` names one. */
	keep: () => void;
	/** Link to the pay page of a payment. */
	payUrl: (payment: SandboxPayment) => string;
}
