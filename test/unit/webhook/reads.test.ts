import fc from 'fast-check';

import { SharedReads } from '../../../nodes/Konnect/webhook/reads';

/** Lets what is due happen. */
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** Reads that end when the test says so. */
function slowReads() {
	const ends: Array<{ end: () => void; fail: () => void }> = [];
	const begin = () =>
		new Promise<number>((resolve, reject) => {
			const number = ends.length + 1;
			ends.push({ end: () => resolve(number), fail: () => reject(new Error('no answer')) });
		});
	return { ends, begin };
}

describe('calls for one payment that come together', () => {
	it('share one read, and those that come while it is under way share the next', async () => {
		const reads = new SharedReads<number>(30, 500);
		const { ends, begin } = slowReads();
		const call = () => reads.read('a', begin);
		const together = Array.from({ length: 100 }, call);
		await tick();
		expect(ends).toHaveLength(1);
		const later = Array.from({ length: 100 }, call);
		ends[0]?.end();
		expect(await Promise.all(together)).toEqual(Array<number>(100).fill(1));
		await tick();
		expect(ends).toHaveLength(2);
		ends[1]?.end();
		expect(await Promise.all(later)).toEqual(Array<number>(100).fill(2));
		expect(ends).toHaveLength(2);
	});

	it('never get what was read before they came', async () => {
		const steps = fc.array(fc.constantFrom('call', 'end'), { maxLength: 30 });
		await fc.assert(
			fc.asyncProperty(steps, async (plan) => {
				const reads = new SharedReads<number>(30, 500);
				const { ends, begin } = slowReads();
				const results: Array<Promise<void>> = [];
				let ended = 0;
				for (const step of plan) {
					if (step === 'call') {
						const begunBefore = ends.length;
						const result = reads.read('a', begin);
						results.push(
							Promise.resolve(result).then((number) => expect(number).toBeGreaterThan(begunBefore)),
						);
					} else if (ended < ends.length) {
						ends[ended++]?.end();
						await tick();
					}
				}
				await tick();
				while (ended < ends.length) {
					ends[ended++]?.end();
					await tick();
				}
				await Promise.all(results);
			}),
		);
	});

	it('read anew where the read before them failed', async () => {
		const reads = new SharedReads<number>(30, 500);
		const { ends, begin } = slowReads();
		const first = reads.read('a', begin);
		await tick();
		const second = reads.read('a', begin);
		ends[0]?.fail();
		await expect(first).rejects.toThrow('no answer');
		await tick();
		ends[1]?.end();
		expect(await second).toBe(2);
	});

	it('read anew once all is done', async () => {
		const reads = new SharedReads<string>(30, 500);
		expect(await reads.read('a', async () => 'then')).toBe('then');
		expect(await reads.read('a', async () => 'now')).toBe('now');
	});
});

describe('payments that are read at once', () => {
	it('are bounded: further ones wait in line, in order, until one is done', async () => {
		const reads = new SharedReads<number>(2, 4);
		const { ends, begin } = slowReads();
		const results = ['a', 'b', 'c', 'd'].map((key) => reads.read(key, begin));
		await tick();
		expect(ends).toHaveLength(2);
		ends[1]?.end();
		await tick();
		expect(ends).toHaveLength(3);
		ends[0]?.fail();
		await expect(results[0]).rejects.toThrow('no answer');
		await tick();
		expect(ends).toHaveLength(4);
		ends[2]?.end();
		ends[3]?.end();
		expect(await Promise.all(results.slice(1))).toEqual([2, 3, 4]);
	});

	it('are refused where too many wait, and taken again when there is room', async () => {
		const reads = new SharedReads<number>(1, 2);
		const { ends, begin } = slowReads();
		const [first] = ['a', 'b'].map((key) => reads.read(key, begin));
		expect(reads.read('c', begin)).toBeUndefined();
		await tick();
		ends[0]?.end();
		await first;
		await tick();
		expect(reads.read('c', begin)).toBeDefined();
	});

	it('can be joined while they wait, also where there is no room for another', async () => {
		const reads = new SharedReads<number>(1, 2);
		const { ends, begin } = slowReads();
		void reads.read('a', begin);
		const waiting = reads.read('b', begin);
		await tick();
		expect(reads.read('b', begin)).toBe(waiting);
		expect(reads.read('c', begin)).toBeUndefined();
		expect(ends).toHaveLength(1);
	});
});
