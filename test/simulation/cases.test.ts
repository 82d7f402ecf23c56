import type { IDataObject, IWebhookResponseData } from 'n8n-workflow';

import { Throttles } from '../../nodes/Konnect/api/throttles';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';
import { paymentNamedIn } from '../../nodes/Konnect/webhook/address';
import { answerTo } from '../../nodes/Konnect/webhook/answer';
import { isRun } from '../../nodes/Konnect/webhook/decision';
import { EventLog } from '../../nodes/Konnect/webhook/state/events';
import { ProcessState } from '../../nodes/Konnect/webhook/state/nodeState';
import { MOST_WATCHES } from '../../nodes/Konnect/webhook/state/watches';
import { handleCall } from '../../nodes/Konnect/webhook/trigger';
import { handleResume } from '../../nodes/Konnect/webhook/wait';
import {
	body,
	DATE,
	failure,
	kindOf,
	PAID,
	plain,
	REF,
	refOf,
	REFUSED,
	says,
	server,
	signed,
	success,
	TriggerWorld,
} from '../fixtures/calls';
import { connection } from '../fixtures/konnect';
import { VirtualClock } from '../fixtures/virtualClock';
import type { ModelAnswer } from './context';
import { contextOf, ModelResponse } from './context';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface KonnectReply {
	statusCode: number;
	body: unknown;
	headers?: Record<string, string>;
}

const KEY_REFUSED: KonnectReply = {
	statusCode: 401,
	body: { errors: [{ code: 'AUTHENTICATE_TOKEN_INVALID', message: 'Invalid Api Key' }] },
};

/** Both adapters in virtual time, around them what n8n 2.41 does. */
class Edge {
	readonly clock = new VirtualClock();

	process = new ProcessState(this.clock, new Throttles(this.clock));

	konnect: (ref: string) => KonnectReply | Promise<KonnectReply> = () => ({
		statusCode: 200,
		body: body({}),
	});

	parameters: Record<string, unknown> = { events: ['paid'] };

	latency = 0;

	staticData: Record<string, IDataObject> = {};

	waiting: Waiting | undefined;

	/** What n8n throws when it is to store the execution: the status of its answer. */
	refusal: number | undefined;

	readonly runs: IDataObject[][] = [];

	readonly testRuns: IDataObject[][] = [];

	readonly failures: string[] = [];

	readonly warnings: string[] = [];

	credential: () => Promise<IDataObject> = async () =>
		await Promise.resolve({
			environment: 'sandbox',
			apiKey: connection.apiKey,
			walletId: connection.walletId,
		});

	mode = 'webhook';

	async call(query: string, isBrowser = false): Promise<ModelAnswer> {
		return await new Promise((resolve, reject) => {
			const response = new ModelResponse(resolve);
			this.serve(query, isBrowser, response).catch(reject);
		});
	}

	private async serve(query: string, isBrowser: boolean, response: ModelResponse) {
		const staticData = structuredClone(this.staticData);
		staticData['node:T'] ??= {};
		const before = JSON.stringify(staticData);
		const save = () => {
			if (JSON.stringify(staticData) !== before) this.staticData = staticData;
		};
		const context = contextOf({
			address: `https://n8n/webhook/1?${query}`,
			isBrowser,
			response,
			parameters: this.parameters,
			staticData: staticData['node:T'],
			waiting: this.waiting,
			credential: async () => await this.credential(),
			konnect: {
				helpers: {
					httpRequest: async ({ url }: { url: string }) => {
						if (this.latency > 0) await this.clock.sleep(this.latency);
						return { headers: {}, ...(await this.konnect(url.split('/').at(-1) ?? '')) };
					},
				},
			} as never,
		});
		const { mode } = this;
		Object.assign(context, {
			getMode: () => mode,
			logger: { debug: () => {}, warn: (line: string) => this.warnings.push(line) },
		});
		let result: IWebhookResponseData;
		try {
			result = this.waiting
				? await handleResume(context, this.process)
				: await handleCall(context, this.process);
		} catch (error) {
			this.failures.push((error as Error).message);
			response.status(500).json({});
			return;
		}
		if (!result.workflowData) {
			save();
			return;
		}
		if (this.refusal !== undefined) {
			response.status(this.refusal).json({ message: 'n8n refuses to run it' });
			return;
		}
		(mode === 'manual' ? this.testRuns : this.runs).push(
			(result.workflowData[0] ?? []).map(({ json }) => json),
		);
		const given: unknown = result.webhookResponse;
		save();
		response.status(200).send(given);
	}
}

describe('the owner', () => {
	it('hears of a paid payment that was not taken, though the call has met another problem first', async () => {
		const edge = new Edge();
		edge.konnect = () => KEY_REFUSED;
		// Another call has told the owner of the key.
		await edge.clock.until(edge.call(`payment_ref=${refOf(1)}`));
		expect(edge.failures).toHaveLength(1);
		await edge.clock.until(edge.call(signed().toString()));
		await edge.clock.advance(30 * SECOND);
		// The owner mends the key. The payment is paid, with another amount than the address was signed for.
		edge.konnect = () => ({ statusCode: 200, body: body({ ...PAID, amount: 100 }) });
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs).toEqual([]);
		expect(edge.failures).toEqual([
			'Konnect does not accept the API key',
			expect.stringContaining('was not taken'),
		]);
	});

	it('hears again of a key that is still refused when a watch ends, eleven minutes after the last time', async () => {
		const edge = new Edge();
		edge.konnect = () => KEY_REFUSED;
		await edge.clock.until(edge.call(`payment_ref=${refOf(1)}`));
		await edge.clock.advance(MINUTE);
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(12 * MINUTE);
		expect(edge.failures).toHaveLength(2);
	});
});

describe('Konnect says 404 once', () => {
	it('of a payment that it has shown before: the watch goes on', async () => {
		const world = new TriggerWorld(says({}));
		const call = world.call();
		await world.clock.advance(MINUTE);
		expect(call.told).toMatchObject({ why: 'open' });
		world.konnect = failure('notFound');
		await world.clock.advance(31 * SECOND);
		world.konnect = says(PAID);
		expect(kindOf((await world.clock.until(call.ended)).decision)).toBe('run paid');
	});
});

describe('a credential read that never comes back', () => {
	it('does not keep all later calls from being read for ever', async () => {
		const edge = new Edge();
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		const { credential } = edge;
		edge.credential = async () => await new Promise(() => {});
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		edge.credential = credential;
		await edge.clock.advance(12 * MINUTE);
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(12 * MINUTE);
		expect(edge.runs).toHaveLength(1);
	});
});

describe('a run with a state that can still change', () => {
	it('is accepted, and a server is asked to come again: it is the only one to tell of what follows', async () => {
		const world = new TriggerWorld(says(REFUSED));
		world.settings = { ...world.settings, events: ['any'] };
		const decision = await world.decide(plain(), { minutes: 0 });
		expect(isRun(decision)).toBe(true);
		expect(answerTo(decision, server, DATE, false)).toMatchObject({
			status: 503,
			body: { result: 'accepted' },
		});
	});
});

describe('strangers', () => {
	const answersFor = (known: ReadonlySet<string>, paid: ReadonlySet<string>) => (ref: string) =>
		known.has(ref)
			? success({ payment: { ...body(paid.has(ref) ? PAID : {}).payment, id: ref } })
			: failure('notFound');

	it('with one signed address and references that they invent end no watch of a payment that Konnect knows', async () => {
		const known = new Set(Array.from({ length: MOST_WATCHES }, (_, n) => refOf(n + 1)));
		const paid = new Set<string>();
		const answers = answersFor(known, paid);
		const world = new TriggerWorld((_used, ref) => answers(ref));
		const real = [...known].map((ref) => world.call(plain(ref)));
		await world.clock.advance(20 * SECOND);
		for (let minute = 0; minute < 3; minute++) {
			for (let n = 0; n < 15; n++) world.call(signed(refOf(0xabc000 + minute * 100 + n)));
			await world.clock.advance(MINUTE);
		}
		for (const ref of known) paid.add(ref);
		const ends = await world.clock.until(Promise.all(real.map((call) => call.ended)));
		const lost = ends.filter(({ decision }) => kindOf(decision) !== 'run paid');
		expect(lost).toHaveLength(0);
	});

	it('do not make a payment a stranger that Konnect has shown before: a watch goes on being read', async () => {
		const paid = new Set<string>();
		const answers = answersFor(new Set([REF]), paid);
		const world = new TriggerWorld((_used, ref) => answers(ref));
		const call = world.call(plain());
		await world.clock.advance(20 * SECOND);
		expect(call.told).toMatchObject({ state: 'pending' });
		let n = 0;
		const flood = async (seconds: number) => {
			for (let s = 0; s < seconds; s++) {
				for (let k = 0; k < 60; k++) world.call(plain(refOf(0xf00000 + n++)), { minutes: 0 });
				await world.clock.advance(SECOND);
			}
		};
		await flood(40);
		paid.add(REF);
		await flood(60);
		await world.clock.advance(2 * SECOND);
		const state = await Promise.race([
			call.ended.then(({ decision }) => kindOf(decision)),
			world.clock.advance(0).then(() => 'still waiting after a minute'),
		]);
		expect(state).toBe('run paid');
	});

	it('whose pages say that they ask again do not fill the line of looks before a signed payer', async () => {
		const paid = new Set<string>();
		const answers = answersFor(new Set([REF]), paid);
		const world = new TriggerWorld((_used, ref) => answers(ref));
		const call = world.call(signed(REF, { query: '' }));
		await world.clock.advance(20 * SECOND);
		let n = 0;
		const flood = async (seconds: number) => {
			for (let s = 0; s < seconds; s++) {
				for (let k = 0; k < 40; k++) {
					const search = plain(refOf(0xf00000 + n++));
					search.set('konnect_since', '1');
					world.call(search, { minutes: 0, isBrowser: true });
				}
				await world.clock.advance(SECOND);
			}
		};
		await flood(40);
		paid.add(REF);
		await flood(90);
		const state = await Promise.race([
			call.ended.then(({ decision }) => kindOf(decision)),
			world.clock.advance(0).then(() => 'still waiting after 90 s'),
		]);
		expect(state).toBe('run paid');
	});
});

describe('an address', () => {
	it('of 15,000 spaces costs less than 20 ms', () => {
		const search = new URLSearchParams();
		search.append('payment_ref', `${' '.repeat(15_000)}x`);
		const begun = performance.now();
		paymentNamedIn(search);
		expect(performance.now() - begun).toBeLessThan(20);
	});
});

describe('a wait', () => {
	const waitingFor = (clock: VirtualClock, refs: string[], resumeOn: string[]): Waiting => ({
		key: 'wait-1',
		until: clock.date() + 60 * MINUTE,
		items: refs.map((paymentId) => ({ paymentId, resumeOn: resumeOn as never, simplify: true })),
	});

	it('does not go on with a refused card while a second attempt is under way', async () => {
		const edge = new Edge();
		edge.parameters = {};
		edge.waiting = waitingFor(edge.clock, [REF], ['paid', 'attemptFailed']);
		edge.konnect = () => ({ statusCode: 200, body: body(REFUSED) });
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(30 * SECOND);
		// He tries again: 3-D Secure is open to the end of the watch, and the payment is paid a little later.
		const open = { id: 'y', status: 'pending', amount: 10_000 };
		edge.konnect = () => ({
			statusCode: 200,
			body: body({ ...REFUSED, transactions: [...REFUSED.transactions, open] }),
		});
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs).toEqual([]);
	});

	it('does not put out another payment as refused that was seen as paid', async () => {
		const edge = new Edge();
		edge.parameters = {};
		edge.waiting = waitingFor(edge.clock, [REF, refOf(2)], ['paid', 'attemptFailed']);
		let state: Record<string, unknown> = REFUSED;
		let first: Record<string, unknown> = REFUSED;
		edge.konnect = (ref) => ({
			statusCode: 200,
			body: { payment: { ...body(ref === REF ? first : state).payment, id: ref } },
		});
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(30 * SECOND);
		state = PAID;
		first = REFUSED;
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs[0]?.map((item) => item.state)).toEqual(['attemptFailed', 'paid']);
	});
});

describe('edges of the clock', () => {
	it.each([
		['server', false],
		['browser', true],
	])(
		'a payment that settles just before the end of keepLooking is found: %s',
		async (_who, isBrowser) => {
			const lost: string[] = [];
			for (const timeout of [1, 4, 10, 60]) {
				for (const minutes of [0.05, 0.1, 0.17, 0.25, 1, 1.01, 3, 10]) {
					for (const latency of [0, 900, 1_900]) {
						if (minutes * 60 <= timeout && !isBrowser) continue;
						const world = new TriggerWorld(says({}));
						world.latency = latency;
						const call = world.call(plain(), { isBrowser, timeout: timeout * SECOND, minutes });
						await world.clock.advance(minutes * MINUTE - 50);
						world.konnect = says(PAID);
						const kind = kindOf((await world.clock.until(call.ended)).decision);
						const due = (isBrowser ? Math.min(timeout, 4) : timeout) * SECOND;
						if (kind !== 'run paid')
							lost.push(`${timeout} s, ${minutes} min, ${latency} ms: ${kind}`);
						if (call.answeredAt > due + 1 && call.told)
							lost.push(`late answer ${timeout} ${minutes} ${latency}: ${call.answeredAt}`);
					}
				}
			}
			expect(lost).toEqual([]);
		},
	);

	it('Konnect asks for a pause of 200 s, then all is well', async () => {
		for (const retryAfter of ['200', '299', '3600', undefined]) {
			const edge = new Edge();
			await edge.clock.until(edge.call(`payment_ref=${REF}`));
			const from = edge.clock.now() + MINUTE;
			const long = Math.min(Number(retryAfter ?? 90), 290) * SECOND;
			edge.konnect = (): KonnectReply => {
				const now = edge.clock.now();
				if (now < from) return { statusCode: 200, body: body({}) };
				return now < from + long
					? { statusCode: 429, body: '', headers: retryAfter ? { 'retry-after': retryAfter } : {} }
					: { statusCode: 200, body: body(PAID) };
			};
			await edge.clock.advance(11 * MINUTE);
			expect([retryAfter, edge.runs.length]).toEqual([retryAfter, 1]);
		}
	});
});

describe('many signed payers in a flood of pages that say that they ask again', () => {
	it.each([20, 30, 60])('all are told within three minutes: %i calls a second', async (rate) => {
		const paid = new Set<string>();
		const known = new Set(Array.from({ length: 25 }, (_, n) => refOf(n + 1)));
		const world = new TriggerWorld((_used, ref) =>
			known.has(ref)
				? success({ payment: { ...body(paid.has(ref) ? PAID : {}).payment, id: ref } })
				: failure('notFound'),
		);
		const ends = new Map<string, number>();
		for (const ref of known) {
			const call = world.call(signed(ref, { query: `cart_id=${ref}` }));
			void call.ended.then(({ decision }) => {
				if (kindOf(decision) === 'run paid') ends.set(ref, world.clock.now());
			});
		}
		await world.clock.advance(20 * SECOND);
		let n = 0;
		const flood = async (seconds: number) => {
			for (let s = 0; s < seconds; s++) {
				for (let k = 0; k < rate; k++) {
					const search = plain(refOf(0xf00000 + n++));
					search.set('konnect_since', '1');
					world.call(search, { minutes: 10, isBrowser: true });
				}
				await world.clock.advance(SECOND);
			}
		};
		await flood(60);
		for (const ref of known) paid.add(ref);
		await flood(180);
		expect(ends.size).toBe(25);
	});
});

describe('a watch that was begun while n8n could not read the credential', () => {
	it('is worth as much as its signed address: plain calls do not end it', async () => {
		const paid = new Set<string>();
		const world = new TriggerWorld((_used, ref) =>
			success({ payment: { ...body(paid.has(ref) ? PAID : {}).payment, id: ref } }),
		);
		world.credential = 'away';
		const mine = world.call(signed(refOf(1)));
		await world.clock.advance(15 * SECOND);
		world.credential = undefined;
		for (let n = 2; n <= 30; n++) world.call(signed(refOf(n)));
		await world.clock.advance(MINUTE);
		world.call(plain(refOf(99)));
		await world.clock.advance(20 * SECOND);
		paid.add(refOf(1));
		const kind = kindOf((await world.clock.until(mine.ended)).decision);
		expect(kind).toBe('run paid');
	});
});

describe('a page', () => {
	it('of an unsigned payment whose watch another stranger ended keeps saying what is true', async () => {
		const edge = new Edge();
		const page = await edge.clock.until(edge.call(`payment_ref=${REF}`, true));
		expect(page.status).toBe(503);
		expect(String(page.body)).toContain('may close');
		for (let n = 1; n <= 30; n++) void edge.call(`payment_ref=${refOf(n)}`);
		edge.konnect = (ref) => ({
			statusCode: 200,
			body: { payment: { ...body({}).payment, id: ref } },
		});
		await edge.clock.advance(30 * SECOND);
		const again = await edge.clock.until(
			edge.call(`payment_ref=${REF}&konnect_since=${edge.clock.date() - 30_000}`, true),
		);
		expect(String(again.body)).not.toContain('may close');
	});
});

describe('a wait whose payer tries again', () => {
	it('does not go on as refused because the second attempt’s own call takes the watch over', async () => {
		const edge = new Edge();
		edge.parameters = {};
		edge.waiting = {
			key: 'wait-2',
			until: edge.clock.date() + 60 * MINUTE,
			items: [{ paymentId: REF, resumeOn: ['paid', 'attemptFailed'], simplify: true }],
		};
		edge.konnect = () => ({ statusCode: 200, body: body(REFUSED) });
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(30 * SECOND);
		const open = { id: 'y', status: 'pending', amount: 10_000 };
		edge.konnect = () => ({
			statusCode: 200,
			body: body({ ...REFUSED, transactions: [...REFUSED.transactions, open] }),
		});
		// The payer comes back from the bank with the second attempt; Konnect says that it is open.
		const answer = await edge.clock.until(edge.call(`payment_ref=${REF}`, true));
		expect(answer.status).toBe(503);
		await edge.clock.advance(20 * SECOND);
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs.map(([item]) => item?.state)).toEqual(['paid']);
	});
});

describe('a call that n8n breaks off', () => {
	it('gives its watch’s place back', async () => {
		const edge = new Edge();
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(MINUTE);
		const { credential } = edge;
		// What n8n throws may be no Error.
		edge.credential = async () => await Promise.reject('no error');
		await edge.clock.advance(MINUTE);
		edge.credential = credential;
		await edge.clock.advance(12 * MINUTE);
		const key = `workflow-1:trigger-node ${REF}`;
		expect(edge.process.watches.has(key, { address: '', isOurs: false })).toBe(false);
	});
});

describe('one payment, one process', () => {
	it('starts once, whatever comes at once: server, pages, forged addresses, watches, in a thousand orders', async () => {
		for (let seed = 1; seed <= 300; seed++) {
			let x = seed;
			const random = () => (x = (x * 48_271) % 2_147_483_647) / 2_147_483_647;
			const edge = new Edge();
			edge.latency = Math.floor(random() * 3_000);
			edge.parameters = { events: ['any'], 'options.keepLooking': random() < 0.2 ? 0 : 2 };
			let state: Record<string, unknown> = {};
			edge.konnect = () => ({ statusCode: 200, body: body(state) });
			const queries = [
				signed().toString(),
				`payment_ref=${REF}`,
				`${signed().toString()}x`,
				`konnect_terms=forged&payment_ref=${REF}`,
				signed(REF, { query: 'cart_id=2', changes: { amount: 1 } }).toString(),
			];
			for (let step = 0; step < 12; step++) {
				const query = queries[Math.floor(random() * queries.length)] ?? '';
				const since = random() < 0.3 ? `&konnect_since=${edge.clock.date() - 3_000}` : '';
				edge.refusal = random() < 0.2 ? 500 : undefined;
				void edge.call(query + since, random() < 0.5);
				await edge.clock.advance(Math.floor(random() * 9_000));
				if (random() < 0.15) state = REFUSED;
				if (random() < 0.1) state = { reachedAmount: 4_000 };
				if (step > 6 && random() < 0.4) state = PAID;
				if (state !== PAID && random() < 0.1) state = {};
			}
			state = PAID;
			edge.refusal = undefined;
			await edge.clock.advance(MINUTE);
			await edge.clock.until(edge.call(`payment_ref=${REF}`));
			await edge.clock.advance(3 * MINUTE);
			const ids = edge.runs.map(([item]) => String(item?.eventId));
			expect([seed, ids.length - new Set(ids).size, ids.includes(`${REF}:paid`)]).toEqual([
				seed,
				0,
				true,
			]);
			expect(ids.at(-1)).toBe(`${REF}:paid`);
		}
	});
});

describe('"Listen for test event" with a payment that production watches', () => {
	it.each([
		['which is still open when the test call comes', {}],
		['which was refused, and starts the test at once', REFUSED],
	])('leaves it to production: %s', async (_name, state) => {
		const edge = new Edge();
		edge.parameters = { events: ['paid', 'attemptFailed'] };
		edge.konnect = () => ({ statusCode: 200, body: body({}) });
		const query = signed().toString();
		await edge.clock.until(edge.call(query));
		await edge.clock.advance(20 * SECOND);
		// The owner tries the test URL with the payment that is under way.
		edge.mode = 'manual';
		edge.konnect = () => ({ statusCode: 200, body: body(state) });
		await edge.clock.until(edge.call(query));
		edge.mode = 'webhook';
		await edge.clock.advance(30 * SECOND);
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs.map(([item]) => item?.state)).toContain('paid');
	});
});

describe('reads of one payment', () => {
	it('are a dozen a minute at the most, whoever calls', async () => {
		const world = new TriggerWorld(says({}));
		const times: number[] = [];
		const { konnect } = world;
		world.konnect = () => {
			times.push(world.clock.now());
			return konnect as never;
		};
		for (let n = 0; n < 900; n++) {
			const query = n % 3 ? signed() : plain();
			world.call(query, { minutes: n % 2 ? 0 : 1, isBrowser: n % 5 === 0 });
			await world.clock.advance(200);
		}
		const most = Math.max(
			...times.map((from) => times.filter((time) => time >= from && time < from + MINUTE).length),
		);
		expect(most).toBeLessThanOrEqual(12);
	});
});

describe('a payment that ends while n8n holds the answer of an earlier event', () => {
	it('is told, though the earlier one is stored only after all calls have been answered', async () => {
		const log = new EventLog();
		const world = new TriggerWorld(says({}));
		const over = world.arrival(plain(), { timeout: 1 }).answerBy;
		await world.clock.advance(10);
		const claim = await log.claim(
			{ paymentRef: REF, state: 'attemptFailed', eventId: `${REF}:attemptFailed:1` },
			over,
		);
		if (typeof claim !== 'object') throw new Error('no claim');
		const later = { paymentRef: REF, state: 'paid' as const, eventId: `${REF}:paid` };
		expect(await log.claim(later, over)).toBe('busy');
		claim.commit();
		expect(typeof (await log.claim(later, over))).toBe('object');
	});
});

describe('a watch and the things that change under it', () => {
	it('finds the payment with the key that the owner has put in meanwhile', async () => {
		const edge = new Edge();
		let key = 'org:old_key_0123456789';
		edge.credential = async () =>
			await Promise.resolve({ environment: 'sandbox', apiKey: key, walletId: connection.walletId });
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		key = 'org:new_key_0123456789';
		await edge.clock.advance(30 * SECOND);
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		await edge.clock.advance(2 * MINUTE);
		expect(edge.runs).toHaveLength(1);
	});

	it('is not refused where the secret is changed under a signed address, while the new one is read slowly', async () => {
		const edge = new Edge();
		const secret = 'first-secret-long-enough';
		let secrets = secret;
		edge.credential = async () => {
			const webhookSecret = secrets;
			await edge.clock.sleep(1_500);
			return {
				environment: 'sandbox',
				apiKey: connection.apiKey,
				walletId: connection.walletId,
				webhookSecret,
			};
		};
		const query = signed(REF, { key: 'second-secret-long-enough' }).toString();
		// Somebody has had the old one read a moment ago, and is still reading it.
		void edge.call(signed(refOf(5), { key: secret }).toString());
		await edge.clock.advance(1_000);
		secrets = `second-secret-long-enough,${secret}`;
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		const answer = await edge.clock.until(edge.call(query));
		expect(answer.status).toBe(200);
	});
});

describe('Konnect flaps', () => {
	it('between states: no state runs twice, and paid runs', async () => {
		for (let seed = 1; seed <= 100; seed++) {
			let x = seed;
			const random = () => (x = (x * 48_271) % 2_147_483_647) / 2_147_483_647;
			const states: KonnectReply[] = [
				{ statusCode: 200, body: body({}) },
				{ statusCode: 200, body: body(REFUSED) },
				{ statusCode: 200, body: body({ reachedAmount: 4_000 }) },
				{ statusCode: 200, body: body({ status: 'weird' }) },
				{ statusCode: 500, body: {} },
				{ statusCode: 200, body: '<html>' },
				{ statusCode: 429, body: {}, headers: { 'retry-after': '7' } },
				KEY_REFUSED,
			];
			const edge = new Edge();
			edge.parameters = { events: ['any'] };
			let isPaid = false;
			edge.konnect = () =>
				isPaid
					? { statusCode: 200, body: body(PAID) }
					: (states[Math.floor(random() * states.length)] as KonnectReply);
			for (let step = 0; step < 6; step++) {
				void edge.call(signed().toString(), random() < 0.5);
				await edge.clock.advance(random() * 40_000);
			}
			isPaid = true;
			await edge.clock.advance(9 * MINUTE);
			const ids = edge.runs.map(([item]) => String(item?.eventId));
			expect([seed, ids.length - new Set(ids).size, ids.at(-1)]).toEqual([seed, 0, `${REF}:paid`]);
		}
	});
});
describe('n8n refuses to run the workflow with a 4xx (its ResponseError below 500 is passed on)', () => {
	it('does not leave a paid payment claimed for ever and called accepted', async () => {
		const edge = new Edge();
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		edge.refusal = 400;
		const answer = await edge.clock.until(edge.call(`payment_ref=${REF}`));
		expect(edge.runs).toEqual([]);
		// What is wrong is mended; Konnect or the payer calls again.
		edge.refusal = undefined;
		const again = await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(11 * MINUTE);
		expect({ first: answer.status, again: again.status, runs: edge.runs.length }).toEqual({
			first: 503,
			again: 200,
			runs: 1,
		});
	});
});

describe('a static record from another processor', () => {
	it('never makes an unpaid payment paid, nor forgets more than the oldest', async () => {
		const one = new EventLog();
		const other = new EventLog();
		const { answerBy } = new TriggerWorld(says({})).arrival(plain());
		const run = async (log: EventLog, n: number) => {
			const paymentRef = refOf(n);
			const claim = await log.claim(
				{ paymentRef, state: 'paid', eventId: `${paymentRef}:paid` },
				answerBy,
			);
			if (typeof claim === 'object') claim.commit();
		};
		let record = '';
		for (let n = 0; n < 2_000; n++) {
			const log = n % 2 ? one : other;
			log.learn(record);
			await run(log, n);
			record = log.unsaved() ?? record;
		}
		const third = new EventLog();
		third.learn(record);
		const forgotten = Array.from({ length: 2_000 }, (_, n) => n).filter(
			(n) => !third.isPaid(refOf(n)),
		);
		expect(forgotten).toEqual([]);
		expect(third.isPaid(refOf(5_000))).toBe(false);
	});
});

describe('a wait of fifty payments', () => {
	it('goes on once, with all items in their order and with their files, when the last is paid', async () => {
		const edge = new Edge();
		edge.parameters = {};
		const refs = Array.from({ length: 50 }, (_, n) => refOf(n + 1));
		edge.waiting = {
			key: 'wait-50',
			until: edge.clock.date() + 60 * MINUTE,
			items: refs.map((paymentId, n) => ({
				paymentId,
				resumeOn: ['paid'],
				simplify: true,
				binary: { file: { data: String(n), mimeType: 'text/plain' } },
			})),
		};
		edge.latency = 300;
		const paid = new Set<string>();
		edge.konnect = (ref) => ({
			statusCode: 200,
			body: { payment: { ...body(paid.has(ref) ? PAID : {}).payment, id: ref } },
		});
		for (const ref of refs) {
			paid.add(ref);
			void edge.call(`payment_ref=${ref}`, Number(`0x${ref}`) % 2 === 0);
			await edge.clock.advance(5 * SECOND);
		}
		await edge.clock.advance(12 * MINUTE);
		expect(edge.runs).toHaveLength(1);
		expect(edge.runs[0]?.map(({ paymentId }) => paymentId)).toEqual(refs);
	});

	it('ends nothing after its time: no run within the last seconds is begun that n8n has begun itself', async () => {
		const edge = new Edge();
		edge.parameters = {};
		const until = edge.clock.date() + MINUTE;
		edge.waiting = {
			key: 'wait-end',
			until,
			items: [{ paymentId: REF, resumeOn: ['paid'], simplify: true }],
		};
		await edge.clock.until(edge.call(`payment_ref=${REF}`));
		await edge.clock.advance(until - edge.clock.date());
		edge.konnect = () => ({ statusCode: 200, body: body(PAID) });
		await edge.clock.advance(11 * MINUTE);
		expect(edge.runs).toEqual([]);
	});
});
