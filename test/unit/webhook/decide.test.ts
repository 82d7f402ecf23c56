import { searchOf, signingKeys } from '../../../nodes/Konnect/payment/terms';
import type { AwaitedPayment } from '../../../nodes/Konnect/payment/waiting';
import { isRun, ownerProblemOf } from '../../../nodes/Konnect/webhook/decision';
import { subjectOf } from '../../../nodes/Konnect/webhook/wait';
import {
	body,
	carryOut,
	failure,
	kindOf,
	PAID,
	plain,
	REF,
	refOf,
	REFUSED,
	says,
	signed,
	success,
	TriggerWorld,
} from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';
import { awaited, changed, realCompleted } from '../../fixtures/payments';

const SECOND = 1_000;
const SECRET = 'a secret that signs, long enough';
const OTHER_WALLET = '6706b08e0d21eb0194727cb3';

/** A call that is answered within a second, and stops looking. */
const BRIEF = { timeout: SECOND, minutes: 0 };

const decide = async (world: TriggerWorld, search = plain()) =>
	carryOut(await world.decide(search, BRIEF));

const itemOf = async (world: TriggerWorld, search = plain()) => {
	const decision = await decide(world, search);
	return isRun(decision) ? decision.items[0] : undefined;
};

describe('a refusal', () => {
	it('for a signature asks nothing of Konnect, and reads the credential once a second', async () => {
		const world = new TriggerWorld(says(PAID));
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		for (let n = 0; n < 5; n++) expect(kindOf(await decide(world))).toBe('unsigned');
		expect(world.asked.read).toBe(0);
		expect(world.asked.credential).toBeLessThanOrEqual(2 + world.clock.now() / SECOND);
	});

	it.each([
		['no signature', plain(), false],
		['another key', signed(REF, { key: 'another key of some length' }), false],
		['edited parameters', signed(REF, { key: SECRET }), true],
	])('is for %s, where the credential has a secret', async (_name, search, isEdited) => {
		const world = new TriggerWorld(says(PAID));
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		if (isEdited) search.set('cart_id', '9999');
		expect(kindOf(await decide(world, search))).toBe('unsigned');
	});

	it('for a missing signature is turned off by Accept Unsigned, for a wrong one never', async () => {
		const world = new TriggerWorld(says(PAID));
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		world.settings = { ...world.settings, acceptUnsigned: true };
		expect(kindOf(await decide(world, signed(REF, { key: 'a foreign key' })))).toBe('unsigned');
		expect(kindOf(await decide(world))).toBe('run paid');
	});

	it('does not meet an address made before the secret where Accept Unsigned is on, for its own payment only', async () => {
		const world = new TriggerWorld(says(PAID));
		world.connection = { ...connection, webhookSecrets: [SECRET] };
		expect(kindOf(await decide(world, signed()))).toBe('unsigned');
		world.settings = { ...world.settings, acceptUnsigned: true };
		const ofAnother = signed(REF, { changes: { amount: 1 } });
		expect(kindOf(await decide(world, ofAnother))).toBe('mismatched');
		expect(kindOf(await decide(world, signed()))).toBe('run paid');
	});

	it('is final where Konnect does not know this payment, but not where the address is ours', async () => {
		const world = new TriggerWorld(failure('notFound'));
		expect(kindOf(await decide(world))).toBe('notFound');
		expect(kindOf(await decide(world, signed()))).toBe('unseen');
	});

	it.each(['notFound', 'keyRefused'] as const)(
		'rests on the credential as it is when the call comes: the one before gave %s',
		async (kind) => {
			const world = new TriggerWorld((used) =>
				used.apiKey === 'org:new' ? says(PAID) : failure(kind),
			);
			await decide(world);
			world.connection = { ...connection, apiKey: 'org:new' };
			await world.clock.advance(100);
			expect(kindOf(await world.decide())).toBe('run paid');
		},
	);

	it('for another payment rests on credential and payment as they are when the call comes', async () => {
		const world = new TriggerWorld(says(PAID));
		expect(kindOf(await decide(world, signed()))).toBe('run paid');
		await world.clock.advance(100);
		expect(kindOf(await decide(world, signed(REF, { changes: { amount: 291 } })))).toBe(
			'mismatched',
		);
		expect(world.asked).toEqual({ credential: 2, read: 2 });
	});

	it('is for a payment that the address was not made for, once that has ended', async () => {
		for (const changes of [{ amount: 291 }, { token: 'EUR' }, { orderId: 'ORDER-2' }]) {
			const world = new TriggerWorld(says({}));
			expect(kindOf(await decide(world, signed(REF, { changes })))).toBe('open');
			world.konnect = says(PAID);
			await world.clock.advance(31 * SECOND);
			const decision = await decide(world, signed(REF, { changes }));
			expect(kindOf(decision)).toBe('mismatched');
			const [field = ''] = Object.keys(changes);
			const problem = ownerProblemOf(decision);
			expect(problem?.message).toContain(field);
			expect(problem?.description).toContain(String(Object.values(changes)[0]));
			await world.clock.advance(31 * SECOND);
			expect(kindOf(await decide(world, signed()))).toBe('run paid');
		}
	});

	it('is for a payment into another wallet than the signed one, or than the credential’s where nothing is signed', async () => {
		const world = new TriggerWorld(says({ ...PAID, receiverWallet: { id: OTHER_WALLET } }));
		expect(kindOf(await decide(world))).toBe('mismatched');
		const changes = { receiverWalletId: OTHER_WALLET };
		expect(kindOf(await decide(world, signed(REF, { changes })))).toBe('run paid');
		const any = new TriggerWorld(says({ ...PAID, receiverWallet: { id: OTHER_WALLET } }));
		any.connection = { ...connection, walletId: undefined };
		expect(kindOf(await decide(any))).toBe('run paid');
	});

	it('names the state of a payment that has ended, and is not given before', async () => {
		const world = new TriggerWorld(says({ status: 'expired' }));
		expect(await decide(world)).toMatchObject({
			kind: 'notChosen',
			reason: `the payment's state is "expired", which is not in 'Trigger On'`,
		});
		for (const changes of [{}, REFUSED, { status: 'frozen' }]) {
			expect(kindOf(await decide(new TriggerWorld(says(changes))))).toBe('open');
		}
	});
});

describe('a credential', () => {
	it('that n8n could not read for an earlier call is read again', async () => {
		const world = new TriggerWorld(says(PAID));
		world.credential = 'away';
		const how = { timeout: 400, minutes: 0 };
		expect(kindOf(await world.decide(plain(), how))).toBe('n8nAway');
		world.credential = undefined;
		await world.clock.advance(SECOND);
		expect(kindOf(await world.decide(plain(), how))).toBe('run paid');
	});

	it('that n8n takes long to read makes this call late, and serves the next', async () => {
		const world = new TriggerWorld(says(PAID));
		world.credential = world.clock
			.sleep(3 * SECOND)
			.then(() => ({ ok: true, value: connection })) as never;
		expect(kindOf(await decide(world))).toBe('late');
		expect(world.clock.now()).toBe(SECOND);
		expect(kindOf(await world.decide())).toBe('run paid');
		expect(world.asked.credential).toBe(1);
	});

	it('that is out of date does not make a signed address a stranger’s', async () => {
		const world = new TriggerWorld(says({}));
		await decide(world);
		world.konnect = says(PAID);
		world.connection = { ...connection, apiKey: 'org:new' };
		await world.clock.advance(SECOND);
		const search = signed(REF, { key: signingKeys(world.connection)[0] });
		expect(await itemOf(world, search)).toMatchObject({ queryVerified: true });
	});
});

describe('what only the owner can fix', () => {
	it.each(['keyRefused', 'blocked', 'unreadable'] as const)(
		'names the payment: %s',
		async (kind) => {
			const problem = ownerProblemOf(await decide(new TriggerWorld(failure(kind))));
			expect(problem?.description).toContain(`The call was for payment ${REF}`);
		},
	);

	it.each(['unavailable', 'busy', 'invalid'] as const)(
		'does not include what passes: %s',
		async (kind) => {
			expect(kindOf(await decide(new TriggerWorld(failure(kind))))).toBe('away');
		},
	);
});

describe('what is put out', () => {
	const told = success(changed(realCompleted, { id: REF }) as never);

	it('has the query that Konnect gives back, or that was signed, as verified', async () => {
		expect(await itemOf(new TriggerWorld(told))).toMatchObject({
			query: { plan: '1 month' },
			queryVerified: true,
			eventId: `${REF}:paid`,
		});
		expect(await itemOf(new TriggerWorld(says(PAID)), signed())).toMatchObject({
			query: { cart_id: '6670' },
			queryVerified: true,
		});
	});

	it('has the query of the call, unverified, where Konnect and the signature give none', async () => {
		const edited = signed();
		edited.set('cart_id', '9999');
		const other = signed(REF, { key: 'another key of some length' });
		for (const search of [edited, other]) {
			expect(await itemOf(new TriggerWorld(says(PAID)), search)).toMatchObject({
				queryVerified: false,
			});
		}
	});

	it('has it however Konnect appends the reference', async () => {
		const [own = ''] = signed().toString().split('&payment_ref=');
		for (const appended of ['?payment_ref=', '&amp;payment_ref=']) {
			const search = searchOf(`https://n8n.example/webhook/1?${own}${appended}${REF}`);
			expect(await itemOf(new TriggerWorld(says(PAID)), search)).toMatchObject({
				query: { cart_id: '6670' },
				queryVerified: true,
			});
		}
	});
});

describe('an event', () => {
	it('starts the workflow once; later calls cost no read, and the owner is told nothing', async () => {
		const world = new TriggerWorld(says(PAID));
		for (let time = 0; time <= 20; time++) {
			const decision = await decide(world);
			expect(kindOf(decision)).toBe(time === 0 ? 'run paid' : 'done');
			expect(ownerProblemOf(decision)).toBeUndefined();
		}
		expect(world.asked.read).toBe(1);
	});

	it('is followed by nothing after paid, whatever another copy of Konnect’s data says', async () => {
		const world = new TriggerWorld(says(PAID));
		world.settings = { ...world.settings, events: ['any'] };
		await decide(world);
		const restarted = new TriggerWorld(says(REFUSED));
		restarted.settings = world.settings;
		restarted.record = world.node.events.unsaved();
		expect(await decide(restarted)).toMatchObject({
			kind: 'done',
			payment: { state: 'paid' },
		});
	});

	it('starts a test each time', async () => {
		const world = new TriggerWorld(says(PAID));
		world.record = undefined;
		for (let time = 0; time < 2; time++) expect(kindOf(await decide(world))).toBe('run paid');
	});
});

describe('strangers', () => {
	const flood = async (world: TriggerWorld, count: number, search = plain) =>
		await world.clock.until(
			Promise.all(
				Array.from({ length: count }, async (_, n) =>
					kindOf((await world.call(search(refOf(n)), { minutes: 0 }).ended).decision),
				),
			),
		);

	it.each([
		['without a signature', plain],
		['with one signed address', signed],
	])(
		'have twenty reads in a minute of payments that Konnect does not know: %s',
		async (_n, search) => {
			for (const kind of ['notFound', 'keyRefused', 'blocked'] as const) {
				const world = new TriggerWorld(failure(kind));
				world.latency = 100;
				const kinds = await flood(world, 200, search);
				expect(world.asked.read).toBeLessThanOrEqual(20);
				expect(kinds.filter((one) => one === 'late').length).toBeGreaterThanOrEqual(180);
				expect(world.asked.credential).toBeLessThanOrEqual(12);
			}
		},
	);

	it('are not counted for payments that exist, nor while Konnect is away', async () => {
		const world = new TriggerWorld((_used, ref) =>
			success({ payment: { ...body(PAID).payment, id: ref } }),
		);
		world.latency = 100;
		expect(new Set(await flood(world, 60))).toEqual(new Set(['run paid']));
		const away = new TriggerWorld(failure('unavailable'));
		await flood(away, 50);
		away.konnect = says(PAID);
		expect(kindOf(await decide(away))).toBe('run paid');
	});

	it('do not hold up signed calls, nor calls for payments that were seen before', async () => {
		const world = new TriggerWorld(says(REFUSED));
		await decide(world);
		world.konnect = failure('notFound');
		await flood(world, 200);
		world.konnect = says(PAID);
		expect(kindOf(await decide(world))).toBe('run paid');
		const other = new TriggerWorld(failure('notFound'));
		await flood(other, 200);
		other.konnect = says(PAID);
		expect(kindOf(await decide(other, signed()))).toBe('run paid');
	});

	it('take no look from a payment that Konnect knows by claiming that their page asks again', async () => {
		const world = new TriggerWorld(says({}));
		const call = world.call();
		await world.clock.advance(60 * SECOND);
		world.konnect = (_used, ref) => (ref === REF ? says(PAID) : failure('notFound'));
		for (let n = 0; n < 400; n++) {
			const search = plain(refOf(n));
			search.set('konnect_since', String(world.clock.date() - 1));
			void world.call(search, { isBrowser: true, minutes: 0 });
		}
		await world.clock.advance(90 * SECOND);
		expect(kindOf((await call.ended).decision)).toBe('run paid');
	});
});

describe('a call of an execution that waits for three payments', () => {
	const refs = [refOf(1), refOf(2), refOf(3)] as const;
	const items = refs.map((ref) => awaited(ref));
	const [named] = items as [AwaitedPayment];

	function setUp() {
		const konnect: Record<string, ReturnType<typeof says>> = {};
		const reads: string[] = [];
		const world = new TriggerWorld((_used, ref) => {
			reads.push(ref);
			return konnect[ref] ?? success({ payment: { ...body(PAID).payment, id: ref } });
		});
		/** What a call for the first comes to, and the payments that were read for it. */
		const look = async () => {
			reads.length = 0;
			const subject = subjectOf(named, { key: 'wait', until: 0, items }, world.node);
			const call = world.callFor(subject, world.arrival(plain(refs[0]), BRIEF));
			const { decision } = await world.clock.until(call.ended);
			await world.clock.advance(31 * SECOND);
			return { decision: carryOut(decision), reads: [...new Set(reads)] };
		};
		return { konnect, look };
	}

	it('has an address of its own, so that the watches of many executions do not count as one payer’s', () => {
		const { node } = new TriggerWorld(says({}));
		const addresses = ['a wait', 'another'].map(
			(key) => subjectOf(named, { key, until: 0, items }, node).address,
		);
		expect(new Set(addresses).size).toBe(2);
	});

	it('goes on with all three when the last is paid, and until then reads the open one', async () => {
		const { konnect, look } = setUp();
		konnect[refs[2]] = success({ payment: { ...body({}).payment, id: refs[2] } });
		const first = await look();
		expect(first.decision).toMatchObject({ why: 'open', final: { kind: 'notChosen' } });
		expect(first.reads).toEqual([...refs]);
		expect((await look()).reads).toEqual([refs[2]]);
		delete konnect[refs[2]];
		const last = await look();
		expect(last.reads).toEqual([refs[2]]);
		const ids = isRun(last.decision) && last.decision.items.map(({ paymentId }) => paymentId);
		expect(ids).toEqual([...refs]);
		expect(kindOf((await look()).decision)).toBe('done');
	});

	it.each([
		[failure('unavailable'), 'away'],
		[failure('notFound'), 'away'],
	])('waits for one that cannot be read: %j', async (outcome, why) => {
		const { konnect, look } = setUp();
		konnect[refs[1]] = outcome;
		expect((await look()).decision).toMatchObject({ why, paymentRef: refs[0] });
	});
});
