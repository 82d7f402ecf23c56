import type { IDataObject } from 'n8n-workflow';

import { toConnection } from '../../nodes/Konnect/api/connection';
import type { PaymentState } from '../../nodes/Konnect/payment/state';
import { signingKeys, signWebhook } from '../../nodes/Konnect/payment/terms';
import type { TriggerSettings } from '../../nodes/Konnect/webhook/trigger';
import { awaited as awaitedPayment } from '../fixtures/payments';
import { settle, VirtualClock } from '../fixtures/virtualClock';
import type { Chain, Kind } from './callers';
import { follow, randomOf } from './callers';
import type { ModelPayment } from './konnect';
import { mark, ModelKonnect } from './konnect';
import type { Mutation } from './database';
import { ModelDatabase } from './database';
import type { Surroundings } from './n8n';
import { ModelProcessor } from './n8n';

const MINUTE = 60_000;
const ADDRESS = 'https://n8n.example/webhook/1/konnect';
const WAITING_ADDRESS = 'https://n8n.example/webhook-waiting/1?signature=secret';

/** The wallet of the account that the credential belongs to at first and in the end. */
export const HOME_WALLET = '0'.repeat(24);

/** What a payer who edits the address writes as `cart_id`. */
export const EDITED = 'another';

/** How a history begins. */
export interface Setup {
	seed: number;
	processors: 1 | 2;
	/** The most executions at the same time. */
	concurrency: number;
	/** Milliseconds that the workflow takes. */
	duration: number;
	/** Whether a Code node of the workflow counts in global static data. */
	isCounting: boolean;
	webhookSecret: boolean;
	acceptUnsigned: boolean;
	events: TriggerSettings['events'];
	/** Minutes. */
	keepLooking: number;
	/** Whether there is exactly one call for each payment, and nobody ever comes again. */
	isOneCall: boolean;
	/** For how many payments an execution waits, with which states it goes on, and for how many minutes it waits. */
	awaited: number;
	resumeOn: PaymentState[];
	waitsFor: number;
}

/** One process, one trigger on paid payments, and no execution that waits. */
const PLAIN: Setup = {
	seed: 1,
	processors: 1,
	concurrency: Infinity,
	duration: 100,
	isCounting: false,
	webhookSecret: false,
	acceptUnsigned: false,
	events: ['paid'],
	keepLooking: 10,
	isOneCall: false,
	awaited: 0,
	resumeOn: ['paid', 'expired'],
	waitsFor: 60,
};

/** The account of the credential, or `none` if n8n has no credential to give. */
export type Account = 0 | 1 | 'none';

/** The address that Konnect calls for a payment, or the same with another reference. */
export const addressOf = ({ webhook, ref }: ModelPayment, named = ref) =>
	`${webhook}&payment_ref=${named}`;

/** All that there is: Konnect, n8n and callers, in virtual time. */
export class World implements Surroundings {
	readonly clock: VirtualClock;

	readonly konnect: ModelKonnect;

	readonly database: ModelDatabase;

	readonly processors: ModelProcessor[];

	readonly chains: Chain[] = [];

	/** Anything that would have been an unhandled rejection in n8n. */
	readonly failures: unknown[] = [];

	/** The most calls that kept looking in one process at the same time. */
	mostWatches = 0;

	/** When n8n's database was away, when it had no credential, and when that was of another account: from and until. */
	readonly outages: Array<[number, number]> = [];

	readonly withoutCredential: Array<[number, number]> = [];

	readonly elsewhere: Array<[number, number]> = [];

	/** When so many requests came at once that a call may have to wait for its turn. */
	readonly rushes: number[] = [];

	/** When strangers called, and when payers invented references, with the payment whose address they used. */
	readonly floods: number[] = [];

	readonly inventions: Array<{ at: number; ref: string }> = [];

	kills = 0;

	/** How many unpaid payments of `runOthers` the workflow has run for. */
	openOthers = 0;

	/** The share of reads of the credential that fail, from 0 to 1. */
	unread = 0;

	mode: 'webhook' | 'manual' = 'webhook';

	readonly setup: Setup;

	/** The node's parameters. */
	readonly parameters: Record<string, unknown>;

	private account: Account = 0;

	private isEnding = false;

	private readonly random: () => number;

	private readonly called = new Set<string>();

	private count = 0;

	constructor(
		setup: Partial<Setup> = {},
		readonly mutation: Mutation = {},
	) {
		this.setup = { ...PLAIN, ...setup };
		const { seed, events, acceptUnsigned, keepLooking, concurrency, processors } = this.setup;
		this.random = randomOf(seed);
		this.clock = new VirtualClock(this.random);
		this.konnect = new ModelKonnect(this.clock, this.random);
		for (const account of [0, 1]) this.konnect.keys.add(String(this.fieldsOf(account).apiKey));
		this.database = new ModelDatabase(concurrency);
		this.parameters = {
			events,
			'options.acceptUnsigned': acceptUnsigned,
			'options.keepLooking': keepLooking,
		};
		this.processors = Array.from({ length: processors }, () => new ModelProcessor(this));
		this.beginToWait();
	}

	/** All payments, in the order in which they were made. */
	get payments(): ModelPayment[] {
		return [...this.konnect.payments.values()];
	}

	paymentAt = (place: number): ModelPayment | undefined =>
		this.payments[place % Math.max(this.konnect.payments.size, 1)];

	get calls() {
		return this.processors.flatMap(({ calls }) => calls);
	}

	/** @param visibleAfter milliseconds until Konnect shows it */
	makePayment(visibleAfter: number, isSigned: boolean, isAwaited = false): ModelPayment {
		const ref = this.refOf('a');
		const account = this.account === 'none' ? 0 : this.account;
		const connection = toConnection(this.fieldsOf(account));
		if (!connection.ok) throw new Error(connection.problem.message);
		const walletId = connection.value.walletId ?? '';
		const amount = 1_000 + this.count;
		const [key] = signingKeys(connection.value);
		const cart = isAwaited ? undefined : String(this.count);
		const plain = `${ADDRESS}?cart_id=${String(cart)}`;
		const terms = { amount, token: 'TND', receiverWalletId: walletId };
		const own = isSigned ? signWebhook(plain, terms, key) : plain;
		const payment: ModelPayment = {
			ref,
			isAwaited,
			amount,
			walletId,
			cart,
			webhook: isAwaited ? WAITING_ADDRESS : own,
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

	/** The payer makes the attempt that succeeds. @param after milliseconds until the bank confirms it */
	pay(payment: ModelPayment, after = 0): void {
		payment.attemptedAt = this.clock.now();
		payment.paidFrom = payment.attemptedAt + after;
		payment.expiredFrom = Infinity;
	}

	/** The credential changes to another account, whose key sees other payments, or is taken away, or is as at first again. */
	switchAccount(account: Account): void {
		mark(this.elsewhere, this.clock.now(), account === 1);
		mark(this.withoutCredential, this.clock.now(), account === 'none');
		this.account = account;
	}

	/**
	 * Somebody begins to call because of an attempt to pay.
	 *
	 * @param most the most calls of this caller
	 */
	begin(payment: ModelPayment, kind: Kind, most = Infinity): void {
		const { ref } = payment;
		const { clock } = this;
		if (this.setup.isOneCall && this.called.has(ref)) return;
		this.called.add(ref);
		const calls = this.setup.isOneCall ? 1 : most;
		const begun = clock.now();
		const chain: Chain = { ref, kind, most: calls, begun, ended: Infinity, isBroken: false };
		this.chains.push(chain);
		const call = async (address: string) => await this.call(address, kind === 'browser', true);
		// In the end nobody waits for what will never be paid, or what the key does not see.
		const isLost = () => payment.paidFrom === Infinity || payment.walletId !== HOME_WALLET;
		const isOver = () => this.isEnding && isLost();
		void follow(chain, addressOf(payment), clock, call, isOver).catch(this.fail);
	}

	/** A payer edits the address of the first payment: writes the second one's reference into it, and perhaps another cart. */
	edit(first: ModelPayment, second: ModelPayment, isCartEdited: boolean): void {
		const address = new URL(addressOf(first, second.ref));
		if (isCartEdited) address.searchParams.set('cart_id', EDITED);
		const isGenuine = first === second && !isCartEdited;
		void this.call(address.href, true, isGenuine).catch(this.fail);
	}

	/**
	 * A payer invents references for the signed address of a payment.
	 *
	 * @param isPage whether the calls say that they are pages that ask again
	 */
	invent(payment: ModelPayment, count: number, isPage = false): void {
		this.inventions.push({ at: this.clock.now(), ref: payment.ref });
		for (let n = 0; n < count; n++) {
			this.callInvented(addressOf(payment, this.refOf('e')), isPage);
		}
	}

	/** Strangers ask for payments that nobody has made, all at once. */
	flood(count: number, isPage = false): void {
		this.floods.push(this.clock.now());
		for (let n = 0; n < count; n++) {
			this.callInvented(`${ADDRESS}?payment_ref=${this.refOf('f')}`, isPage);
		}
	}

	/** The owner reads many payments at once, with the same key. */
	bulk(count: number): void {
		this.rushes.push(this.clock.now());
		for (let n = 0; n < count; n++) {
			// If n8n has no credential to give, only this read fails.
			void this.processor()
				.readInBulk('b'.repeat(24))
				.catch(() => {});
		}
	}

	/** The workflow runs for this many other payments. */
	async runOthers(count: number, state: 'paid' | 'attemptFailed'): Promise<void> {
		if (state !== 'paid') this.openOthers += count;
		await this.processor().runOthers(count, state, (++this.count).toString(16));
	}

	/** Another trigger of the workflow notes something in its own static data. */
	noteElsewhere(): void {
		const { all, save } = this.database.load();
		all['node:Other'] = { last: ++this.count };
		save(false, 0);
	}

	/** n8n's database goes away, or comes back. */
	setDatabase(isAway: boolean): void {
		mark(this.outages, this.clock.now(), isAway);
		this.database.isAway = isAway;
	}

	async kill(index: number): Promise<void> {
		this.kills++;
		await this.processors[index % this.processors.length]?.kill();
	}

	async pass(milliseconds: number): Promise<void> {
		await this.clock.advance(milliseconds);
		const watches = this.processors.map((processor) => processor.watches.length);
		this.mostWatches = Math.max(this.mostWatches, ...watches);
	}

	/** All gets well again, and time passes until nobody calls any more, but no more than 45 minutes. */
	async end(): Promise<void> {
		this.konnect.mood = 'well';
		this.setDatabase(false);
		this.switchAccount(0);
		this.isEnding = true;
		for (let minutes = 0; minutes < 45 && this.isBusy(); minutes++) await this.pass(MINUTE);
		await settle();
	}

	private isBusy = () =>
		this.chains.some(({ ended }) => ended === Infinity) ||
		this.processors.some(({ isIdle }) => !isIdle);

	private beginToWait(): void {
		const { awaited, resumeOn, waitsFor } = this.setup;
		if (awaited === 0) return;
		const until = this.clock.date() + waitsFor * MINUTE;
		const items = Array.from({ length: awaited }, () =>
			awaitedPayment(this.makePayment(0, false, true).ref, resumeOn),
		);
		const wait = { waiting: { key: 'wait-1', until, items }, isOver: false, resumed: [] };
		this.database.wait = wait;
		void this.clock.sleep(waitsFor * MINUTE).then(() => {
			wait.isOver = true;
		});
	}

	/** Resolves with the answer as soon as it is sent; undefined if the connection was lost. */
	call = async (address: string, isBrowser = false, isGenuine = false) =>
		await this.processor().call(address, isBrowser, isGenuine);

	private callInvented(address: string, isPage: boolean): void {
		const asked = isPage ? `${address}&konnect_since=1` : address;
		void this.call(asked, isPage).catch(this.fail);
	}

	private readonly fail = (error: unknown) => void this.failures.push(error);

	/** A new reference. Its first letter says what it is for. */
	private refOf(letter: string): string {
		return letter + (++this.count).toString(16).padStart(23, '0');
	}

	private processor(): ModelProcessor {
		const index = Math.floor(this.random() * this.processors.length);
		return this.processors[index] as ModelProcessor;
	}

	/** What n8n gives the nodes as the credential. A test may replace it. */
	credential = (): IDataObject | Promise<IDataObject> => {
		// While n8n's database is away, half of the reads still get through to it.
		const share = this.database.isAway ? 0.5 : this.unread;
		if (share > 0 && this.random() < share) {
			throw Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' });
		}
		if (this.account === 'none') throw new Error('Credential with ID "1" does not exist');
		return this.fieldsOf(this.account);
	};

	fieldsOf(account: number): IDataObject {
		const walletId = String(account).padStart(24, '0');
		return {
			environment: 'custom',
			baseUrl: 'https://konnect.example/api/v2',
			apiKey: `org:key-of-${walletId}`,
			walletId,
			webhookSecret: this.setup.webhookSecret ? 'a secret that is long enough' : '',
		};
	}
}
