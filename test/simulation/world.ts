import type { Connection } from '../../nodes/Konnect/api/connection';
import { signingKeys, signWebhook } from '../../nodes/Konnect/payment/terms';
import type { TriggerSettings } from '../../nodes/Konnect/webhook/decideCall';
import { settle, VirtualClock } from '../fixtures/virtualClock';
import type { Chain } from './callers';
import { chainOf, follow, randomOf } from './callers';
import type { ModelPayment } from './konnect';
import { ModelKonnect } from './konnect';
import type { Mutation } from './n8n';
import { ModelDatabase, ModelProcessor } from './n8n';

const MINUTE = 60_000;
const ADDRESS = 'https://n8n.example/webhook/1/konnect';

/** What somebody writes in the place of a cart. */
export const EDITED = 'another';

/** How a history begins. */
export interface Setup {
	seed: number;
	processors: 1 | 2;
	/** Executions at once. */
	concurrency: number;
	/** Milliseconds of a workflow. */
	duration: number;
	webhookSecret: boolean;
	acceptUnsigned: boolean;
	events: TriggerSettings['events'];
}

/** All that there is: Konnect, n8n and callers, in virtual time. */
export class World {
	readonly clock: VirtualClock;

	readonly konnect: ModelKonnect;

	readonly database: ModelDatabase;

	readonly processors: ModelProcessor[];

	readonly chains: Chain[] = [];

	/** Anything that would have been an unhandled rejection in n8n. */
	readonly failures: unknown[] = [];

	/** How many of what would make a promise void for a while were done, such as kills. */
	kills = 0;

	/** Other payments for which the workflow ran, that are not paid. */
	openOthers = 0;

	/** When n8n's database was away: from, until. */
	readonly outages: Array<[number, number]> = [];

	private isEnding = false;

	private readonly random: () => number;

	private connection: Connection;

	private count = 0;

	constructor(
		readonly setup: Setup,
		mutation: Mutation = {},
	) {
		this.random = randomOf(setup.seed);
		this.clock = new VirtualClock(this.random);
		this.konnect = new ModelKonnect(this.clock, this.random);
		this.connection = this.connectionOf(0);
		this.konnect.keys.add(this.connection.apiKey);
		const settings: TriggerSettings = {
			events: setup.events,
			simplify: true,
			expected: {},
			acceptUnsigned: setup.acceptUnsigned,
			...mutation.settings,
		};
		this.database = new ModelDatabase(this.clock, this.random, setup);
		this.processors = Array.from(
			{ length: setup.processors },
			(_, index) =>
				new ModelProcessor(
					index,
					this.database,
					this.konnect,
					() => this.connection,
					settings,
					mutation,
				),
		);
	}

	/** The payments that the workflow's owner had made, in order. */
	get payments(): ModelPayment[] {
		return [...this.konnect.payments.values()];
	}

	/** @param visibleAfter milliseconds until Konnect knows it */
	makePayment(visibleAfter: number, isSigned: boolean): ModelPayment {
		const ref = this.refOf('a');
		const walletId = this.connection.walletId ?? '';
		const amount = 1_000 + this.count;
		const [key] = signingKeys(this.connection);
		const terms = { amount, token: 'TND', walletId };
		const cart = String(this.count);
		const plain = `${ADDRESS}?cart_id=${cart}`;
		const payment: ModelPayment = {
			ref,
			amount,
			walletId,
			cart,
			webhook: isSigned ? signWebhook(plain, terms, key) : plain,
			isWebhookTold: this.count % 2 === 0,
			visibleFrom: this.clock.now() + visibleAfter,
			attemptedAt: Infinity,
			paidFrom: Infinity,
			writtenAfter: this.count % 3 === 0 ? 800 : 0,
			failedFrom: [],
			partsFrom: [],
			expiredFrom: this.clock.now() + 60 * MINUTE,
		};
		this.konnect.payments.set(ref, payment);
		return payment;
	}

	/** When the credential was of another account: from, until. */
	readonly elsewhere: Array<[number, number]> = [];

	/** The credential is changed to another account, whose key sees other payments, or back. */
	switchAccount(account: number): void {
		const last = this.elsewhere.at(-1);
		if (last?.[1] === Infinity) last[1] = this.clock.now();
		if (account !== 0) this.elsewhere.push([this.clock.now(), Infinity]);
		this.connection = this.connectionOf(account);
		this.konnect.keys.add(this.connection.apiKey);
	}

	/** Somebody begins to call because of an attempt to pay. */
	begin(payment: ModelPayment, kind: Chain['kind'], closesAfter = Infinity): void {
		const chain = chainOf(payment.ref, kind, this.clock.now());
		this.chains.push(chain);
		const closes = this.clock.now() + closesAfter;
		void follow(chain, `${payment.webhook}&payment_ref=${payment.ref}`, {
			clock: this.clock,
			call: async (search, isFromBrowser) => await this.processor().call(search, isFromBrowser),
			// In the end nobody waits for what will never be paid.
			isOver: () => this.clock.now() >= closes || (this.isEnding && payment.paidFrom === Infinity),
		}).catch((error) => this.failures.push(error));
	}

	/** A payer who edits the address: of the first payment, with another cart or with the second payment's reference. */
	edit(first: ModelPayment, second: ModelPayment, isCartEdited: boolean): void {
		const address = new URL(`${first.webhook}&payment_ref=${second.ref}`);
		if (isCartEdited) address.searchParams.set('cart_id', EDITED);
		void this.processor()
			.call(address.searchParams, true)
			.catch((error) => this.failures.push(error));
	}

	/** A payer invents references for the signed address of a payment. */
	invent(payment: ModelPayment, count: number): void {
		for (let n = 0; n < count; n++) {
			const ref = this.refOf('e');
			const address = new URL(`${payment.webhook}&payment_ref=${ref}`);
			void this.processor()
				.call(address.searchParams, false)
				.catch((error) => this.failures.push(error));
		}
	}

	/** Strangers ask for payments that nobody has made, all at once. */
	flood(count: number): void {
		for (let n = 0; n < count; n++) {
			const search = new URLSearchParams({ payment_ref: this.refOf('f') });
			void this.processor()
				.call(search, false)
				.catch((error) => this.failures.push(error));
		}
	}

	/** Strangers do so for a minute, ten by ten and twice each, as browsers do. */
	async trickle(): Promise<void> {
		for (let round = 0; round < 10; round++) {
			const refs = Array.from({ length: 10 }, () => this.refOf('f'));
			for (const pause of [100, 5_900]) {
				for (const ref of refs) {
					void this.processor()
						.call(new URLSearchParams({ payment_ref: ref }), true)
						.catch((error) => this.failures.push(error));
				}
				await this.clock.sleep(pause);
			}
		}
	}

	/** The owner reads many payments at once, with the same key. */
	bulk(count: number): void {
		for (let n = 0; n < count; n++) {
			void this.processor()
				.readInBulk('b'.repeat(24))
				.catch((error) => this.failures.push(error));
		}
	}

	/** The workflow runs for many other payments: all that the record can hold of them. */
	async runOthers(count: number, state: 'paid' | 'attemptFailed'): Promise<void> {
		if (state !== 'paid') this.openOthers += count;
		await this.processor().runOthers(count, state, (++this.count).toString(16));
	}

	/** n8n's database goes away, or comes back. */
	setDatabase(isAway: boolean): void {
		const last = this.outages.at(-1);
		if (last?.[1] === Infinity) last[1] = this.clock.now();
		if (isAway) this.outages.push([this.clock.now(), Infinity]);
		this.database.isAway = isAway;
	}

	kill(index: number): void {
		this.kills++;
		this.processors[index % this.processors.length]?.kill();
	}

	async pass(milliseconds: number): Promise<void> {
		await this.clock.advance(milliseconds);
	}

	/** All gets well again, and those who still come have their way. */
	async end(): Promise<void> {
		this.konnect.mood = 'well';
		this.setDatabase(false);
		this.switchAccount(0);
		this.isEnding = true;
		for (let minutes = 0; minutes < 45 && this.isBusy(); minutes++) await this.pass(MINUTE);
		await settle();
	}

	private isBusy(): boolean {
		return this.chains.some(({ ended, isBroken }) => ended === Infinity && !isBroken);
	}

	/** One that no other has. */
	private refOf(letter: string): string {
		return letter + (++this.count).toString(16).padStart(23, '0');
	}

	private processor(): ModelProcessor {
		const index = Math.floor(this.random() * this.processors.length);
		return this.processors[index] as ModelProcessor;
	}

	private connectionOf(account: number): Connection {
		const walletId = String(account).padStart(24, '0');
		return {
			environment: 'custom',
			baseUrl: 'https://konnect.example/api/v2',
			apiKey: `org:key-of-${walletId}`,
			walletId,
			webhookSecrets: this.setup.webhookSecret ? ['a secret that signs, long enough'] : [],
		};
	}
}
