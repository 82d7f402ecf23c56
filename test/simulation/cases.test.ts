import { Deadline } from '../../nodes/Konnect/api/clock';
import type { PaymentState } from '../../nodes/Konnect/payment/state';
import { EventLog } from '../../nodes/Konnect/webhook/state/events';
import { MOST_WATCHES } from '../../nodes/Konnect/webhook/state/watches';
import { kindOf, PAID, plain, refOf, says, TriggerWorld } from '../fixtures/calls';
import { VirtualClock } from '../fixtures/virtualClock';
import { randomOf } from './callers';
import type { ModelAnswer } from './context';
import { TRIGGER_KEY } from './database';
import type { ModelPayment } from './konnect';
import { reply } from './konnect';
import { brokenPromises } from './promises';
import { addressOf, World } from './world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const anyState = { events: ['any' as const] };

/** A world in which an execution waits for payments. It goes on after a refused card too. */
const waitFor = (awaited: number) =>
	new World({ awaited, resumeOn: ['paid', 'attemptFailed'], waitsFor: 60 });

const make = (world: World, count: number, isSigned = false) =>
	Array.from({ length: count }, () => world.makePayment(0, isSigned));

function one(world: World, isSigned = false): ModelPayment {
	return world.makePayment(0, isSigned);
}

/** Makes a call, and lets pass the time that its answer needs. */
async function told(world: World, address: string, isBrowser = false): Promise<ModelAnswer> {
	const answer = await world.clock.until(world.call(address, isBrowser));
	if (!answer) throw new Error('the connection was lost');
	return answer;
}

/** A payment that was called for once, and is still open: the call keeps looking. */
async function calledFor() {
	const world = new World();
	const payment = one(world);
	await told(world, addressOf(payment));
	return { world, payment };
}

const callAll = (world: World, payments: ModelPayment[]) =>
	payments.forEach((payment) => void world.call(addressOf(payment)));

const stateOfAll = ({ database }: World) => database.executions.map(({ state }) => state);

const resumedWith = ({ database }: World) =>
	(database.wait?.resumed ?? []).map(({ items }) => items.map(({ state }) => state));

/** @param isPage whether the calls say that they are pages that ask again */
async function flood(world: World, seconds: number, rate: number, isPage = false): Promise<void> {
	for (let second = 0; second < seconds; second++) {
		world.flood(rate, isPage);
		await world.pass(SECOND);
	}
}

describe('the owner', () => {
	it('hears of a paid payment that was not taken, though the call has met another problem first', async () => {
		const world = new World();
		world.konnect.mood = 'refusing';
		// Another call tells the owner about the key.
		await told(world, addressOf(one(world)));
		expect(world.database.failed).toHaveLength(1);
		const payment = one(world, true);
		await told(world, addressOf(payment));
		await world.pass(30 * SECOND);
		// The owner fixes the key. The payment is paid, but with another amount than its address was signed for.
		world.konnect.mood = 'well';
		world.pay(payment);
		payment.amount = 100;
		await world.pass(11 * MINUTE);
		expect(stateOfAll(world)).toEqual([]);
		expect(world.database.failed.map(({ error }) => error.message)).toEqual([
			'Konnect does not accept the API key',
			expect.stringContaining('was not taken'),
		]);
	});

	it('hears again of a key that is still refused when a watch ends, eleven minutes after the last time', async () => {
		const world = new World();
		world.konnect.mood = 'refusing';
		await told(world, addressOf(one(world)));
		await world.pass(MINUTE);
		await told(world, addressOf(one(world)));
		await world.pass(12 * MINUTE);
		expect(world.database.failed).toHaveLength(2);
	});
});

it('a start by a watch is remembered for longer than a day without a call', async () => {
	const { world, payment } = await calledFor();
	world.pay(payment);
	await world.pass(25 * 60 * MINUTE);
	const { body } = await told(world, addressOf(payment));
	expect(body).toMatchObject({ result: 'duplicate' });
	expect(stateOfAll(world)).toEqual(['paid']);
});

it('paid does not wait for an earlier event that n8n holds', async () => {
	const events: PaymentState[] = ['paid', 'attemptFailed'];
	const world = new World({ events, concurrency: 1, duration: 30 * MINUTE });
	const [first, payment] = [one(world), one(world)];
	world.pay(first);
	await told(world, addressOf(first));
	payment.failedFrom.push(world.clock.now());
	await told(world, addressOf(payment));
	await world.pass(11 * MINUTE);
	world.pay(payment);
	void world.call(addressOf(payment));
	await world.pass(2 * 60 * MINUTE);
	expect(stateOfAll(world)).toContain('attemptFailed');
	expect(stateOfAll(world).filter((state) => state === 'paid')).toHaveLength(2);
});

describe('a watch', () => {
	it.each([
		['is not taken over by a call of it with another cart', true, 15 * SECOND, 15 * SECOND],
		['is taken over by a later call', false, 9 * MINUTE, 5 * MINUTE],
	])(
		'that was begun while n8n could not read the credential %s',
		async (_name, isEdited, apart, unreadFor) => {
			const world = new World({ webhookSecret: true });
			const mine = one(world, true);
			world.unread = 1;
			callAll(world, [mine]);
			await world.pass(apart);
			world.edit(mine, mine, isEdited);
			await world.pass(unreadFor);
			world.unread = 0;
			world.pay(mine);
			await world.pass(2 * MINUTE);
			expect(stateOfAll(world)).toEqual(['paid']);
		},
	);

	it('gives its place back where n8n breaks the call off', async () => {
		const { world, payment } = await calledFor();
		await world.pass(MINUTE);
		const { credential } = world;
		// What n8n throws may be no Error.
		world.credential = async () => await Promise.reject('no error');
		await world.pass(MINUTE);
		world.credential = credential;
		await world.pass(12 * MINUTE);
		const watches = world.calls[0]?.life.process.watches;
		expect(watches?.find(`${TRIGGER_KEY} ${payment.ref}`, '')).toBeUndefined();
	});

	it('finds the payment with the key that the owner has put in meanwhile', async () => {
		const { world, payment } = await calledFor();
		const fields = world.fieldsOf(0);
		const apiKey = `org:another-key-of-${payment.walletId}`;
		world.credential = () => ({ ...fields, apiKey });
		world.konnect.keys.clear();
		world.konnect.keys.add(apiKey);
		await world.pass(30 * SECOND);
		world.pay(payment);
		await world.pass(2 * MINUTE);
		expect(stateOfAll(world)).toEqual(['paid']);
	});
});

describe('a credential', () => {
	it('whose read never comes back does not block the reads of all later calls', async () => {
		const world = new World();
		const payment = one(world);
		world.pay(payment);
		const { credential } = world;
		world.credential = async () => await new Promise(() => {});
		await told(world, addressOf(payment));
		world.credential = credential;
		await world.pass(12 * MINUTE);
		await told(world, addressOf(payment));
		await world.pass(12 * MINUTE);
		expect(stateOfAll(world)).toEqual(['paid']);
	});

	it('whose secret is changed, and read slowly, does not have a signed address refused', async () => {
		const world = new World({ webhookSecret: true });
		const payment = one(world, true);
		const fields = world.fieldsOf(0);
		let webhookSecret = 'first-secret-long-enough';
		world.credential = async () => {
			const read = { ...fields, webhookSecret };
			await world.clock.sleep(1_500);
			return read;
		};
		// Another call has just begun to read the credential with the old secret, and is still reading it.
		callAll(world, make(world, 1, true));
		await world.pass(SECOND);
		webhookSecret = `${String(fields.webhookSecret)},${webhookSecret}`;
		world.pay(payment);
		expect((await told(world, addressOf(payment))).status).toBe(200);
	});
});

describe('a run with a state that can still change', () => {
	it('is accepted, and a server is asked to come again, because nobody else would tell of what follows', async () => {
		const world = new World({ ...anyState, keepLooking: 0 });
		const payment = one(world);
		payment.failedFrom.push(0);
		const answer = await told(world, addressOf(payment));
		expect(answer).toMatchObject({ status: 503, body: { result: 'accepted' } });
		expect(stateOfAll(world)).toEqual(['attemptFailed']);
	});
});

describe('strangers', () => {
	it.each([
		['well', MOST_WATCHES],
		['away', 19],
	] as const)(
		'with one signed address and references that they invent end no watch of another payment, while Konnect is %s',
		async (mood, count) => {
			const world = new World();
			const signed = one(world, true);
			// While Konnect is well, it shows them. While it is away, they have signed addresses.
			const payments = make(world, count, mood === 'away');
			world.konnect.mood = mood;
			callAll(world, payments);
			await world.pass(20 * SECOND);
			for (let minute = 0; minute < 3; minute++) {
				world.invent(signed, 40);
				await world.pass(MINUTE);
			}
			world.konnect.mood = 'well';
			for (const payment of payments) world.pay(payment);
			await world.pass(8 * MINUTE);
			expect(stateOfAll(world)).toEqual(payments.map(() => 'paid'));
		},
	);

	it.each([
		[4, 10, false],
		[1, 100, true],
		[8, 30, true],
	])(
		'with %i signed addresses, and %i references that they invent for each, keep no payer waiting (their pages say that they ask again: %s)',
		async (count, references, isPage) => {
			const world = new World({ keepLooking: 0 });
			const payers = make(world, count, true);
			const mine = one(world, true);
			for (const payer of payers) world.invent(payer, references, isPage);
			world.begin(mine, 'browser', 3);
			world.pay(mine, 10 * SECOND);
			await world.pass(20 * SECOND);
			expect(stateOfAll(world)).toEqual(['paid']);
		},
	);

	it('who ask for more payments than are remembered push out none that Konnect has shown', async () => {
		const world = new World({ keepLooking: 0 });
		const payment = one(world);
		world.begin(payment, 'browser');
		await world.pass(10 * SECOND);
		await flood(world, 20, 110);
		world.pay(payment);
		await flood(world, 20, 110);
		expect(stateOfAll(world)).toEqual(['paid']);
	});

	it.each([
		[40, 32],
		// By then more calls have to wait for a place than may wait.
		[130, 60],
	])(
		'do not turn payments that Konnect has shown into unknown ones: a watch goes on reading (%i and %i s)',
		async (before, after) => {
			const world = new World();
			const payment = one(world);
			expect((await told(world, addressOf(payment))).status).toBe(503);
			await world.pass(10 * SECOND);
			await flood(world, before, 60);
			world.pay(payment);
			// The next look of its watch comes within half a minute. As a stranger's, it would have to wait for a place.
			await flood(world, after, 60);
			await world.pass(2 * SECOND);
			expect(stateOfAll(world)).toEqual(['paid']);
		},
	);

	it.each([
		[1, 40, 40, 90],
		[1, 40, 100, 90],
		[25, 20, 60, 180],
		[25, 30, 60, 180],
		[25, 60, 60, 180],
	])(
		'whose pages say that they ask again keep no signed payer waiting: %i payers, %i calls a second for %i s and %i s',
		async (count, rate, before, after) => {
			const world = new World();
			const payments = make(world, count, true);
			callAll(world, payments);
			await world.pass(20 * SECOND);
			await flood(world, before, rate, true);
			for (const payment of payments) world.pay(payment);
			await flood(world, after, rate, true);
			expect(stateOfAll(world)).toHaveLength(count);
		},
		60_000,
	);
});

describe('payments that Konnect was not asked about yet', () => {
	/** @param isShared whether all have the same signed address, as in a shop with one price and no order ids */
	const makeOfShop = (world: World, count: number, isShared: boolean) => {
		const payments = make(world, count, isShared);
		const [{ webhook, amount }] = payments as [ModelPayment];
		const shared = { webhook, amount, isWebhookTold: false };
		if (isShared) for (const payment of payments) Object.assign(payment, shared);
		return payments;
	};

	it.each([
		[30, false],
		[45, false],
		[45, true],
	])(
		'are heard of when it is back after %i s, though earlier calls still keep looking (one signed address for all: %s)',
		async (seconds, isShared) => {
			const world = new World();
			const payments = makeOfShop(world, 50, isShared);
			world.konnect.mood = 'away';
			callAll(world, payments.slice(0, 30));
			await world.pass(seconds * SECOND);
			world.konnect.mood = 'well';
			await world.pass(SECOND);
			for (const payment of payments.slice(30)) {
				world.pay(payment);
				callAll(world, [payment]);
				await world.pass(2 * SECOND);
			}
			await world.pass(11 * MINUTE);
			expect(stateOfAll(world)).toHaveLength(20);
		},
	);

	it.each([false, true])(
		'are heard of when a key is fixed that was refused for a minute, but for the one that told the owner (one signed address for all: %s)',
		async (isShared) => {
			const world = new World();
			const payments = makeOfShop(world, 28, isShared);
			world.konnect.mood = 'refusing';
			for (const payment of payments) {
				callAll(world, [payment]);
				await world.pass(2 * SECOND);
			}
			world.konnect.mood = 'well';
			await world.pass(30 * SECOND);
			for (const payment of payments) world.pay(payment);
			await world.pass(11 * MINUTE);
			expect(stateOfAll(world)).toHaveLength(27);
		},
	);

	it.each([5, 12])(
		'are heard of where Konnect shows them %i s late, and they have one signed address',
		async (seconds) => {
			const world = new World();
			const payments = makeOfShop(world, 15, true);
			for (const payment of payments) {
				payment.visibleFrom = world.clock.now() + seconds * SECOND;
				world.pay(payment);
			}
			callAll(world, payments);
			await world.pass(11 * MINUTE);
			expect(stateOfAll(world)).toHaveLength(15);
		},
	);

	it('are heard of though other workflows ask for more than Konnect allows', async () => {
		const world = new World();
		const payments = make(world, 24);
		world.bulk(300);
		callAll(world, payments.slice(0, 12));
		await world.pass(10 * SECOND);
		for (const [place, payment] of payments.slice(12).entries()) {
			if (place % 3 === 0) world.bulk(200);
			callAll(world, [payment]);
			await world.pass(8 * SECOND);
		}
		for (const payment of payments) world.pay(payment);
		await world.pass(11 * MINUTE);
		expect(stateOfAll(world)).toHaveLength(24);
	});

	it('are heard of where their payers’ pages stay open while n8n restarts: 300', async () => {
		const world = new World();
		for (const payment of make(world, 300, true)) {
			world.pay(payment, 50 * SECOND);
			world.begin(payment, 'browser');
		}
		await world.pass(40 * SECOND);
		await world.kill(0);
		await world.pass(16 * MINUTE);
		const paid = new Set(world.database.executions.map(({ paymentRef }) => paymentRef));
		expect(paid.size).toBe(300);
	});
});

describe('a wait', () => {
	it('does not go on with a refused card while a second attempt is under way', async () => {
		const world = waitFor(1);
		const [payment] = world.payments as [ModelPayment];
		payment.failedFrom.push(0);
		await told(world, addressOf(payment));
		await world.pass(30 * SECOND);
		// The payer tries again. 3-D Secure stays open to the end of the watch.
		payment.isTriedAgain = true;
		await world.pass(11 * MINUTE);
		expect(resumedWith(world)).toEqual([]);
	});

	it('does not go on as refused because the second attempt’s own call takes the watch over', async () => {
		const world = waitFor(1);
		const [payment] = world.payments as [ModelPayment];
		payment.failedFrom.push(0);
		await told(world, addressOf(payment));
		await world.pass(30 * SECOND);
		// The payer comes back from the bank after the second attempt, and Konnect says that it is still open.
		payment.isTriedAgain = true;
		expect((await told(world, addressOf(payment), true)).status).toBe(503);
		await world.pass(20 * SECOND);
		world.pay(payment);
		await world.pass(11 * MINUTE);
		expect(resumedWith(world)).toEqual([['paid']]);
	});

	it('does not put out another payment as refused that was seen as paid', async () => {
		const world = waitFor(2);
		const [first, second] = world.payments as [ModelPayment, ModelPayment];
		for (const { failedFrom } of [first, second]) failedFrom.push(0);
		await told(world, addressOf(first));
		await world.pass(30 * SECOND);
		world.pay(second);
		await world.pass(11 * MINUTE);
		expect(resumedWith(world)).toEqual([['attemptFailed', 'paid']]);
	});

	it('does not put out another payment as refused for which a second attempt has been seen', async () => {
		for (let seconds = 20; seconds < 100; seconds += 5) {
			const world = waitFor(2);
			const [paid, refused] = world.payments as [ModelPayment, ModelPayment];
			world.pay(paid);
			refused.failedFrom.push(0);
			await told(world, addressOf(paid));
			await world.pass(seconds * SECOND);
			refused.isTriedAgain = true;
			await told(world, addressOf(refused), true);
			await world.pass(20 * SECOND);
			world.pay(refused);
			await world.pass(11 * MINUTE);
			expect(resumedWith(world)).toEqual([['paid', 'paid']]);
		}
	});

	it('of fifty goes on once, with all items in their order and with their files, when the last is paid', async () => {
		const world = new World({ awaited: 50, resumeOn: ['paid'] });
		const { wait } = world.database;
		wait?.waiting.items.forEach((item, n) =>
			Object.assign(item, { binary: { file: { data: String(n), mimeType: 'text/plain' } } }),
		);
		for (const [n, payment] of world.payments.entries()) {
			world.pay(payment);
			void world.call(addressOf(payment), n % 2 === 0);
			await world.pass(5 * SECOND);
		}
		await world.pass(12 * MINUTE);
		expect(wait?.resumed).toHaveLength(1);
		expect(wait?.resumed[0]?.files).toEqual(world.payments.map((_payment, n) => String(n)));
		expect(brokenPromises(world)).toEqual([]);
	});

	it('ends nothing after its time: n8n lets the execution go on by itself then', async () => {
		const world = new World({ awaited: 1, resumeOn: ['paid'], waitsFor: 1 });
		const [payment] = world.payments as [ModelPayment];
		await told(world, addressOf(payment));
		await world.pass(MINUTE - world.clock.now());
		world.pay(payment);
		await world.pass(11 * MINUTE);
		expect(world.calls.map(({ end }) => end)).toEqual(['declined']);
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

	it.each(['200', '299', '3600', undefined])(
		'Konnect asks for a pause of %s s, then all is well',
		async (retryAfter) => {
			const { world, payment } = await calledFor();
			await world.pass(MINUTE);
			world.konnect.says = () => reply(429, '', retryAfter ? { 'retry-after': retryAfter } : {});
			await world.pass(Math.min(Number(retryAfter ?? 90), 290) * SECOND);
			world.konnect.says = undefined;
			world.pay(payment);
			await world.pass(10 * MINUTE);
			expect(stateOfAll(world)).toEqual(['paid']);
		},
	);
});

describe('a page', () => {
	it('of an unsigned payment whose watch another stranger ended keeps saying what is true', async () => {
		const world = new World();
		const address = addressOf(one(world));
		const page = await told(world, address, true);
		expect(page.status).toBe(503);
		expect(page.body).toContain('may close');
		callAll(world, make(world, MOST_WATCHES));
		await world.pass(30 * SECOND);
		const since = world.clock.date() - 30 * SECOND;
		const again = await told(world, `${address}&konnect_since=${since}`, true);
		expect(again.body).not.toContain('may close');
	});
});

describe('one payment, one process', () => {
	it('starts once, whatever comes at once: server, pages, forged addresses, watches, in 300 random orders', async () => {
		for (let seed = 1; seed <= 300; seed++) {
			const random = randomOf(seed);
			const oneOf = <T>(values: T[]) => values[Math.floor(random() * values.length)] as T;
			const world = new World({ ...anyState, seed, keepLooking: random() < 0.2 ? 0 : 2 });
			world.konnect.mood = random() < 0.3 ? 'slow' : 'well';
			const [payment, other] = make(world, 2, true) as [ModelPayment, ModelPayment];
			const own = addressOf(payment);
			const [plainOne] = own.split('?');
			const named = `payment_ref=${payment.ref}`;
			const addresses = [
				own,
				`${plainOne}?${named}`,
				`${own}x`,
				`${plainOne}?konnect_terms=forged&${named}`,
				addressOf(other, payment.ref),
			];
			const isPaid = () => payment.paidFrom < Infinity;
			for (let step = 0; step < 12; step++) {
				const since = random() < 0.3 ? `&konnect_since=${world.clock.date() - 3_000}` : '';
				world.database.refusesWith = random() < 0.2 ? 500 : undefined;
				void world.call(oneOf(addresses) + since, random() < 0.5);
				await world.pass(Math.floor(random() * 9_000));
				if (random() < 0.15) payment.failedFrom = [0];
				if (random() < 0.1) payment.partsFrom = [0];
				if (step > 6 && random() < 0.4) world.pay(payment);
				if (!isPaid() && random() < 0.1) payment.failedFrom = payment.partsFrom = [];
			}
			if (!isPaid()) world.pay(payment);
			world.database.refusesWith = undefined;
			await world.pass(MINUTE);
			await told(world, own);
			await world.pass(3 * MINUTE);
			expectOnce(world, payment, seed);
		}
	}, 60_000);

	it('starts once in each state, and then as paid, where Konnect flaps between states', async () => {
		for (let seed = 1; seed <= 100; seed++) {
			const random = randomOf(seed);
			const world = new World({ ...anyState, seed });
			const { konnect } = world;
			const payment = one(world, true);
			const { ref: id, amount } = payment;
			const replies = [
				reply(200, { payment: { id, amount, token: 'TND', status: 'weird' } }),
				reply(500, {}),
				reply(200, '<html>'),
				reply(429, {}, { 'retry-after': '7' }),
				reply(401, { errors: [{ code: 'AUTHENTICATE_TOKEN_INVALID', message: 'no' }] }),
			];
			const states = [{}, { failedFrom: [0] }, { partsFrom: [0] }];
			konnect.says = () => {
				const n = Math.floor(random() * (states.length + replies.length));
				Object.assign(payment, { failedFrom: [], partsFrom: [] }, states[n]);
				return replies[n - states.length];
			};
			for (let step = 0; step < 6; step++) {
				void world.call(addressOf(payment), random() < 0.5);
				await world.pass(random() * 40_000);
			}
			konnect.says = undefined;
			world.pay(payment);
			await world.pass(9 * MINUTE);
			expectOnce(world, payment, seed);
		}
	}, 60_000);

	function expectOnce({ database: { executions } }: World, { ref }: ModelPayment, seed: number) {
		const ids = executions.map(({ eventId }) => eventId);
		const repeats = ids.length - new Set(ids).size;
		expect([seed, repeats, ids.at(-1)]).toEqual([seed, 0, `${ref}:paid`]);
	}
});

describe('"Listen for test event" with a payment that production watches', () => {
	it.each([
		['which is still open when the test call comes', false],
		['which was refused, and starts the test at once', true],
	])('leaves it to production: %s', async (_name, isRefused) => {
		const world = new World({ events: ['paid', 'attemptFailed'] });
		const payment = one(world, true);
		await told(world, addressOf(payment));
		await world.pass(20 * SECOND);
		// The owner tries the test URL with the payment that is under way.
		world.mode = 'manual';
		if (isRefused) payment.failedFrom.push(0);
		await told(world, addressOf(payment));
		expect(world.database.tests).toHaveLength(isRefused ? 1 : 0);
		world.mode = 'webhook';
		await world.pass(30 * SECOND);
		world.pay(payment);
		await world.pass(11 * MINUTE);
		expect(stateOfAll(world)).toContain('paid');
	});
});

describe('n8n refuses to run the workflow with a 4xx (its ResponseError below 500 is passed on)', () => {
	it('does not leave a paid payment claimed for ever and called accepted', async () => {
		const world = new World();
		const payment = one(world);
		world.pay(payment);
		world.database.refusesWith = 400;
		expect((await told(world, addressOf(payment))).status).toBe(503);
		expect(stateOfAll(world)).toEqual([]);
		// What is wrong is fixed; Konnect or the payer calls again.
		world.database.refusesWith = undefined;
		expect((await told(world, addressOf(payment))).status).toBe(200);
		await world.pass(11 * MINUTE);
		expect(stateOfAll(world)).toEqual(['paid']);
	});
});

describe('the log of events', () => {
	const over = () => Deadline.in(new VirtualClock(), 0);

	const claimPaid = async (log: EventLog, paymentRef: string) =>
		await log.claim({ paymentRef, state: 'paid', eventId: `${paymentRef}:paid` }, over());

	it('learns from the record of another processor: no unpaid payment becomes paid, and none is forgotten', async () => {
		const logs = [new EventLog(), new EventLog()];
		const refs = Array.from({ length: 2_000 }, (_, n) => refOf(n));
		let record = '';
		for (const [n, ref] of refs.entries()) {
			const log = logs[n % 2] as EventLog;
			log.learn(record);
			const claim = await claimPaid(log, ref);
			if (typeof claim === 'object') claim.commit();
			record = log.unsaved() ?? record;
		}
		const third = new EventLog();
		third.learn(record);
		expect(refs.filter((ref) => !third.isPaid(ref))).toEqual([]);
		expect(third.isPaid(refOf(5_000))).toBe(false);
	});
});
