import fc from 'fast-check';

import type { EventState, PaymentEvent, Progress } from '../../../nodes/Konnect/webhook/event';
import {
	advance,
	eventIdOf,
	eventOf,
	formatProgress,
	isNews,
	parseProgress,
} from '../../../nodes/Konnect/webhook/event';
import { success } from '../../fixtures/calls';
import {
	changed,
	expired,
	failedAttempt,
	partial,
	pending,
	realCompleted,
} from '../../fixtures/payments';

const REF = '6911c8a763c10de262b88c7c';
const ORDER: EventState[] = [
	'unverified',
	'pending',
	'attemptFailed',
	'partiallyPaid',
	'expired',
	'paid',
];

const eventIn = (state: EventState, news = 0): PaymentEvent => ({ paymentRef: REF, state, news });
/** Small numbers, so that repeats come often. */
const events = fc
	.tuple(fc.constantFrom<EventState>(...ORDER, 'unknown'), fc.integer({ min: 1, max: 4 }))
	.map(([state, news]) =>
		eventIn(state, state === 'attemptFailed' || state === 'partiallyPaid' ? news : 0),
	);
const sequences = fc.array(events, { maxLength: 40 });

function emittedOf(sequence: PaymentEvent[], start?: Progress) {
	let progress = start;
	return sequence.filter((event) => {
		if (!isNews(progress, event)) return false;
		progress = advance(progress, event);
		return true;
	});
}

describe('the id of an event', () => {
	const idOf = (body: typeof pending) => {
		const outcome = success(body);
		return outcome.ok ? eventIdOf(eventOf(outcome.value)) : undefined;
	};

	it.each([
		[`${REF}:pending`, pending],
		[`${REF}:attemptFailed:1`, failedAttempt],
		[`${REF}:attemptFailed:3`, changed(failedAttempt, { failedTransactions: 3 })],
		[`${REF}:partiallyPaid:4000`, partial],
		[`${REF}:expired`, expired],
		[`${REF}:unknown`, changed(pending, { status: 'cancelled' })],
		[`${realCompleted.payment.id}:paid`, realCompleted],
		[`${REF}:paid`, changed(failedAttempt, { status: 'completed' })],
	])('is %s', (id, body) => {
		expect(idOf(body)).toBe(id);
	});
});

describe('the events that start the workflow', () => {
	it('never go back, whatever comes in whatever order', () => {
		fc.assert(
			fc.property(sequences, (sequence) => {
				const ranked = emittedOf(sequence).filter(({ state }) => state !== 'unknown');
				ranked.forEach(({ state, news }, index) => {
					const before = ranked[index - 1];
					if (!before) return;
					const step = ORDER.indexOf(state) - ORDER.indexOf(before.state);
					expect(step > 0 || (step === 0 && news > before.news)).toBe(true);
				});
			}),
			{ numRuns: 5000 },
		);
	});

	it('never repeat, whatever comes in whatever order', () => {
		fc.assert(
			fc.property(sequences, (sequence) => {
				const ids = emittedOf(sequence).map(eventIdOf);
				expect(ids).toHaveLength(new Set(ids).size);
			}),
			{ numRuns: 5000 },
		);
	});

	it('end with paid, and have it if it ever came', () => {
		fc.assert(
			fc.property(sequences, (sequence) => {
				const states = emittedOf(sequence).map(({ state }) => state);
				const place = states.indexOf('paid');
				const came = sequence.some(({ state }) => state === 'paid');
				expect(place).toBe(came ? states.length - 1 : -1);
			}),
			{ numRuns: 5000 },
		);
	});

	it('are the same where each comes many times', () => {
		fc.assert(
			fc.property(sequences, fc.integer({ min: 2, max: 4 }), (sequence, times) => {
				const repeated = sequence.flatMap((event) => Array<PaymentEvent>(times).fill(event));
				expect(emittedOf(repeated)).toEqual(emittedOf(sequence));
			}),
		);
	});

	it('are the same over restarts, with only the record in between', () => {
		fc.assert(
			fc.property(sequences, (sequence) => {
				let kept: string | undefined;
				const emitted = sequence.filter((event) => {
					const progress = parseProgress(kept);
					if (!isNews(progress, event)) return false;
					kept = formatProgress(advance(progress, event));
					return true;
				});
				expect(emitted).toEqual(emittedOf(sequence));
			}),
			{ numRuns: 2000 },
		);
	});

	it.each([
		['each new failed attempt', 'attemptFailed', 1, 2],
		['each further part', 'partiallyPaid', 1000, 1001],
	] as const)('include %s', (_name, state, first, second) => {
		expect(emittedOf([eventIn(state, first), eventIn(state, second)])).toHaveLength(2);
	});

	it('include paid after expired: the money came all the same', () => {
		expect(emittedOf([eventIn('expired'), eventIn('paid')])).toHaveLength(2);
	});

	it('include an unknown state once, wherever it stands before paid', () => {
		const sequence = [eventIn('expired'), eventIn('unknown'), eventIn('unknown'), eventIn('paid')];
		expect(emittedOf(sequence).map(({ state }) => state)).toEqual(['expired', 'unknown', 'paid']);
	});
});
