import { decideCall } from '../../../nodes/Konnect/webhook/decideCall';
import { decide, PAID, plain, says, TriggerWorld } from '../../fixtures/calls';
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
