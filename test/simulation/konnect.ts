import type { HttpContext } from '../../nodes/Konnect/api/request';
import type { VirtualClock } from '../fixtures/virtualClock';

const MINUTE = 60_000;

/** What the model believes of Konnect's limit for each key. */
const REQUESTS_A_MINUTE = 100;

/** How Konnect is, for a while. */
export type Mood = 'well' | 'slow' | 'away' | 'hanging' | 'nonsense' | 'refusing' | 'stale';

export interface ModelPayment {
	ref: string;
	/** Minor units. */
	amount: number;
	/** The wallet that it was made for. */
	walletId: string;
	/** The parameter of its own that the address has. */
	cart: string;
	/** The address that was given to Init Payment, and whether Konnect gives it back: not all of its bodies do. */
	webhook: string;
	isWebhookTold: boolean;
	/** When Konnect begins to know it: some are seen late. Milliseconds of the clock, as all times here. */
	visibleFrom: number;
	/** When the payer made the attempt that succeeds; Infinity while there is none. */
	attemptedAt: number;
	/** When the bank's word for it comes. */
	paidFrom: number;
	/** For so many milliseconds before it the money has come, and Konnect has yet to write that the payment is complete. */
	writtenAfter: number;
	/** When the bank's word for each failed attempt comes. */
	failedFrom: number[];
	/** When each part was paid, of a payment that may be paid in parts. */
	partsFrom: number[];
	expiredFrom: number;
}

/** Konnect's answers to GET /payments/:id, as the node's HTTP helper sees them, in virtual time. */
export class ModelKonnect {
	readonly payments = new Map<string, ModelPayment>();

	private current: Mood = 'well';

	/** When it was not well: from, until. */
	readonly troubles: Array<[number, number]> = [];

	/** When it refused every key: what only the owner can mend asks nobody to call again. */
	readonly refusals: Array<[number, number]> = [];

	/** Keys that it takes. Each sees its own payments only, by the prefix of the key. */
	readonly keys = new Set<string>();

	/** When requests came that it did not refuse for coming too fast, for which payment, and whether it was to say what that is. */
	readonly reads: Array<{ at: number; ref: string; isTold: boolean }> = [];

	refused = 0;

	/** When requests came in the minute just gone. */
	private recent: number[] = [];

	constructor(
		private readonly clock: VirtualClock,
		private readonly random: () => number,
	) {}

	/** Whether it says by now that all is paid. */
	isPaid({ paidFrom }: ModelPayment): boolean {
		return paidFrom <= this.clock.now();
	}

	readonly context: HttpContext = {
		helpers: {
			httpRequest: async ({ url, headers, abortSignal }) => {
				const ref = /\/payments\/([0-9a-f]{24})$/.exec(url)?.[1] ?? '';
				const key = String(headers?.['x-api-key']);
				return await this.answer(ref, key, abortSignal as AbortSignal);
			},
		},
	};

	get mood(): Mood {
		return this.current;
	}

	set mood(mood: Mood) {
		const now = this.clock.now();
		const last = this.troubles.at(-1);
		if (last?.[1] === Infinity) last[1] = now;
		const refusal = this.refusals.at(-1);
		if (refusal?.[1] === Infinity) refusal[1] = now;
		if (mood !== 'well') this.troubles.push([now, Infinity]);
		if (mood === 'refusing') this.refusals.push([now, Infinity]);
		this.current = mood;
	}

	private async answer(ref: string, key: string, signal: AbortSignal) {
		const { mood } = this;
		if (mood === 'hanging') return await this.never(signal);
		// It looks the payment up when it is asked, or when it answers, or in between.
		const latency = this.latency(mood);
		const before = this.random() * latency;
		const isTaken = this.take(mood, ref);
		await this.clock.pause(before, [signal]);
		const answer = isTaken ? this.look(ref, key) : TOO_FAST;
		await this.clock.pause(latency - before, [signal]);
		if (signal.aborted) throw Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
		if (mood === 'away') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
		return mood === 'nonsense' ? reply(200, '<html>Welcome</html>') : answer;
	}

	/** Counts a request; false where it comes too fast. */
	private take(mood: Mood, ref: string): boolean {
		if (mood === 'away' || this.isTooFast()) return false;
		this.reads.push({ at: this.clock.now(), ref, isTold: mood !== 'nonsense' });
		return true;
	}

	private look(ref: string, key: string) {
		if (!this.keys.has(key) || this.mood === 'refusing')
			return reply(401, errors('AUTHENTICATE_TOKEN_INVALID'));
		const payment = this.payments.get(ref);
		const isSeen =
			payment && payment.visibleFrom <= this.clock.now() && key.endsWith(payment.walletId);
		return isSeen ? reply(200, this.bodyOf(payment)) : reply(404, errors('NOT_FOUND'));
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

	private async never(signal: AbortSignal): Promise<never> {
		await this.clock.pause(10 * MINUTE, [signal]);
		throw Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
	}

	private bodyOf(payment: ModelPayment) {
		const now = this.clock.now() - (this.mood === 'stale' ? STALE_BY : 0);
		const isPaid = payment.paidFrom <= now;
		const hasArrived = payment.paidFrom - payment.writtenAfter <= now;
		const isExpired = !isPaid && payment.expiredFrom <= now;
		const failed = payment.failedFrom.filter((at) => at <= now).length;
		const parts = payment.partsFrom.filter((at) => at <= now).length;
		return {
			payment: {
				id: payment.ref,
				amount: payment.amount,
				token: 'TND',
				status: isPaid ? 'completed' : isExpired ? 'expired' : 'pending',
				reachedAmount: hasArrived ? payment.amount : parts * PART,
				failedTransactions: failed,
				successfulTransactions: isPaid ? 1 : 0,
				transactions: [],
				...(payment.isWebhookTold && { webhook: payment.webhook }),
			},
		};
	}
}

/** Minor units: less than any payment here, however many parts of it are paid. */
const PART = 10;

/** By so many milliseconds a copy of Konnect's data may be behind. */
const STALE_BY = 5_000;

const reply = (statusCode: number, body: unknown, headers = {}) => ({ statusCode, body, headers });

const errors = (code: string) => ({ errors: [{ code, target: 'common', message: code }] });

const TOO_FAST = reply(429, errors('TOO_MANY'), { 'retry-after': '5' });
