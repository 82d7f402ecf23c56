import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { PaymentState } from '../../../../nodes/Konnect/payment/state';
import { EventLog, MOST_OPEN, MOST_PAID } from '../../../../nodes/Konnect/webhook/state/events';
import type { Claim } from '../../../../nodes/Konnect/webhook/state/events';
import { REF, refOf } from '../../../fixtures/calls';
import { VirtualClock } from '../../../fixtures/virtualClock';

const never = Deadline.in(new VirtualClock(), Infinity);

const eventOf = (state: PaymentState, paymentRef = REF, news = '') => ({
	paymentRef,
	state,
	eventId: `${paymentRef}:${state}${news}`,
});
const claim = async (log: EventLog, ...event: Parameters<typeof eventOf>) =>
	await log.claim(eventOf(...event), never);
async function note(log: EventLog, ...event: Parameters<typeof eventOf>): Promise<Claim> {
	const claimed = (await claim(log, ...event)) as Claim;
	claimed.commit();
	return claimed;
}

describe('the events of payments', () => {
	const ALL = ['pending', 'attemptFailed', 'partiallyPaid', 'expired', 'unknown', 'paid'] as const;

	it.each<[PaymentState, readonly PaymentState[]]>([
		['pending', ['pending']],
		['attemptFailed', ['pending', 'attemptFailed']],
		['partiallyPaid', ['pending', 'attemptFailed', 'partiallyPaid']],
		['expired', ['pending', 'attemptFailed', 'partiallyPaid', 'expired']],
		['unknown', ['unknown']],
		['paid', ALL],
	])('never go back: after %s', async (state, done) => {
		for (const next of ALL) {
			const log = new EventLog();
			await note(log, state);
			expect([next, (await claim(log, next)) === 'done']).toEqual([next, done.includes(next)]);
		}
	});

	it('are news again with another attempt, or a greater part', async () => {
		const log = new EventLog();
		await note(log, 'attemptFailed', REF, ':1');
		expect(await claim(log, 'attemptFailed', REF, ':1')).toBe('done');
		await note(log, 'attemptFailed', REF, ':2');
		expect(await claim(log, 'attemptFailed', REF, ':1')).toBe('done');
	});

	it('let paid pass while n8n still holds an earlier one, and start nothing beside it', async () => {
		const log = new EventLog();
		const earlier = (await claim(log, 'attemptFailed', REF, ':1')) as Claim;
		const paid = (await claim(log, 'paid')) as Claim;
		expect(await claim(log, 'attemptFailed', REF, ':2')).toBe('done');
		earlier.commit();
		paid.commit();
		expect(log.isPaid(REF)).toBe(true);
	});

	it('are taken back where n8n could not store the execution', async () => {
		const log = new EventLog();
		for (const state of ['pending', 'paid'] as const) {
			(await note(log, state)).release();
			const again = await claim(log, state);
			expect(again).not.toBe('done');
			(again as Claim).release();
		}
		expect(log.isPaid(REF)).toBe(false);
	});

	it('keep other calls waiting while n8n stores one, as long as they can', async () => {
		const clock = new VirtualClock();
		const log = new EventLog();
		const first = (await claim(log, 'paid')) as Claim;
		expect(await log.claim(eventOf('paid'), Deadline.in(clock, 0))).toBe('busy');
		const waiting = [claim(log, 'paid'), claim(log, 'paid')];
		first.release();
		((await waiting[0]) as Claim).commit();
		expect(await waiting[1]).toBe('done');
	});

	it('are not noted by a claim that was released and is committed too late', async () => {
		const log = new EventLog();
		const late = (await claim(log, 'paid')) as Claim;
		late.release();
		late.commit();
		expect(log.isPaid(REF)).toBe(false);
	});

	it('are in the record, which is saved only where the loaded one lacks some', async () => {
		const log = new EventLog();
		log.learn('');
		expect(log.unsaved()).toBeUndefined();
		await note(log, 'paid');
		await note(log, 'attemptFailed', refOf(1));
		const record = log.unsaved() ?? '';
		const next = new EventLog();
		next.learn(record);
		expect([next.isPaid(REF), next.isPaid(refOf(1))]).toEqual([true, false]);
		expect(await claim(next, 'attemptFailed', refOf(1))).toBe('done');
		expect(next.unsaved()).toBeUndefined();
		log.learn(record);
		expect(log.unsaved()).toBeUndefined();
		// A record from before is no reason to forget, but one to save.
		log.learn('');
		expect(log.unsaved()).toBe(record);
	});

	it('fit into a hundred kilobytes, and open payments push out no paid one', async () => {
		const log = new EventLog();
		for (let n = 0; n < MOST_PAID; n++) await note(log, 'paid', refOf(n));
		for (let n = 0; n < MOST_OPEN; n++) await note(log, 'pending', refOf(MOST_PAID + n));
		expect([log.isPaid(refOf(0)), log.isPaid(refOf(MOST_PAID - 1))]).toEqual([true, true]);
		expect(log.unsaved()?.length).toBeLessThanOrEqual(100_000);
		await note(log, 'paid', refOf(50_000));
		expect([log.isPaid(refOf(0)), log.isPaid(refOf(1))]).toEqual([false, true]);
	});
});
