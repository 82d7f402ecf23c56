import fc from 'fast-check';

import { LARGEST_AMOUNT } from '../../../nodes/Konnect/payment/money';
import type { EventState, PaymentEvent, Progress } from '../../../nodes/Konnect/webhook/event';
import {
	advance,
	formatProgress,
	furtherOf,
	isNews,
	parseProgress,
} from '../../../nodes/Konnect/webhook/event';

const REF = '6911c8a763c10de262b88c7c';
const STATES: EventState[] = [
	'unverified',
	'pending',
	'attemptFailed',
	'partiallyPaid',
	'expired',
	'paid',
	'unknown',
];

const eventIn = (state: EventState, news = 0): PaymentEvent => ({ paymentRef: REF, state, news });
/** Small numbers, so that repeats come often. */
const events = fc
	.tuple(fc.constantFrom(...STATES), fc.integer({ min: 1, max: 4 }))
	.map(([state, news]) =>
		eventIn(state, state === 'attemptFailed' || state === 'partiallyPaid' ? news : 0),
	);

const progressOf = (sequence: PaymentEvent[]) =>
	sequence.reduce<Progress | undefined>(
		(progress, event) => (isNews(progress, event) ? advance(progress, event) : progress),
		undefined,
	);

describe('a record', () => {
	const progresses = fc
		.array(events, { minLength: 1, maxLength: 10 })
		.map(progressOf)
		.filter((progress) => progress !== undefined);

	it('is read as it was written', () => {
		fc.assert(
			fc.property(progresses, (progress) => {
				expect(parseProgress(formatProgress(progress))).toEqual(progress);
			}),
		);
	});

	it('is read as it was written for every amount that a payment can have', () => {
		fc.assert(
			fc.property(fc.nat({ max: LARGEST_AMOUNT }), (news) => {
				const progress = advance(undefined, eventIn('partiallyPaid', news));
				expect(parseProgress(formatProgress(progress))).toEqual(progress);
			}),
		);
	});

	it.each([
		[advance(undefined, eventIn('paid')), 'paid'],
		[advance(undefined, eventIn('attemptFailed', 2)), 'attemptFailed:2'],
		[advance(advance(undefined, eventIn('expired')), eventIn('unknown')), 'expired+unknown'],
		[advance(undefined, eventIn('unknown')), 'unknown'],
	])('is short: %j is %s', (progress, text) => {
		expect(formatProgress(progress)).toBe(text);
	});

	it.each([
		'',
		'payed',
		'paid:x',
		'paid:-1',
		'constructor',
		'paid+',
		'+',
		'paid paid',
		null,
		7,
		{},
	])('is not read from %j', (text) => {
		expect(parseProgress(text)).toBeUndefined();
	});

	it('of two processes is merged to what is behind neither', () => {
		fc.assert(
			fc.property(progresses, progresses, events, (one, other, event) => {
				const merged = furtherOf(one, other);
				expect(merged).toEqual(furtherOf(other, one));
				expect(furtherOf(merged, one)).toEqual(merged);
				expect(isNews(merged, event)).toBe(isNews(one, event) && isNews(other, event));
			}),
			{ numRuns: 5000 },
		);
	});
});
