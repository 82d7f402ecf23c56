import { decideCall } from '../../../nodes/Konnect/webhook/decideCall';
import { NO_CREDENTIAL } from '../../../nodes/Konnect/webhook/decision';
import { decide, failure, PAID, plain, refOf, says, TriggerWorld } from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';

describe('a wallet id that the owner has just mended', () => {
	it('is the one that the next payment is compared with', async () => {
		const wallet = String(connection.walletId);
		const world = new TriggerWorld(says({ ...PAID, receiverWallet: { id: wallet } }));
		world.connection = { ...connection, walletId: '6706b08e0d21eb0194727cb3' };
		// Refused, and the owner is told: once in ten minutes.
		expect(await decide(world, plain())).toMatchObject({ kind: 'mismatched', state: 'paid' });
		expect(world.state.ownerAlarm.ring('mismatched')).toBe(0);
		world.connection = connection;
		await world.clock.advance(8_000);
		// Another 200 "ignored", of which the owner is not told, and no call comes again.
		expect(await decide(world, plain())).toMatchObject({ kind: 'run', state: 'paid' });
	});
});

it('a browser has its page in time, however slowly n8n reads the credential', async () => {
	const world = new TriggerWorld(says(PAID));
	const deps = world.deps(4_000);
	deps.credential.read = async () => {
		await world.clock.sleep(30_000);
		return { ok: true, value: world.connection };
	};
	await world.clock.until(decideCall(plain(), deps));
	expect(world.clock.now()).toBeLessThanOrEqual(4_000);
});

it('a credential that nobody can use is for the owner, and Konnect is not asked', async () => {
	const world = new TriggerWorld(says(PAID));
	const problem = { message: 'The credential cannot be read', description: 'It is gone.' };
	const deps = world.deps();
	deps.credential.read = async () => ({ ok: false, problem });
	const decision = await world.clock.until(decideCall(plain(), deps));
	expect(decision).toEqual({ kind: 'misconfigured', problem });
	expect(world.asked.read).toBe(0);
});

it('a call that is taken has no credential read anew', async () => {
	const world = new TriggerWorld(says(PAID));
	expect(await decide(world)).toMatchObject({ kind: 'run' });
	await world.clock.advance(2_000);
	world.konnect = says({ ...PAID, id: refOf(1) });
	expect(await decide(world, plain(refOf(1)))).toMatchObject({ kind: 'run' });
	expect(world.asked.connect).toBe(1);
});

it('an unsigned call is taken as soon as the credential needs no signature any more', async () => {
	const world = new TriggerWorld(says(PAID));
	world.connection = { ...connection, webhookSecrets: ['an invented secret'] };
	expect(await decide(world)).toMatchObject({ kind: 'unsigned' });
	world.connection = connection;
	await world.clock.advance(1_000);
	expect(await decide(world)).toMatchObject({ kind: 'run' });
});

it('an n8n that lets no request out to Konnect is for the owner: nobody else can mend it', async () => {
	const world = new TriggerWorld(failure('blocked'));
	world.settings = { ...world.settings, events: ['paid', 'unverified'] };
	expect(await decide(world)).toMatchObject({ kind: 'misconfigured' });
	world.konnect = says(PAID);
	expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
});

describe('a credential that was changed a moment ago, and cannot be read anew', () => {
	const NEW = { ...connection, apiKey: 'org:new', walletId: 'c'.repeat(24) };
	const away = async () => undefined;

	/** Another call was taken with the one before; this one comes three seconds later. */
	async function callWith(
		world: TriggerWorld,
		read: () => Promise<{ ok: true; value: typeof connection } | undefined>,
	) {
		await decide(world, plain(refOf(7)), 1_000);
		world.connection = NEW;
		await world.clock.advance(3_000);
		const deps = world.deps(4_000);
		deps.credential.read = read;
		return await world.clock.until(decideCall(plain(), deps));
	}
	const knownWithNew = () =>
		new TriggerWorld((used) => (used.apiKey === NEW.apiKey ? says(PAID) : failure('notFound')));

	it('lets no refusal stand: nobody knows whether it is right', async () => {
		for (const world of [
			knownWithNew(),
			new TriggerWorld(says({ ...PAID, receiverWallet: { id: NEW.walletId } })),
		]) {
			expect(await callWith(world, away)).toEqual(NO_CREDENTIAL);
			expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
		}
		const world = new TriggerWorld(says(PAID));
		world.connection = { ...connection, webhookSecrets: ['an invented secret'] };
		expect(await callWith(world, away)).toEqual(NO_CREDENTIAL);
	});

	it('is no other where n8n takes too long to read it', async () => {
		const world = knownWithNew();
		const slow = async () => {
			await world.clock.sleep(5_000);
			return { ok: true as const, value: NEW };
		};
		expect(await callWith(world, slow)).toEqual(NO_CREDENTIAL);
	});

	it('is looked at for the payment of another wallet as well, however busy the trigger is', async () => {
		const world = new TriggerWorld(says({ ...PAID, receiverWallet: { id: NEW.walletId } }));
		expect(await decide(world, plain(refOf(7)))).toMatchObject({ kind: 'mismatched' });
		world.connection = NEW;
		await world.clock.advance(500);
		expect(await decide(world)).toMatchObject({ kind: 'run', state: 'paid' });
	});
});
