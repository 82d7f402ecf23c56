import type { Payment } from '../../../nodes/Konnect/payment/payment';
import type { PaymentEvent, Progress } from '../../../nodes/Konnect/webhook/event';
import {
	advance,
	eventIdOf,
	eventOf,
	furtherOf,
	isNews,
	NO_PROGRESS,
} from '../../../nodes/Konnect/webhook/event';
import { refOf } from '../../fixtures/calls';

const REF = refOf(7);
const same = (text: string) => text;
const event = (state: PaymentEvent['state'], detail = ''): PaymentEvent => ({
	paymentRef: REF,
	state,
	detail,
});
const at = (
	state: 'pending' | 'attemptFailed' | 'partiallyPaid' | 'expired' | 'paid',
	news = 0,
): Progress => ({
	last: { state, news },
	unknown: [],
});

it.each<[Partial<Payment>, string]>([
	[{ state: 'paid' }, `${REF}:paid`],
	[{ state: 'expired', failedAttempts: 2 }, `${REF}:expired`],
	[{ state: 'attemptFailed', failedAttempts: 2 }, `${REF}:attemptFailed:2`],
	[{ state: 'partiallyPaid', amountPaid: 4000 }, `${REF}:partiallyPaid:4000`],
	[{ state: 'partiallyPaid', amountPaid: null }, `${REF}:partiallyPaid:0`],
	[{ state: 'unknown', status: 'refunded' }, `${REF}:unknown:refunded`],
	[{ state: 'unknown', status: 'x'.repeat(101) }, `${REF}:unknown:${'x'.repeat(100)}`],
])('the event of %j is %s', (payment, eventId) => {
	const whole = { paymentId: REF, status: '', failedAttempts: 0, amountPaid: 0, ...payment };
	expect(eventIdOf(eventOf(whole as Payment))).toBe(eventId);
});

it.each<[Progress, PaymentEvent, boolean]>([
	[NO_PROGRESS, event('pending'), true],
	[NO_PROGRESS, event('paid'), true],
	[at('pending'), event('pending'), false],
	[at('pending'), event('attemptFailed', '1'), true],
	[at('attemptFailed', 1), event('attemptFailed', '1'), false],
	[at('attemptFailed', 1), event('attemptFailed', '2'), true],
	[at('attemptFailed', 2), event('attemptFailed', '1'), false],
	[at('partiallyPaid', 4000), event('attemptFailed', '9'), false],
	[at('partiallyPaid', 4000), event('partiallyPaid', '5000'), true],
	[at('expired'), event('partiallyPaid', '9000'), false],
	[at('expired'), event('paid'), true],
	[at('paid'), event('paid'), false],
	[at('paid'), event('unknown', 'refunded'), false],
	[at('expired'), event('unknown', 'refunded'), true],
	[{ last: undefined, unknown: ['refunded'] }, event('unknown', 'refunded'), false],
	[{ last: undefined, unknown: ['refunded'] }, event('unknown', 'held'), true],
])('after %j, %j is news: %p', (progress, next, isIt) => {
	expect(isNews(progress, next, same)).toBe(isIt);
});

it('a payment goes on from one event to the next, and remembers the last five unknown statuses', () => {
	expect(advance(at('pending'), event('attemptFailed', '2'), same)).toEqual(at('attemptFailed', 2));
	let progress = at('pending');
	for (const status of 'abcdef') progress = advance(progress, event('unknown', status), same);
	expect(progress).toEqual({ ...at('pending'), unknown: ['b', 'c', 'd', 'e', 'f'] });
});

it('of two records of one payment the further one counts, and the unknown statuses of both', () => {
	const one = { ...at('attemptFailed', 2), unknown: ['a', 'b'] };
	const other = { ...at('attemptFailed', 3), unknown: ['b', 'c'] };
	const both = { ...at('attemptFailed', 3), unknown: ['a', 'b', 'c'] };
	expect(furtherOf(one, other)).toEqual(both);
	expect(furtherOf(other, one).last).toEqual(both.last);
	expect(furtherOf(NO_PROGRESS, one)).toEqual(one);
	expect(furtherOf(one, NO_PROGRESS)).toEqual(one);
});
