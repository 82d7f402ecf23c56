import { receive } from '../../../nodes/Konnect/webhook/receive';
import type { Reception } from '../../../nodes/Konnect/webhook/reception';
import type { EventState } from '../../../nodes/Konnect/webhook/event';
import { failure, success, worldOf } from '../../fixtures/calls';
import {
	changed,
	documentedPartlyPaid,
	expired,
	failedAttempt,
	partial,
	pending,
	realCompleted,
} from '../../fixtures/payments';

const query = (body: typeof pending) => ({ payment_ref: body.payment.id });
const settingsOf = (events: Array<EventState | 'any'>, expected = {}) => ({
	settings: { events, expected },
});
const paid = changed(realCompleted, { id: pending.payment.id }) as typeof pending;
const PAID = query(paid);

const recordIn = (reception: Reception) =>
	reception.kind === 'run' ? reception.claim?.record() : undefined;

describe('a call', () => {
	it('for a paid payment runs the workflow with it', async () => {
		const { around, asked } = worldOf(success(paid));
		const reception = await receive({ ...PAID, cart_id: '6670' }, around);
		expect(recordIn(reception)).toContain(`${pending.payment.id}:paid`);
		expect(reception).toMatchObject({
			kind: 'run',
			event: { paymentRef: pending.payment.id, state: 'paid' },
			payment: { state: 'paid', amount: 290 },
			call: { query: { cart_id: '6670' } },
		});
		expect(asked).toEqual({ connect: 1, read: 1 });
	});

	it.each([undefined, {}, { payment_ref: 'x' }, { payment_ref: [PAID.payment_ref] }, '', 7])(
		'that is malformed costs nothing: %j',
		async (malformed) => {
			const { around, asked } = worldOf(success(paid));
			expect(await receive(malformed, around)).toMatchObject({ kind: 'malformed' });
			expect(asked).toEqual({ connect: 0, read: 0 });
		},
	);

	it('is misconfigured where the credential cannot be used, and Konnect is not asked', async () => {
		const problem = { message: 'no key', description: '' };
		const { around, asked } = worldOf(success(paid), {
			credential: { key: 'unusable', read: async () => ({ ok: false, problem }) },
		});
		expect(await receive(PAID, around)).toEqual({ kind: 'misconfigured', problem });
		expect(asked.read).toBe(0);
	});

	it('is misconfigured where Konnect refuses the key', async () => {
		const { around } = worldOf(failure('keyRefused'), settingsOf(['any', 'unverified']));
		expect(await receive(PAID, around)).toMatchObject({ kind: 'misconfigured' });
	});
});

describe('a payment that Konnect does not know', () => {
	it('is not found, and repeating the call costs nothing', async () => {
		const { around, asked } = worldOf(failure('notFound'), settingsOf(['any', 'unverified']));
		for (let times = 0; times < 5; times++) {
			expect(await receive(PAID, around)).toMatchObject({ kind: 'notFound' });
		}
		expect(asked).toEqual({ connect: 1, read: 1 });
	});
});

describe('where Konnect cannot be asked', () => {
	it.each(['unavailable', 'busy', 'invalid'] as const)(
		'%s leaves no trace: the same call runs the workflow later',
		async (kind) => {
			const { around } = worldOf(failure(kind), settingsOf(['any']));
			expect(await receive(PAID, around)).toMatchObject({ kind: 'unavailable' });
			const later = { ...around, read: async () => success(paid) };
			const reception = await receive(PAID, later);
			expect(recordIn(reception)).toContain(`${pending.payment.id}:paid`);
		},
	);

	it('the workflow runs as unverified if the user asked for that by name', async () => {
		const { around } = worldOf(failure('unavailable'), settingsOf(['paid', 'unverified']));
		expect(await receive(PAID, around)).toMatchObject({
			kind: 'run',
			event: { state: 'unverified' },
			payment: undefined,
		});
	});

	it('it runs as unverified once, and again when the payment can be read', async () => {
		const { around } = worldOf(failure('unavailable'), settingsOf(['paid', 'unverified']));
		const first = await receive(PAID, around);
		if (first.kind === 'run') first.claim?.keep();
		expect(await receive(PAID, around)).toMatchObject({ kind: 'unavailable' });
		const later = { ...around, read: async () => success(paid) };
		expect(await receive(PAID, later)).toMatchObject({ kind: 'run', event: { state: 'paid' } });
	});
});

describe('the events that the user chose', () => {
	it.each([
		['paid', paid],
		['partiallyPaid', partial],
		['attemptFailed', failedAttempt],
		['pending', pending],
		['expired', expired],
		['unknown', changed(pending, { status: 'cancelled' })],
	] as const)('run the workflow for %s and no other does', async (state, body) => {
		const states = ['paid', 'partiallyPaid', 'attemptFailed', 'pending', 'expired', 'unknown'];
		const outcome = success(body as typeof pending);
		for (const chosen of [...states, 'any', 'unverified'] as const) {
			const { around } = worldOf(outcome, settingsOf([chosen as EventState]));
			const runs = chosen === state || chosen === 'any';
			expect(await receive(query(pending), around)).toMatchObject({
				kind: runs ? 'run' : 'ignored',
			});
		}
	});

	it('may be none, and then nothing runs', async () => {
		const { around } = worldOf(success(paid), settingsOf([]));
		expect(await receive(PAID, around)).toMatchObject({ kind: 'ignored' });
	});

	it('name the state in the reason why a call is ignored', async () => {
		const { around } = worldOf(success(pending));
		expect(await receive(query(pending), around)).toMatchObject({
			reason: "the payment's state is \"pending\", which is not in 'Trigger On'",
		});
	});
});

describe('a payment that is not the expected one', () => {
	it.each([
		['token', { token: 'EUR' }],
		['amount', { amount: 291 }],
		['orderId', { orderId: 'ORDER-2' }],
	])('by its %s is ignored, though it is paid', async (field, expected) => {
		const { around } = worldOf(success(paid), settingsOf(['any'], expected));
		expect(await receive(PAID, around)).toMatchObject({
			kind: 'mismatched',
			reason: `the payment is not the expected one: ${field}`,
		});
	});

	it('by its wallet is ignored, where the body names one', async () => {
		const foreign = { ...documentedPartlyPaid };
		const { around } = worldOf(success(foreign), settingsOf(['any']));
		expect(await receive(query(foreign), around)).toMatchObject({
			kind: 'mismatched',
			reason: 'the payment is not the expected one: receiverWalletId',
		});
	});

	it('leaves no trace', async () => {
		const { around } = worldOf(success(paid), settingsOf(['any'], { token: 'EUR' }));
		await receive(PAID, around);
		const settings = { ...around.settings, expected: {} };
		expect(await receive(PAID, { ...around, settings })).toMatchObject({ kind: 'run' });
	});
});
