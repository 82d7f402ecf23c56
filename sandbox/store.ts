import { EXPIRY_GRACE, recordAttempt } from './payments';
import type { Delivery, RequestRecord, SandboxPayment } from './types';

/** Limits, so that a sandbox that runs for a long time does not fill the memory. */
const LOG_LIMIT = 20_000;
const PAYMENT_LIMIT = 100_000;

export interface Store {
	requests: RequestRecord[];
	deliveries: Delivery[];
	addPayment(payment: SandboxPayment): void;
	/** The payment with its status as of now. */
	find(ref: string): SandboxPayment | undefined;
	/** Oldest first. */
	all(): SandboxPayment[];
	/** Records the attempt that the bank has not answered yet, where there is one. */
	settle(payment: SandboxPayment): void;
	expire(payment: SandboxPayment): void;
	clear(): void;
}

/** Adds to a log. A full log drops its oldest tenth at once: dropping one entry would copy the list each time. */
export function pushBounded<T>(log: T[], entry: T, limit = LOG_LIMIT): void {
	if (log.length >= limit) log.splice(0, Math.ceil(limit / 10));
	log.push(entry);
}

/** Everything the sandbox remembers, in memory. @param now epoch in ms */
export function createStore(now: () => number): Store {
	const payments = new Map<string, SandboxPayment>();
	const requests: RequestRecord[] = [];
	const deliveries: Delivery[] = [];

	const settle = (payment: SandboxPayment, at: number) => {
		if (!payment.settling) return;
		recordAttempt(payment, payment.settling.attempt, at);
		delete payment.settling;
	};

	const upToDate = (payment: SandboxPayment) => {
		const settlesAt = payment.settling?.at ?? Infinity;
		if (now() >= settlesAt) settle(payment, settlesAt);
		// A payment that was made in time does not expire while the bank has not answered.
		if (payment.settling) return payment;
		const expiresAt = payment.expiresAt + EXPIRY_GRACE;
		if (payment.status === 'pending' && now() >= expiresAt) {
			payment.status = 'expired';
			payment.updatedAt = expiresAt;
		}
		return payment;
	};

	return {
		requests,
		deliveries,
		addPayment(payment) {
			payments.set(payment.ref, payment);
			if (payments.size <= PAYMENT_LIMIT) return;
			const oldest = payments.keys().next();
			if (!oldest.done) payments.delete(oldest.value);
		},
		find(ref) {
			// Konnect's ids are hexadecimal numbers: their case does not matter.
			const payment = payments.get(ref.toLowerCase());
			return payment && upToDate(payment);
		},
		all: () => [...payments.values()].map(upToDate),
		settle: (payment) => settle(payment, now()),
		expire(payment) {
			if (upToDate(payment).status !== 'pending' || payment.settling) return;
			payment.expiresAt = now() - EXPIRY_GRACE;
			upToDate(payment);
		},
		clear() {
			payments.clear();
			requests.length = 0;
			deliveries.length = 0;
		},
	};
}
