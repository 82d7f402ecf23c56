import fc from 'fast-check';

import type { EventRecord } from '../../../nodes/Konnect/webhook/registry';
import type { Settings } from '../../../nodes/Konnect/webhook/receive';
import type { Reception } from '../../../nodes/Konnect/webhook/reception';
import { receive } from '../../../nodes/Konnect/webhook/receive';
import { NodeMemory } from '../../../nodes/Konnect/webhook/memory';
import { eventIdOf } from '../../../nodes/Konnect/webhook/event';
import { refOf, success, worldOf } from '../../fixtures/calls';
import { changed, expired, failedAttempt, partial, pending } from '../../fixtures/payments';

const PAYMENT = { payment_ref: pending.payment.id };
const paid = changed(pending, { status: 'completed' }) as typeof pending;
const ANY: Partial<Settings> = { events: ['any'], timeout: 60_000 };

const isRun = (reception: Reception) => reception.kind === 'run';
const keep = (reception: Reception) => {
	if (reception.kind === 'run') reception.claim?.keep();
	return reception;
};

describe('one event', () => {
	it('runs the workflow once for a hundred calls at once, which share two reads', async () => {
		const { around, asked } = worldOf(success(paid));
		const calls = Array.from({ length: 100 }, () => receive(PAYMENT, around).then(keep));
		const receptions = await Promise.all(calls);
		expect(receptions.filter(isRun)).toHaveLength(1);
		expect(receptions.filter(({ kind }) => kind === 'duplicate')).toHaveLength(99);
		expect(asked.read).toBeLessThanOrEqual(2);
	});

	it('runs it again where the first run was not stored', async () => {
		const { around } = worldOf(success(paid));
		const first = await receive(PAYMENT, around);
		const second = receive(PAYMENT, around);
		if (first.kind === 'run') first.claim?.giveBack();
		expect(await second).toMatchObject({ kind: 'run' });
	});

	it('does not run it again after a restart, and Konnect is not even asked', async () => {
		const before = worldOf(success(paid));
		const first = keep(await receive(PAYMENT, before.around));
		const record = first.kind === 'run' ? first.claim?.record() : undefined;
		const after = worldOf(success(paid), { record });
		expect(await receive(PAYMENT, after.around)).toMatchObject({
			kind: 'duplicate',
			event: { paymentRef: pending.payment.id, state: 'paid' },
		});
		expect(after.asked.read).toBe(0);
	});

	it('runs it each time where there is no record, as in a test, and claims nothing', async () => {
		const { around } = worldOf(success(paid), { record: undefined });
		for (let times = 0; times < 3; times++) {
			expect(await receive(PAYMENT, around)).toMatchObject({ kind: 'run', claim: undefined });
		}
	});

	it('is put off where another call for the payment does not end', async () => {
		const { around } = worldOf(success(paid));
		expect(await receive(PAYMENT, around)).toMatchObject({ kind: 'run' });
		const hasty = { ...around, settings: { ...around.settings, timeout: 0 } };
		expect(await receive(PAYMENT, hasty)).toMatchObject({ kind: 'unavailable' });
	});
});

describe('many payments at once', () => {
	it('run the workflow once each, however often they come', async () => {
		const memory = new NodeMemory();
		const callsOf = (n: number) => {
			const id = refOf(n);
			const body = changed(paid, { id }) as typeof pending;
			const { around } = worldOf(success(body), { memory });
			return [1, 2].map(() => receive({ payment_ref: id }, around).then(keep));
		};
		const all = [...Array(30).keys()].flatMap(callsOf);
		expect((await Promise.all(all)).filter(isRun)).toHaveLength(30);
	});
});

describe('a payment that goes through its states', () => {
	const ORDER = ['pending', 'attemptFailed', 'partiallyPaid', 'expired', 'paid'];
	const bodies = fc.constantFrom(
		pending,
		failedAttempt,
		changed(failedAttempt, { failedTransactions: 2 }),
		partial,
		changed(partial, { reachedAmount: 5_000 }),
		expired,
		paid,
	);
	/** What Konnect says at a call, whether n8n then stores the execution, and whether n8n is started anew before it. */
	const steps = fc.array(fc.tuple(bodies, fc.boolean(), fc.boolean()), { maxLength: 25 });

	it('never goes back and never repeats what was stored, over failures and restarts', async () => {
		await fc.assert(
			fc.asyncProperty(steps, async (plan) => {
				let memory = new NodeMemory();
				let record: EventRecord = '';
				const stored: string[] = [];
				for (const [body, isStored, isRestarted] of plan) {
					if (isRestarted) memory = new NodeMemory();
					const outcome = success(body as typeof pending);
					const { around } = worldOf(outcome, { memory, record, settings: ANY });
					const reception = await receive(PAYMENT, around);
					if (reception.kind !== 'run') continue;
					if (isStored) {
						stored.push(eventIdOf(reception.event));
						record = reception.claim?.record() ?? record;
						reception.claim?.keep();
					} else reception.claim?.giveBack();
				}
				expect(stored).toHaveLength(new Set(stored).size);
				const places = stored.map((id) => ORDER.indexOf(id.split(':')[1] ?? ''));
				expect(places).toEqual([...places].sort((a, b) => a - b));
				const isPaid = plan.some(([body, isStored]) => body === paid && isStored);
				expect(stored.some((id) => id.endsWith(':paid'))).toBe(isPaid);
			}),
			{ numRuns: 500 },
		);
	});
});
