import fc from 'fast-check';

import { LARGEST_AMOUNT } from '../../../nodes/Konnect/payment/money';
import type { EventState } from '../../../nodes/Konnect/webhook/event';
import type { EventClaim } from '../../../nodes/Konnect/webhook/registry';
import { EventRegistry, MOST_ENTRIES } from '../../../nodes/Konnect/webhook/registry';
import { refOf } from '../../fixtures/calls';

const PATIENCE = 60_000;
const MOST_BYTES = 64 * 1024;
const turn = () => new Promise(setImmediate);

async function claimed(registry: EventRegistry, n: number, state: EventState = 'paid', news = 0) {
	const claim = await registry.claim({ paymentRef: refOf(n), state, news }, PATIENCE);
	if (typeof claim === 'string') throw new Error(claim);
	return claim;
}

/** A record as another process would have written it. */
const written = (entries: Record<string, string>) =>
	['another', ...Object.entries(entries).map((entry) => entry.join(':'))].join(' ');

/** What a record says, by payment. */
const said = (record = ''): Record<string, string | undefined> =>
	Object.fromEntries(
		record
			.split(' ')
			.slice(1)
			.map((entry) => [entry.slice(0, 24), entry.slice(25)]),
	);

const bytesOf = (record: string) => Buffer.byteLength(JSON.stringify(record));
const entriesOf = (from: number, to: number, text = 'paid') =>
	Object.fromEntries(Array.from({ length: to - from }, (_, n) => [refOf(from + n), text]));
const recordOf = (from: number, to: number, text = 'paid') => written(entriesOf(from, to, text));

describe('the record', () => {
	it('holds its own event and all that were kept before', async () => {
		const registry = new EventRegistry();
		registry.learn(written({ [refOf(1)]: 'attemptFailed:1' }));
		(await claimed(registry, 2)).keep();
		const { record } = await claimed(registry, 3, 'partiallyPaid', 5000);
		expect(said(record())).toEqual({
			[refOf(1)]: 'attemptFailed:1',
			[refOf(2)]: 'paid',
			[refOf(3)]: 'partiallyPaid:5000',
		});
	});

	it('of the youngest of claims at once holds all that were kept, whatever order they end in', async () => {
		const sizes = fc.integer({ min: 1, max: 12 });
		const orders = sizes.chain((size) =>
			fc.tuple(
				fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
				fc.array(fc.boolean(), { minLength: size, maxLength: size }),
			),
		);
		await fc.assert(
			fc.asyncProperty(orders, async ([order, isKept]) => {
				const registry = new EventRegistry();
				const older: EventClaim[] = [];
				const calls = order.map(async (n) => {
					older[n] = await claimed(registry, n);
				});
				let youngest: EventClaim | undefined;
				const last = claimed(registry, 99).then((claim) => {
					youngest = claim;
				});
				await Promise.all(calls);
				for (const n of order) {
					expect(youngest).toBeUndefined();
					if (isKept[n]) older[n]?.keep();
					else older[n]?.giveBack();
					await turn();
				}
				await last;
				const kept = [...order.filter((n) => isKept[n]), 99].map(refOf);
				expect(Object.keys(said(youngest?.record())).sort()).toEqual(kept.sort());
			}),
		);
	});

	it('tells the next process all that it needs', async () => {
		const before = new EventRegistry();
		(await claimed(before, 1, 'attemptFailed', 2)).keep();
		const { record } = await claimed(before, 2);
		const after = new EventRegistry();
		after.learn(record());
		const event = { paymentRef: refOf(1), state: 'attemptFailed', news: 2 } as const;
		expect(await after.claim(event, PATIENCE)).toBe('repeat');
		expect(await after.claim({ ...event, news: 3 }, PATIENCE)).toHaveProperty('record');
		expect(await after.claim({ paymentRef: refOf(2), state: 'paid', news: 0 }, 0)).toBe('repeat');
	});

	it('of another process counts, though it was written after our own', async () => {
		const ours = new EventRegistry();
		const theirs = new EventRegistry();
		const first = await claimed(ours, 1);
		theirs.learn(first.record());
		first.keep();
		const second = await claimed(theirs, 2);
		ours.learn(second.record());
		second.keep();
		expect(said((await claimed(ours, 3)).record())).toEqual({
			[refOf(1)]: 'paid',
			[refOf(2)]: 'paid',
			[refOf(3)]: 'paid',
		});
	});

	it('of another process is merged: what is further stays', async () => {
		const registry = new EventRegistry();
		registry.learn(written({ [refOf(1)]: 'paid', [refOf(2)]: 'pending', [refOf(3)]: 'unknown' }));
		registry.learn(
			written({ [refOf(1)]: 'pending', [refOf(2)]: 'expired', [refOf(3)]: 'expired' }),
		);
		expect(said((await claimed(registry, 4)).record())).toEqual({
			[refOf(1)]: 'paid',
			[refOf(2)]: 'expired',
			[refOf(3)]: 'expired+unknown',
			[refOf(4)]: 'paid',
		});
	});

	it.each([
		'',
		'paid',
		' ',
		':',
		`another ${refOf(1)}`,
		`another ${refOf(1)}:`,
		`another ${refOf(1)}:a-word-of-a-later-version`,
		'another not-a-payment-id:paid',
		'another __proto__:paid constructor:paid',
	])('that cannot be understood is left out: %j', async (record) => {
		const registry = new EventRegistry();
		registry.learn(record);
		expect(said((await claimed(registry, 2)).record())).toEqual({ [refOf(2)]: 'paid' });
	});
});

describe('the size of the record', () => {
	it('is at most a thousand payments, and the longest unchanged go first', async () => {
		const registry = new EventRegistry();
		registry.learn(recordOf(0, MOST_ENTRIES));
		for (let n = 0; n < 50; n++) (await claimed(registry, MOST_ENTRIES + n)).keep();
		const { record } = await claimed(registry, 5000);
		expect(MOST_ENTRIES).toBe(1000);
		expect(Object.keys(said(record()))).toHaveLength(MOST_ENTRIES);
		expect(Object.keys(said(record()))[0]).toBe(refOf(51));
		expect(Object.keys(said(record())).at(-1)).toBe(refOf(5000));
	});

	it('is the same where payments change: they become the youngest', async () => {
		const registry = new EventRegistry();
		registry.learn(recordOf(0, MOST_ENTRIES, 'pending'));
		(await claimed(registry, 0, 'expired')).keep();
		const { record } = await claimed(registry, 5000);
		expect(said(record())[refOf(0)]).toBe('expired');
		expect(said(record())[refOf(1)]).toBeUndefined();
	});

	it('is bounded when too much is learnt', async () => {
		const registry = new EventRegistry();
		registry.learn(recordOf(0, 3000));
		const { record } = await claimed(registry, 5000);
		expect(Object.keys(said(record()))).toHaveLength(MOST_ENTRIES);
		expect(said(record())[refOf(2999)]).toBe('paid');
	});

	it('is not spent on an older copy of the record: what is younger stays', async () => {
		const registry = new EventRegistry();
		const olderCopy = recordOf(0, MOST_ENTRIES);
		registry.learn(olderCopy);
		for (let n = 0; n < 10; n++) (await claimed(registry, MOST_ENTRIES + n)).keep();
		registry.learn(olderCopy);
		const { record } = await claimed(registry, 5000);
		expect(Object.keys(said(record()))).toEqual([...Object.keys(entriesOf(11, 1010)), refOf(5000)]);
	});

	it.each(['attemptFailed:99', 'partiallyPaid:10000000'])(
		'stays below 64 kB where all payments are %s',
		async (text) => {
			const registry = new EventRegistry();
			registry.learn(recordOf(0, MOST_ENTRIES, `${text}+unknown`));
			const { record } = await claimed(registry, 0);
			expect(said(record())[refOf(1)]).toBe(`${text}+unknown`);
			expect(Object.keys(said(record()))).toHaveLength(MOST_ENTRIES);
			expect(bytesOf(record())).toBeLessThanOrEqual(MOST_BYTES);
		},
	);

	it('stays below 64 kB where all payments have the largest amounts that are read', async () => {
		const registry = new EventRegistry();
		registry.learn(written({ [refOf(1)]: 'unknown' }));
		const { record } = await claimed(registry, 1, 'partiallyPaid', LARGEST_AMOUNT);
		const bytes = bytesOf(record()) - bytesOf(written({}));
		expect(bytes * MOST_ENTRIES + 100).toBeLessThanOrEqual(MOST_BYTES);
	});

	it('stays below 64 kB whatever is learnt', async () => {
		const registry = new EventRegistry();
		registry.learn(
			written({
				['x'.repeat(100_000)]: 'paid',
				[refOf(1)]: 'pending+'.repeat(9_999) + 'paid',
			}),
		);
		expect(bytesOf((await claimed(registry, 2)).record())).toBeLessThanOrEqual(MOST_BYTES);
	});
});
