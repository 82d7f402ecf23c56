import type { Payment } from '../../../../nodes/Konnect/payment/payment';
import { eventOf } from '../../../../nodes/Konnect/webhook/state/event';
import { REF } from '../../../fixtures/calls';

it.each<[Partial<Payment>, string]>([
	[{ state: 'paid' }, `${REF}:paid`],
	[{ state: 'expired', failedAttempts: 2 }, `${REF}:expired`],
	[{ state: 'attemptFailed', failedAttempts: 2 }, `${REF}:attemptFailed:2`],
	[{ state: 'partiallyPaid', amountPaid: 4000 }, `${REF}:partiallyPaid:4000`],
	[{ state: 'partiallyPaid', amountPaid: null }, `${REF}:partiallyPaid:0`],
	[{ state: 'unknown', status: 'refunded' }, `${REF}:unknown`],
])('the event of %j is %s', (payment, eventId) => {
	const whole = { paymentId: REF, status: '', failedAttempts: 0, amountPaid: 0, ...payment };
	expect(eventOf(whole as Payment).eventId).toBe(eventId);
});
