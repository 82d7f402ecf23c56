import { toConnection } from '../../nodes/Konnect/api/connection';
import type { PaymentState } from '../../nodes/Konnect/payment/state';
import { decideResume } from '../../nodes/Konnect/webhook/decideResume';
import { settle, VirtualClock } from '../fixtures/virtualClock';
import type { Chain } from './callers';
import { chainOf, follow, randomOf } from './callers';
import type { ModelPayment } from './konnect';
import { ModelKonnect } from './konnect';
import type { DecideResume } from './waits';
import { ModelWait, WaitProcessor } from './waits';

const MINUTE = 60_000;

const WALLET = '0'.repeat(24);

/** How somebody tries to pay. */
export interface WaitAttempt {
	/** Who calls because of it. */
	kind: Chain['kind'];
	/** Seconds until the bank's word comes. */
	settlesAfter: number;
	succeeds: boolean;
	/** Milliseconds after which the caller goes away. */
	closesAfter: number;
}

/** How a history begins. */
export interface WaitSetup {
	seed: number;
	processors: 1 | 2;
	/** How many payments the execution waits for. */
	payments: number;
	/** The states with which it goes on. */
	resumeOn: PaymentState[];
}

/** An execution that waits for payments, with Konnect and all who call for it, in virtual time. */
export class WaitWorld {
	readonly clock: VirtualClock;

	readonly konnect: ModelKonnect;

	readonly wait: ModelWait;

	readonly processors: WaitProcessor[];

	readonly chains: Chain[] = [];

	/** When n8n's database was away. */
	readonly outages: Array<[number, number]> = [];

	readonly failures: unknown[] = [];

	kills = 0;

	private isEnding = false;

	private readonly random: () => number;

	constructor(
		readonly setup: WaitSetup,
		decide: DecideResume = decideResume,
	) {
		this.random = randomOf(setup.seed);
		this.clock = new VirtualClock(this.random);
		this.konnect = new ModelKonnect(this.clock, this.random);
		const connection = toConnection({ apiKey: `org:key-of-${WALLET}`, walletId: WALLET });
		if (!connection.ok) throw new Error(connection.problem.message);
		this.konnect.keys.add(connection.value.apiKey);
		for (let n = 1; n <= setup.payments; n++) this.addPayment(n);
		const items = this.payments.map(({ ref }) => ({
			paymentId: ref,
			resumeOn: setup.resumeOn,
			simplify: true,
		}));
		this.wait = new ModelWait({ key: 'wait-1', items });
		this.processors = Array.from(
			{ length: setup.processors },
			() => new WaitProcessor(this.clock, this.konnect, connection.value, this.wait, decide),
		);
	}

	get payments(): ModelPayment[] {
		return [...this.konnect.payments.values()];
	}

	/** Somebody tries to pay the nth payment, and is sent to the execution's address, or Konnect's server calls it. */
	attempt(place: number, { kind, settlesAfter, succeeds, closesAfter }: WaitAttempt): void {
		const payment = this.payments[place % this.payments.length];
		const now = this.clock.now();
		if (!payment || payment.attemptedAt !== Infinity) return;
		if (succeeds) {
			payment.attemptedAt = now;
			payment.paidFrom = now + settlesAfter * 1000;
			payment.expiredFrom = Infinity;
		} else {
			payment.failedFrom.push(now + settlesAfter * 1000);
		}
		this.begin(payment, kind, closesAfter);
	}

	/** Calls that name no payment, or one that nobody waits for. */
	flood(count: number): void {
		for (let n = 0; n < count; n++) {
			const search = new URLSearchParams(n % 2 ? { payment_ref: 'e'.repeat(24) } : {});
			void this.processor()
				.call(search, false)
				.catch((error) => this.failures.push(error));
		}
	}

	setDatabase(isAway: boolean): void {
		const last = this.outages.at(-1);
		if (last?.[1] === Infinity) last[1] = this.clock.now();
		if (isAway) this.outages.push([this.clock.now(), Infinity]);
		this.wait.isAway = isAway;
	}

	kill(index: number): void {
		this.kills++;
		this.processors[index % this.processors.length]?.kill();
	}

	/** All gets well again, and those who still come have their way. */
	async end(): Promise<void> {
		this.konnect.mood = 'well';
		this.setDatabase(false);
		this.isEnding = true;
		for (let minutes = 0; minutes < 45 && this.isBusy(); minutes++) {
			await this.clock.advance(MINUTE);
		}
		await settle();
	}

	private begin(payment: ModelPayment, kind: Chain['kind'], closesAfter: number): void {
		const chain = chainOf(payment.ref, kind, this.clock.now());
		this.chains.push(chain);
		const closes = this.clock.now() + closesAfter;
		void follow(chain, `${payment.webhook}&payment_ref=${payment.ref}`, {
			clock: this.clock,
			call: async (search, isFromBrowser) => await this.processor().call(search, isFromBrowser),
			isOver: () => this.clock.now() >= closes || (this.isEnding && payment.paidFrom === Infinity),
		}).catch((error) => this.failures.push(error));
	}

	private addPayment(n: number): void {
		const ref = `a${n.toString(16).padStart(23, '0')}`;
		this.konnect.payments.set(ref, {
			ref,
			amount: 1_000 + n,
			walletId: WALLET,
			cart: '',
			webhook: 'https://n8n.example/webhook-waiting/1?signature=secret',
			isWebhookTold: true,
			visibleFrom: 0,
			attemptedAt: Infinity,
			paidFrom: Infinity,
			writtenAfter: n % 2 === 1 ? 800 : 0,
			failedFrom: [],
			partsFrom: [],
			expiredFrom: 60 * MINUTE,
		});
	}

	private isBusy = () => this.chains.some(({ ended, isBroken }) => ended === Infinity && !isBroken);

	private processor(): WaitProcessor {
		const index = Math.floor(this.random() * this.processors.length);
		return this.processors[index] as WaitProcessor;
	}
}
