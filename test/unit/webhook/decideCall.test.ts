import { signWebhook, signingKeys, searchOf } from '../../../nodes/Konnect/payment/terms';
import { answerTo } from '../../../nodes/Konnect/webhook/answer';
import { decideCall } from '../../../nodes/Konnect/webhook/decideCall';
import { BUSY } from '../../../nodes/Konnect/webhook/decision';
import {
	body,
	browser,
	carryOut,
	decide as decideOn,
	failure,
	PAID,
	patientBrowser,
	plain,
	REF,
	refOf,
	says,
	server,
	signed,
	success,
	TriggerWorld,
} from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';
import { changed, expired, failedAttempt, pending, realCompleted } from '../../fixtures/payments';

const MINUTE = 60_000;
/** When the clock begins, in seconds since 1970. */
const FIRST_SECOND = 1_790_000_000;
const SECRET = 'a secret that signs, long enough';
const OTHER_WALLET = '6706b08e0d21eb0194727cb3';

const paid = changed(realCompleted, { id: REF }) as typeof pending;
const plainlyPaid = changed(paid, { webhook: undefined }) as typeof pending;
const search = (ref = REF, others = {}) => new URLSearchParams({ payment_ref: ref, ...others });

/** The address of a payment as Init Payment signs it. */
function signedSearch({
	key = signingKeys(connection)[0],
	changes = {},
	query = 'cart_id=6670',
	ref = REF,
} = {}): URLSearchParams {
	const { amount, token, orderId } = realCompleted.payment as unknown as Record<
		'token' | 'orderId',
		string
	> & { amount: number };
	const terms = { amount, token, orderId, walletId: String(connection.walletId), ...changes };
	const address = signWebhook(`https://n8n.example/webhook/1?${query}`, terms, key);
	return searchOf(`${address}&payment_ref=${ref}`);
}

const decide = async (world: TriggerWorld, query = search(), patience = 20_000) =>
	await decideOn(world, query, patience);

describe('a call', () => {
	it('for a paid payment runs the workflow with it', async () => {
		const world = new TriggerWorld(success(paid));
		expect(await decide(world)).toMatchObject({
			kind: 'run',
			state: 'paid',
			isSettled: true,
			// As Konnect gives the address back, not as the call has it.
			items: [{ state: 'paid', amount: 290, query: { plan: '1 month' }, queryVerified: true }],
		});
		expect(world.asked).toEqual({ connect: 1, read: 1, rereads: 0 });
	});

	it.each(['', 'payment_ref=', 'payment_ref=x', `payment_ref=${REF}&payment_ref=${REF}`])(
		'that names no payment costs nothing: %j',
		async (query) => {
			const world = new TriggerWorld(success(paid));
			expect(await decide(world, new URLSearchParams(query))).toMatchObject({ kind: 'malformed' });
			expect(world.asked).toEqual({ connect: 0, read: 0, rereads: 0 });
		},
	);

	it('is refused for the key only by Konnect’s own word, and has the credential read anew', async () => {
		const world = new TriggerWorld((used) =>
			used.apiKey === 'org:new' ? success(paid) : failure('keyRefused'),
		);
		expect(await decide(world)).toMatchObject({ kind: 'misconfigured' });
		world.connection = { ...connection, apiKey: 'org:new' };
		await world.clock.advance(1_500);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
	});

	it('for a payment that Konnect did not know a second ago runs the workflow when it knows it', async () => {
		const world = new TriggerWorld(failure('notFound'));
		expect(await decide(world)).toMatchObject({ kind: 'notFound' });
		await world.clock.advance(1_000);
		world.konnect = success(paid);
		expect(await decide(world)).toMatchObject({ kind: 'run' });
	});

	it.each(['notFound', 'keyRefused'] as const)(
		'is decided with the credential as it is when it comes, where Konnect says %s with the one before',
		async (kind) => {
			const world = new TriggerWorld((used) =>
				used.apiKey === 'org:new' ? success(paid) : failure(kind),
			);
			await decide(world);
			world.connection = { ...connection, apiKey: 'org:new' };
			await world.clock.advance(100);
			expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
		},
	);

	it('without a signature has the credential read once a second, however many such calls come', async () => {
		const world = new TriggerWorld(success(paid));
		world.connection = { ...connection, webhookSecrets: ['an invented secret'] };
		for (let n = 0; n < 5; n++) {
			expect(await decide(world)).toMatchObject({
				kind: 'unsigned',
				reason: 'the webhook address is not signed',
			});
			await world.clock.advance(100);
		}
		expect(world.asked).toMatchObject({ connect: 1, read: 0 });
	});

	it.each([true, false])(
		'with a wrong signature is never taken: Accept Unsigned %p',
		async (on) => {
			const world = new TriggerWorld(success(paid));
			world.connection = { ...connection, webhookSecrets: ['an invented secret'] };
			world.settings = { ...world.settings, acceptUnsigned: on };
			expect(await decide(world, signed())).toMatchObject({
				kind: 'unsigned',
				reason: 'the signature of the webhook address is not right',
			});
			expect(await decide(world)).toMatchObject({ kind: on ? 'run' : 'unsigned' });
		},
	);

	it.each(['notFound', 'keyRefused'] as const)(
		'does not run as unverified where Konnect has answered: %s',
		async (kind) => {
			const world = new TriggerWorld(failure(kind));
			world.settings = { ...world.settings, events: ['unverified'] };
			const expected = kind === 'notFound' ? 'notFound' : 'misconfigured';
			expect(await decide(world)).toMatchObject({ kind: expected });
		},
	);

	it('that comes to nothing with one account is decided with the one that was put in its place', async () => {
		const world = new TriggerWorld((used) =>
			used.baseUrl.includes('production') ? success(paid) : failure('notFound'),
		);
		await decide(world);
		world.connection = { ...connection, baseUrl: 'https://production.example/api/v2' };
		await world.clock.advance(1_100);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
	});
});

describe('a bank that is slower than the payer', () => {
	it.each([1, 3, 10, 15])('is waited for by a server’s call: %d s', async (seconds) => {
		const world = new TriggerWorld(success(pending));
		const deciding = decideCall(search(), world.deps());
		await world.clock.advance(seconds * 1_000 - 500);
		world.konnect = success(paid);
		expect(await world.clock.until(deciding)).toMatchObject({ kind: 'run', state: 'paid' });
	});

	it.each([4_000, 20_000])(
		'has the call repeated where it takes longer: %d ms',
		async (patience) => {
			const world = new TriggerWorld(success(pending));
			expect(await decide(world, search(), patience)).toEqual({
				kind: 'unsettled',
				state: 'pending',
				paymentRef: REF,
			});
			expect(world.clock.now()).toBeLessThanOrEqual(patience);
			expect(world.asked.read).toBeLessThanOrEqual(8);
			world.konnect = success(paid);
			expect(await decide(world, search(), patience)).toMatchObject({ kind: 'run', state: 'paid' });
		},
	);

	it('is not waited for where an attempt failed or the link ran out: that is told at once', async () => {
		for (const body of [failedAttempt, expired]) {
			const world = new TriggerWorld(success(body as typeof pending));
			expect(await decide(world, search(body.payment.id))).toMatchObject({ kind: 'ignored' });
			expect(world.clock.now()).toBe(0);
		}
	});

	it('is told to a page that asks again, by a Konnect that always takes longer than a browser waits', async () => {
		const world = new TriggerWorld(success(changed(failedAttempt, { id: REF }) as typeof pending));
		world.latency = 9_000;
		expect(await decide(world, search(), 4_000)).toMatchObject({ kind: 'unavailable' });
		await world.clock.advance(2_000);
		const again = search(REF, { konnect_since: String(FIRST_SECOND - 1) });
		expect(await decide(world, again, 4_000)).toMatchObject({
			kind: 'ignored',
			state: 'attemptFailed',
		});
	});

	it('is not called unpaid after two minutes by what Konnect said before they were over', async () => {
		const world = new TriggerWorld(success(pending));
		world.latency = 9_000;
		const atSecond = async (second: number) => {
			await world.clock.advance(second * 1_000 - world.clock.now());
			const since = { konnect_since: String(FIRST_SECOND) };
			return (await decide(world, search(REF, since), 4_000)).kind;
		};
		expect(await decide(world, search(), 4_000)).toMatchObject({ kind: 'unavailable' });
		expect(await atSecond(100)).toBe('unavailable');
		expect(await atSecond(110)).toBe('unsettled');
		expect(await atSecond(130)).toBe('unavailable');
		expect(await atSecond(144)).toBe('unsettled');
	});

	it('is waited for after a second attempt as well, when callers know of the first', async () => {
		const failed = success(changed(failedAttempt, { id: REF }) as typeof pending);
		const world = new TriggerWorld(failed);
		expect(await decide(world)).toMatchObject({ kind: 'ignored', state: 'attemptFailed' });
		// Server and browser at once are told the same.
		expect(await decide(world)).toMatchObject({ kind: 'ignored', state: 'attemptFailed' });
		await world.clock.advance(MINUTE);
		const unsettled = { kind: 'unsettled', state: 'attemptFailed', paymentRef: REF };
		expect(await decide(world)).toEqual(unsettled);
		world.konnect = success(paid);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
	});

	it('runs the workflow for pending where that was chosen, and has the call repeated all the same', async () => {
		const world = new TriggerWorld(success(pending));
		world.settings = { ...world.settings, events: ['any'] };
		const first = carryOut(world, await decide(world));
		expect(first).toMatchObject({ kind: 'run', state: 'pending', isSettled: false });
		expect(await decide(world)).toMatchObject({ kind: 'unsettled', state: 'pending' });
		world.konnect = success(paid);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid', isSettled: true });
	});
});

describe('the signature of an address', () => {
	it('is believed where it fits: the payment must have those terms', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		expect(await decide(world, signedSearch())).toMatchObject({
			kind: 'run',
			items: [{ query: { cart_id: '6670' }, queryVerified: true }],
		});
		for (const changes of [{ amount: 291 }, { token: 'EUR' }, { orderId: 'ORDER-2' }]) {
			expect(await decide(world, signedSearch({ changes }))).toMatchObject({
				kind: 'mismatched',
				reason: expect.stringContaining(Object.keys(changes)[0] ?? ''),
			});
		}
	});

	it('says nothing of the address of another payment with the same terms: Konnect gives that back', async () => {
		const world = new TriggerWorld(success(paid));
		expect(await decide(world, signedSearch())).toMatchObject({
			kind: 'run',
			items: [{ query: { plan: '1 month' }, queryVerified: true }],
		});
	});

	it('verifies nothing of a payment that could not be read', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		world.settings = { ...world.settings, events: ['paid', 'unverified'] };
		expect(await decide(world, signedSearch())).toMatchObject({
			kind: 'run',
			items: [{ state: 'unverified', query: { cart_id: '6670' }, queryVerified: false }],
		});
	});

	it('names the wallet that the payment was made for, which need not be the credential’s', async () => {
		const body = changed(plainlyPaid, { receiverWallet: { id: OTHER_WALLET } }) as typeof pending;
		const world = new TriggerWorld(success(body));
		expect(await decide(world, search())).toMatchObject({ kind: 'mismatched', state: 'paid' });
		const changes = { walletId: OTHER_WALLET };
		expect(await decide(world, signedSearch({ changes }))).toMatchObject({ kind: 'run' });
	});

	it('is not needed without a secret: a wrong one, or edited parameters, verify nothing', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		world.record = undefined;
		const edited = signedSearch();
		edited.set('cart_id', '9999');
		for (const query of [
			edited,
			signedSearch({ key: 'another key' }),
			search(REF, { cart_id: '1' }),
		]) {
			const decision = await decide(world, query);
			expect(decision).toMatchObject({ kind: 'run', items: [{ queryVerified: false }] });
		}
	});

	it('is needed with a secret, before Konnect is asked', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		const edited = signedSearch({ key: SECRET });
		edited.set('cart_id', '9999');
		for (const query of [search(), edited, signedSearch()]) {
			expect(await decide(world, query)).toMatchObject({ kind: 'unsigned' });
		}
		expect(world.asked.read).toBe(0);
		expect(await decide(world, signedSearch({ key: SECRET }))).toMatchObject({ kind: 'run' });
	});

	it('is checked before a call is answered as a duplicate', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		carryOut(world, await decide(world));
		const dear = signedSearch({ changes: { amount: 99_000 } });
		expect(await decide(world, dear)).toMatchObject({ kind: 'mismatched' });
		expect(await decide(world)).toMatchObject({ kind: 'duplicate', state: 'paid' });
	});
});

describe('an event', () => {
	it('runs the workflow once, and costs no read when all is paid', async () => {
		const world = new TriggerWorld(success(paid));
		carryOut(world, await decide(world));
		for (let time = 0; time < 20; time++) {
			expect(await decide(world)).toMatchObject({ kind: 'duplicate' });
		}
		expect(world.asked.read).toBe(1);
	});

	it('is one of its own for each status that nobody has documented', async () => {
		const world = new TriggerWorld(
			success(changed(pending, { status: 'frozen' }) as typeof pending),
		);
		world.settings = { ...world.settings, events: ['unknown'] };
		expect(carryOut(world, await decide(world))).toMatchObject({
			eventId: `${REF}:unknown:frozen`,
		});
		expect(await decide(world)).toMatchObject({ kind: 'unsettled' });
		world.konnect = success(changed(pending, { status: 'review' }) as typeof pending);
		expect(await decide(world)).toMatchObject({ eventId: `${REF}:unknown:review` });
	});

	it('that is held by n8n makes no call for another payment wait', async () => {
		const world = new TriggerWorld(success(paid));
		expect(await decide(world)).toMatchObject({ kind: 'run' });
		// Held: neither committed nor released.
		expect(await decide(world, search(), 1_000)).toMatchObject({ kind: 'unavailable' });
		world.konnect = success(changed(paid, { id: refOf(7) }) as typeof pending);
		const before = world.clock.now();
		expect(await decide(world, search(refOf(7)))).toMatchObject({ kind: 'run' });
		expect(world.clock.now()).toBe(before);
	});
});

describe('what is told of a call that starts nothing', () => {
	it('that the state is not chosen', async () => {
		const world = new TriggerWorld(success(expired as typeof pending));
		expect(await decide(world, search(expired.payment.id))).toMatchObject({
			kind: 'ignored',
			reason: `the payment's state is "expired", which is not in 'Trigger On'`,
		});
	});

	it('that the workflow was started before, for what', async () => {
		const world = new TriggerWorld(success(paid));
		carryOut(world, await decide(world));
		expect(await decide(world)).toEqual({
			kind: 'duplicate',
			reason: 'the workflow was started for this or a later event',
			state: 'paid',
			paymentRef: REF,
			eventId: `${REF}:paid`,
		});
	});

	it('that the payment is another one, by each of its fields', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		const changes = { amount: 291, orderId: 'ORDER-2' };
		expect(await decide(world, signedSearch({ changes }))).toMatchObject({
			reason: 'the payment is not the expected one: amount, orderId',
		});
	});

	it('that n8n still stores the execution of another call', async () => {
		const world = new TriggerWorld(success(paid));
		expect(await decide(world, search(), 1_000)).toMatchObject({ kind: 'run' });
		expect(await decide(world, search(), 1_000)).toEqual({ ...BUSY, state: 'paid' });
	});

	it('for another payment, before that has settled: it may be paid yet, and the owner has to hear of it', async () => {
		const world = new TriggerWorld(success(pending));
		const dear = signed();
		world.konnect = says({ amount: 9_000 });
		expect(await decide(world, dear, 1_000)).toMatchObject({ kind: 'unsettled' });
		world.konnect = says({ ...PAID, amount: 9_000 });
		expect(await decide(world, dear, 1_000)).toMatchObject({ kind: 'mismatched', state: 'paid' });
	});
});

it('where events are not told apart, a payment that was paid before starts the workflow for what it is now', async () => {
	const world = new TriggerWorld(success(plainlyPaid));
	carryOut(world, await decide(world));
	// What was read is forgotten by now; what was run is not.
	const other = new TriggerWorld(success(changed(failedAttempt, { id: REF }) as typeof pending));
	other.settings = { ...other.settings, events: ['attemptFailed'] };
	other.record = undefined;
	const state = Object.assign(other.state, { events: world.state.events });
	const deps = { ...other.deps(), state };
	const decision = await other.clock.until(decideCall(search(), deps));
	expect(decision).toMatchObject({ kind: 'run', state: 'attemptFailed', claim: undefined });
});

it('any wallet will do where the credential names none', async () => {
	const world = new TriggerWorld(
		success(changed(plainlyPaid, { receiverWallet: { id: OTHER_WALLET } }) as typeof pending),
	);
	world.connection = { ...connection, walletId: undefined };
	expect(await decide(world)).toMatchObject({ kind: 'run' });
});

describe('strangers', () => {
	const flood = (world: TriggerWorld, count: number, first = 0) =>
		Array.from({ length: count }, (_, n) => decideCall(search(refOf(first + n)), world.deps()));

	it('have twenty reads of payments that do not exist in a minute', async () => {
		const world = new TriggerWorld(failure('notFound'));
		world.latency = 100;
		const decisions = await world.clock.until(Promise.all(flood(world, 200)));
		expect(world.asked.read).toBe(20);
		expect(decisions.filter(({ kind }) => kind === 'notFound')).toHaveLength(20);
		expect(decisions.filter(({ kind }) => kind === 'unavailable')).toHaveLength(180);
	});

	it('do not keep a signed call from being read', async () => {
		const world = new TriggerWorld(failure('notFound'));
		await world.clock.until(Promise.all(flood(world, 200)));
		world.konnect = success(plainlyPaid);
		expect(await decide(world, signedSearch())).toMatchObject({ kind: 'run', state: 'paid' });
	});

	it('are not those who call for payments that exist, however many at once', async () => {
		const world = new TriggerWorld(failure('notFound'));
		world.latency = 100;
		const bodies = new Map(
			Array.from({ length: 60 }, (_, n) => [refOf(n), changed(plainlyPaid, { id: refOf(n) })]),
		);
		const deps = { ...world.deps() };
		deps.read = async (_used, ref) => {
			await world.clock.sleep(100);
			return success(bodies.get(ref) as typeof pending);
		};
		const calls = [...bodies.keys()].map((ref) => decideCall(search(ref), deps));
		const decisions = await world.clock.until(Promise.all(calls));
		expect(decisions.filter(({ kind }) => kind !== 'run')).toEqual([]);
	});

	it('are not those whose bank is slow, however many look whether it has settled by now', async () => {
		const world = new TriggerWorld(failure('notFound'));
		const deps = { ...world.deps() };
		deps.read = async (_used, ref) =>
			success(changed(ref === REF ? paid : pending, { id: ref }) as typeof pending);
		const others = Array.from({ length: 60 }, (_, n) => decideCall(search(refOf(n)), deps));
		expect(await world.clock.until(decideCall(search(), deps))).toMatchObject({ kind: 'run' });
		expect(world.clock.now()).toBe(0);
		const kinds = (await world.clock.until(Promise.all(others))).map(({ kind }) => kind);
		expect(new Set(kinds)).toEqual(new Set(['unsettled']));
	});

	it('use up nothing of what payments have that were read before, or ran before a restart', async () => {
		const world = new TriggerWorld(success(failedAttempt as typeof pending));
		const known = failedAttempt.payment.id;
		await decide(world, search(known));
		world.konnect = failure('notFound');
		await world.clock.until(Promise.all(flood(world, 50)));
		world.konnect = success(changed(paid, { id: known }) as typeof pending);
		const first = carryOut(world, await decide(world, search(known), 1_000));
		expect(first).toMatchObject({ kind: 'run' });

		const restarted = new TriggerWorld(failure('notFound'));
		restarted.record = world.record;
		await restarted.clock.until(Promise.all(flood(restarted, 50)));
		restarted.konnect = world.konnect;
		expect(await decide(restarted, search(known), 1_000)).toMatchObject({ kind: 'duplicate' });
	});

	it('have as few reads where Konnect or n8n refuses them all, or is too slow for the calls', async () => {
		for (const [kind, patience] of [
			['busy', 20_000],
			['keyRefused', 20_000],
			['blocked', 20_000],
			['notFound', 4_000],
		] as const) {
			const world = new TriggerWorld(failure(kind));
			world.latency = 5_000;
			const calls = Array.from({ length: 50 }, (_, n) =>
				decideCall(search(refOf(n)), world.deps(patience)),
			);
			await world.clock.until(Promise.all(calls));
			await world.clock.advance(10_000);
			await decide(world, search(refOf(100)), patience);
			expect(world.asked.read).toBe(20);
		}
	});

	it('have no more by calling twice for each payment, while Konnect takes longer than a browser', async () => {
		const world = new TriggerWorld(failure('notFound'));
		world.latency = 5_000;
		for (let round = 0; round < 9; round++) {
			const refs = Array.from({ length: 10 }, (_, n) => refOf(round * 100 + n));
			for (const ref of refs) void decideCall(search(ref), world.deps(4_000));
			await world.clock.advance(100);
			for (const ref of refs) void decideCall(search(ref), world.deps(4_000));
			await world.clock.advance(5_900);
		}
		expect(world.asked.read).toBeLessThanOrEqual(20);
	});

	it('have the credential read seldom, whatever Konnect says of their calls', async () => {
		for (const kind of ['keyRefused', 'blocked', 'notFound'] as const) {
			const world = new TriggerWorld(failure(kind));
			for (let n = 0; n < 500; n++) {
				void decideCall(search(refOf(n)), world.deps());
				await world.clock.advance(100);
			}
			expect(world.asked.read).toBeLessThanOrEqual(20);
			expect(world.asked.connect).toBeLessThanOrEqual(60);
		}
	});

	it('do not count while Konnect is away, so that nothing is refused when it is back', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		await world.clock.until(Promise.all(flood(world, 50)));
		world.konnect = success(paid);
		expect(await decide(world)).toMatchObject({ kind: 'run' });
	});
});

describe('calls that could not be verified', () => {
	it('run the workflow once for a payment in ten minutes, and fifty times in all', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		world.settings = { ...world.settings, events: ['paid', 'unverified'] };
		const first = carryOut(world, await decide(world));
		expect(first).toMatchObject({ kind: 'run', state: 'unverified', isSettled: false });
		expect(await decide(world)).toMatchObject({ kind: 'unavailable' });
		let runs = 1;
		for (let n = 0; n < 80; n++) {
			const { kind } = carryOut(world, await decide(world, search(refOf(n))));
			if (kind === 'run') runs++;
		}
		expect(runs).toBe(50);
		await world.clock.advance(9 * MINUTE);
		for (const ref of [REF, refOf(200)]) {
			expect(await decide(world, search(ref))).toMatchObject({ kind: 'unavailable' });
		}
		await world.clock.advance(2 * MINUTE);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'unverified' });
	});

	it('run it again where n8n could not store the execution, and say that they know nothing', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		world.settings = { ...world.settings, events: ['unverified'] };
		const first = await decide(world);
		expect(first).toMatchObject({ kind: 'run', eventId: `${REF}:unverified` });
		if (first.kind === 'run') first.claim?.release();
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'unverified' });
	});

	it('are no news of the payment, which runs when it can be read', async () => {
		const world = new TriggerWorld(failure('unavailable'));
		world.settings = { ...world.settings, events: ['paid', 'unverified'] };
		carryOut(world, await decide(world));
		world.konnect = success(paid);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
	});
});

describe('the page of a payment that the record knows as paid', () => {
	it.each<[string, Record<string, unknown>]>([
		['attemptFailed', { failedTransactions: 1, transactions: failedAttempt.payment.transactions }],
		['expired', { status: 'expired' }],
	])(
		'never invites to pay again, when another copy of Konnect still says %s',
		async (_n, stale) => {
			const world = new TriggerWorld(says(PAID));
			world.settings = { ...world.settings, events: ['paid', 'attemptFailed', 'expired'] };
			carryOut(world, await decide(world));
			const restarted = new TriggerWorld(success(body(stale)));
			restarted.settings = world.settings;
			restarted.record = world.record;
			const decision = await decide(restarted);
			expect(answerTo(decision, browser).body).not.toMatch(
				/You can try again|Ask the shop for a new one/,
			);
		},
	);
});

it('nothing follows paid: no unverified run either, when Konnect is away after a restart', async () => {
	const world = new TriggerWorld(says(PAID));
	world.settings = { ...world.settings, events: ['paid', 'unverified'] };
	expect(carryOut(world, await decide(world))).toMatchObject({ kind: 'run', state: 'paid' });
	const restarted = new TriggerWorld(failure('unavailable'));
	restarted.settings = world.settings;
	restarted.record = world.record;
	// The payer's tab is loaded again.
	expect((await decide(restarted)).kind).not.toBe('run');
});

it('a server is asked to come again after an unverified run, as a browser is', async () => {
	const world = new TriggerWorld(failure('unavailable'));
	world.settings = { ...world.settings, events: ['paid', 'unverified'] };
	const first = await decide(world, signed());
	expect(first).toMatchObject({ kind: 'run', state: 'unverified' });
	world.konnect = says(PAID);
	// After 200 nobody comes, and the payment never runs as paid.
	expect(answerTo(first, server).status).toBe(503);
});

it('a payer whose payment is paid is told so, though n8n holds the answer to another call for it', async () => {
	const world = new TriggerWorld(says(PAID));
	expect(await decide(world)).toMatchObject({ kind: 'run' });
	const decision = await decide(world, undefined, 4_000);
	expect(answerTo(decision, browser).status).toBeLessThan(600);
	expect(answerTo(decision, patientBrowser).body).toContain('Payment received');
});

/** One payer has seen their own signed address in the browser, and calls it with references that they invent. */
const inventWith = (world: TriggerWorld, count: number, deps = world.deps()) =>
	Array.from({ length: count }, (_, n) => decideCall(signed(refOf(n)), deps));

describe('one signed address with invented references', () => {
	it('costs a bounded number of reads', async () => {
		const world = new TriggerWorld(failure('notFound'));
		world.latency = 100;
		await world.clock.until(Promise.all(inventWith(world, 500)));
		expect(world.clock.now()).toBeLessThan(60_000);
		// Konnect allows the key about a hundred a minute.
		expect(world.asked.read).toBeLessThanOrEqual(100);
	});

	it('keeps no other payer’s call from being read', async () => {
		const world = new TriggerWorld(success(plainlyPaid));
		world.latency = 500;
		const deps = world.deps();
		const flooded = inventWith(world, 600, {
			...deps,
			read: async () => {
				await world.clock.sleep(500);
				return failure('notFound');
			},
		});
		await world.clock.advance(100);
		expect(await decide(world, signedSearch())).toMatchObject({ kind: 'run' });
		await world.clock.until(Promise.all(flooded));
	});
});

it('calls that a Konnect was too slow for do not count as strangers, when it is back', async () => {
	const world = new TriggerWorld(failure('unavailable'));
	world.latency = 20_000;
	const calls = Array.from({ length: 20 }, (_, n) =>
		decideCall(plain(refOf(n)), world.deps(4_000)),
	);
	await world.clock.until(Promise.all(calls));
	// By then those reads have come to an end.
	await world.clock.advance(16_000);
	world.latency = 50;
	world.konnect = says(PAID);
	expect(await decide(world, plain(), 4_000)).toMatchObject({ kind: 'run' });
});
