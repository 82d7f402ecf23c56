import { decideCall } from '../../../nodes/Konnect/webhook/decideCall';
import { success, TriggerWorld } from '../../fixtures/calls';
import { changed, pending, realCompleted } from '../../fixtures/payments';

const paid = changed(realCompleted, { id: pending.payment.id }) as typeof pending;
const search = () => new URLSearchParams({ payment_ref: pending.payment.id, cart_id: '6670' });

describe('a call', () => {
	it('for a paid payment runs the workflow with it', async () => {
		const world = new TriggerWorld(success(paid));
		const decision = await world.clock.until(decideCall(search(), world.deps()));
		expect(decision).toMatchObject({
			kind: 'run',
			state: 'paid',
			isSettled: true,
			// As Konnect gives the address back, not as the call has it.
			items: [{ state: 'paid', amount: 290, query: { plan: '1 month' }, queryVerified: true }],
		});
		expect(world.asked).toEqual({ connect: 1, read: 1, rereads: 0 });
	});

	it('that comes before the bank’s word waits for it, and runs the workflow', async () => {
		const world = new TriggerWorld(success(pending));
		const deciding = decideCall(search(), world.deps());
		await world.clock.advance(2_500);
		world.konnect = success(paid);
		expect(await world.clock.until(deciding)).toMatchObject({ kind: 'run', state: 'paid' });
		expect(world.clock.now()).toBeLessThan(4_000);
	});

	it('that the bank’s word does not come to in time is to be repeated', async () => {
		const world = new TriggerWorld(success(pending));
		const decision = await world.clock.until(decideCall(search(), world.deps()));
		expect(decision).toEqual({ kind: 'unsettled', paymentRef: pending.payment.id });
		expect(world.asked.read).toBeLessThanOrEqual(8);
	});
});
