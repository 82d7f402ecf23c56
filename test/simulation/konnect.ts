import type { Clock } from '../../nodes/Konnect/api/clock';
import type { HttpContext } from '../../nodes/Konnect/api/request';

const MINUTE = 60_000;

/** Konnect's limit in the model. It counts the requests with all keys together. */
const REQUESTS_A_MINUTE = 100;

/** How Konnect behaves for a while. */
export type Mood = 'well' | 'slow' | 'away' | 'hanging' | 'nonsense' | 'refusing' | 'stale';

export interface ModelPayment {
	ref: string;
	/** Whether an execution waits for it; else it was made for the trigger. */
	isAwaited: boolean;
	/** Minor units. */
	amount: number;
	/** The wallet that it was made for. */
	walletId: string;
	/** The value of `cart_id` in its address. The address of a waiting execution has none. */
	cart: string | undefined;
	/** The address that Konnect was given, and whether Konnect's body names it: not all bodies do. */
	webhook: string;
	isWebhookTold: boolean;
	/** When Konnect begins to show it, which may be late. Milliseconds of the clock, like all times here. */
	visibleFrom: number;
	/** When the payer made the attempt that succeeds; Infinity while there is none. */
	attemptedAt: number;
	/** When the bank confirms that attempt. */
	paidFrom: number;
	/** Milliseconds before `paidFrom` in which the money has come, but Konnect has not yet marked the payment as completed. */
	writtenAfter: number;
	/** When the bank refuses each failed attempt. */
	failedFrom: number[];
	/** Whether a further attempt is under way: 3-D Secure is open. */
	isTriedAgain?: boolean;
	/** When each part was paid, of a payment that may be paid in parts. */
	partsFrom: number[];
	expiredFrom: number;
}

/** Konnect's answers to GET /payments/:id, as the node's HTTP helper sees them, in virtual time. */
export class ModelKonnect {
	readonly payments = new Map<string, ModelPayment>();

	private current: Mood = 'well';

	/** When it was not well: from and until. */
	readonly troubles: Array<[number, number]> = [];

	/** Keys that it accepts. A key sees only the payments of the wallet whose id is the end of the key. */
	readonly keys = new Set<string>();

	/** Requests that it did not refuse for coming too fast. `isTold`: whether its answer was to say anything of the payment. */
	readonly reads: Array<{ at: number; ref: string; isTold: boolean }> = [];

	/** When it first said that a payment is paid. It says so only to a key of the payment's account. */
	readonly saidPaid = new Map<string, number>();

	refused = 0;

	/** Replaces its answers to everybody. Where it is undefined, or gives undefined, Konnect answers what it knows. */
	says: ((ref: string) => ModelReply | undefined) | undefined;

	/** When the requests of the last minute came. */
	private recent: number[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
	) {}

	/** @param clock of the process that asks; when that is killed, nothing of the request goes on */
	contextFor(clock: Clock): HttpContext {
		return {
			helpers: {
				httpRequest: async ({ url, headers, abortSignal }) => {
					const ref = /\/payments\/([0-9a-f]{24})$/.exec(url)?.[1] ?? '';
					const key = String(headers?.['x-api-key']);
					return await this.answer(clock, ref, key, abortSignal as AbortSignal);
				},
			},
		};
	}

	get mood(): Mood {
		return this.current;
	}

	set mood(mood: Mood) {
		mark(this.troubles, this.clock.now(), mood !== 'well');
		this.current = mood;
	}

	private async answer(clock: Clock, ref: string, key: string, signal: AbortSignal) {
		const { mood } = this;
		// It looks the payment up when it is asked, or when it answers, or in between.
		const latency = mood === 'hanging' ? 10 * MINUTE : this.latency(mood);
		const before = this.random() * latency;
		const isTaken = this.take(mood, ref);
		await clock.pause(before, [signal]);
		const answer = isTaken ? this.look(ref, key) : TOO_FAST;
		await clock.pause(latency - before, [signal]);
		if (signal.aborted) throw Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
		if (mood === 'away') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
		if (mood === 'nonsense') return reply(200, '<html>Welcome</html>');
		if (JSON.stringify(answer.body).includes('"completed"') && !this.saidPaid.has(ref)) {
			this.saidPaid.set(ref, this.clock.now());
		}
		return answer;
	}

	/** Counts a request. False if it comes too fast, or Konnect is away. */
	private take(mood: Mood, ref: string): boolean {
		if (mood === 'away' || this.isTooFast()) return false;
		this.reads.push({ at: this.clock.now(), ref, isTold: !UNTOLD.includes(mood) });
		return true;
	}

	private look(ref: string, key: string): ModelReply {
		const said = this.says?.(ref);
		if (said) return said;
		if (!this.keys.has(key) || this.mood === 'refusing')
			return reply(401, errors('AUTHENTICATE_TOKEN_INVALID'));
		const payment = this.payments.get(ref);
		const isSeen =
			payment && payment.visibleFrom <= this.clock.now() && key.endsWith(payment.walletId);
		if (!isSeen) return reply(404, errors('NOT_FOUND'));
		return reply(200, this.bodyOf(payment));
	}

	private isTooFast(): boolean {
		const now = this.clock.now();
		this.recent = this.recent.filter((at) => now - at < MINUTE);
		if (this.recent.length >= REQUESTS_A_MINUTE) {
			this.refused++;
			return true;
		}
		this.recent.push(now);
		return false;
	}

	private latency(mood: Mood): number {
		return mood === 'slow' ? 3_000 + this.random() * 6_000 : 20 + this.random() * 400;
	}

	private bodyOf(payment: ModelPayment) {
		const now = this.clock.now() - (this.mood === 'stale' ? STALE_BY : 0);
		const isPaid = payment.paidFrom <= now;
		const hasArrived = payment.paidFrom - payment.writtenAfter <= now;
		const isExpired = !isPaid && payment.expiredFrom <= now;
		return {
			payment: {
				id: payment.ref,
				amount: payment.amount,
				token: 'TND',
				status: isPaid ? 'completed' : isExpired ? 'expired' : 'pending',
				reachedAmount: hasArrived ? payment.amount : countBy(payment.partsFrom, now) * PART,
				failedTransactions: countBy(payment.failedFrom, now),
				successfulTransactions: isPaid ? 1 : 0,
				transactions: payment.isTriedAgain ? [{ id: 'open', status: 'pending' }] : [],
				...(payment.isWebhookTold && { webhook: payment.webhook }),
			},
		};
	}
}

/** Whether a payment has been in a state by then. Every payment was pending at first. */
export function hasBeen(payment: ModelPayment, state: unknown, at: number): boolean {
	if (state === 'paid') return payment.paidFrom <= at;
	if (state === 'expired') return payment.expiredFrom <= at;
	if (state === 'attemptFailed') return countBy(payment.failedFrom, at) > 0;
	if (state === 'partiallyPaid') return countBy(payment.partsFrom, at) > 0;
	return state === 'pending';
}

/** Notes when something begins or ends. */
export function mark(spans: Array<[number, number]>, now: number, isOn: boolean): void {
	const last = spans.at(-1);
	if (last?.[1] === Infinity) last[1] = now;
	if (isOn) spans.push([now, Infinity]);
}

const countBy = (times: number[], now: number) => times.filter((at) => at <= now).length;

/** Moods in which its answer says nothing about a payment. */
const UNTOLD: readonly Mood[] = ['nonsense', 'hanging'];

/** Minor units of a part. So few that the parts of a payment never add up to its amount. */
const PART = 10;

/** Milliseconds by which a copy of Konnect's data is behind. */
const STALE_BY = 5_000;

interface ModelReply {
	statusCode: number;
	body: unknown;
	headers: Record<string, string>;
}

export const reply = (statusCode: number, body: unknown, headers = {}): ModelReply => ({
	statusCode,
	body,
	headers,
});

const errors = (code: string) => ({ errors: [{ code, target: 'common', message: code }] });

const TOO_FAST = reply(429, errors('TOO_MANY'), { 'retry-after': '5' });
