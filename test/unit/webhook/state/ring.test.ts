import { Ring, WIDTH } from '../../../../nodes/Konnect/webhook/state/ring';

const ringOf = (most: number, ...names: string[]) => {
	const ring = new Ring(most);
	for (const name of names) ring.add(name);
	return ring;
};

describe('a ring', () => {
	it('knows the last names, and drops the oldest for a new one', () => {
		const ring = ringOf(2, 'a', 'b', 'b', 'c');
		expect(['a', 'b', 'c'].map((name) => ring.has(name))).toEqual([false, true, true]);
		expect(ring.text).toHaveLength(2 * WIDTH);
	});

	it('forgets a name that is taken back, and no other', () => {
		const ring = ringOf(3, 'a', 'b');
		ring.delete('a');
		ring.delete('never');
		expect([ring.has('a'), ring.has('b')]).toEqual([false, true]);
		expect(ring.text).toBe(ringOf(3, 'b').text);
	});

	it('is the same after it was written and read', () => {
		const [ring, read] = [ringOf(3, 'a', 'b'), new Ring(3)];
		expect(read.learn(ring.text)).toBe(false);
		expect(read.text).toBe(ring.text);
		expect(read.learn(ring.text)).toBe(false);
	});

	it('learns what another knows, keeps its order, and says whether it knows more', () => {
		const ring = ringOf(9, 'b', 'd');
		expect(ring.learn(ringOf(9, 'a', 'b', 'c', 'd', 'e').text)).toBe(false);
		expect(ring.text).toBe(ringOf(9, 'a', 'b', 'c', 'd', 'e').text);
		expect(ring.learn(ringOf(9, 'f', 'b').text)).toBe(true);
		expect(ring.text).toBe(ringOf(9, 'a', 'f', 'b', 'c', 'd', 'e').text);
	});

	it('makes no old name newer by learning it again', () => {
		const old = ringOf(3, 'a', 'b');
		const ring = ringOf(3, 'a', 'b', 'c', 'd');
		ring.learn(old.text);
		expect(['a', 'b', 'c', 'd'].map((name) => ring.has(name))).toEqual([false, true, true, true]);
	});

	it.each(['', '1234567', '!'.repeat(80), '[object Object]', ' '])(
		'takes nothing from a text of another kind: "%s"',
		(text) => {
			const ring = ringOf(3, 'a');
			ring.learn(text);
			expect(ring.text).toBe(ringOf(3, 'a').text);
		},
	);
});
