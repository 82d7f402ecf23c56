import type { Connection } from '../../../nodes/Konnect/api/connection';
import { toConnection } from '../../../nodes/Konnect/api/connection';
import type { Result } from '../../../nodes/Konnect/payment/result';
import { memoryOf, NodeMemory } from '../../../nodes/Konnect/webhook/memory';
import { failure, refOf, success } from '../../fixtures/calls';
import { changed, pending, realCompleted } from '../../fixtures/payments';

describe('a payment that Konnect does not know', () => {
	it('is taken for unknown for a minute', () => {
		let now = 1_000_000;
		const memory = new NodeMemory(() => now);
		expect(memory.isKnownMissing(refOf(1))).toBe(false);
		memory.rememberMissing(refOf(1));
		now += 59_999;
		expect(memory.isKnownMissing(refOf(1))).toBe(true);
		expect(memory.isKnownMissing(refOf(2))).toBe(false);
		now += 1;
		expect(memory.isKnownMissing(refOf(1))).toBe(false);
	});

	it('is forgotten before it costs memory: a thousand are remembered, the oldest goes first', () => {
		const memory = new NodeMemory(() => 0);
		for (let n = 0; n <= 1000; n++) memory.rememberMissing(refOf(n));
		expect(memory.isKnownMissing(refOf(0))).toBe(false);
		expect(memory.isKnownMissing(refOf(1))).toBe(true);
		memory.rememberMissing(refOf(1));
		memory.rememberMissing(refOf(1001));
		expect(memory.isKnownMissing(refOf(1))).toBe(true);
		expect(memory.isKnownMissing(refOf(2))).toBe(false);
	});
});

describe('a node', () => {
	it('reads no more than it can, and tells a call that has waited too long', async () => {
		const memory = new NodeMemory();
		const never = () => new Promise<never>(() => {});
		for (let n = 0; n < 30; n++) void memory.read(refOf(n), never, 60_000);
		let begun = false;
		const begin = async () => {
			begun = true;
			return failure('notFound');
		};
		expect(await memory.read(refOf(30), begin, 1)).toBe('overload');
		expect(begun).toBe(false);
		for (let n = 31; n < 500; n++) void memory.read(refOf(n), never, 60_000);
		expect(await memory.read(refOf(500), begin, 60_000)).toBe('overload');
	});

	it('has one memory for all its calls, and none with another node', () => {
		const memory = memoryOf('workflow-1', 'node-1');
		expect(memoryOf('workflow-1', 'node-1')).toBe(memory);
		expect(memoryOf('workflow-1', 'node-2')).not.toBe(memory);
		expect(memoryOf('workflow-2', 'node-1')).not.toBe(memory);
	});
});

describe('a payment that an execution waits for', () => {
	const world = () => {
		let now = 1_000_000;
		let reads = 0;
		const memory = new NodeMemory(() => now);
		const look = async (body: typeof pending, maxAge: number) =>
			await memory.reread(
				body.payment.id,
				async () => {
					reads++;
					return success(body);
				},
				60_000,
				maxAge,
			);
		return { look, reads: () => reads, pass: (time: number) => (now += time) };
	};

	it('is read anew for who knows it, and within ten seconds once for strangers', async () => {
		const { look, reads, pass } = world();
		await look(pending, 0);
		await look(pending, 0);
		expect(reads()).toBe(2);
		pass(9_999);
		await look(pending, 10_000);
		expect(reads()).toBe(2);
		pass(1);
		await look(pending, 10_000);
		expect(reads()).toBe(3);
	});

	it('is not read again once it is paid', async () => {
		const { look, reads, pass } = world();
		const paid = changed(realCompleted, { id: pending.payment.id }) as typeof pending;
		await look(paid, 0);
		pass(60 * 60_000);
		expect(await look(pending, 0)).toMatchObject({ value: { state: 'paid' } });
		expect(reads()).toBe(1);
	});
});

describe('the credential of a node', () => {
	const clock = () => {
		let now = 1_000_000;
		let reads = 0;
		const memory = new NodeMemory(() => now);
		const read = (result: Result<Connection>) => async () => {
			reads++;
			return result;
		};
		return { memory, read, pass: (ms: number) => (now += ms), reads: () => reads };
	};
	const good = toConnection({ apiKey: 'organisation:key' });
	const bad = toConnection({ apiKey: 'nocolon' });

	it('is read once for all calls of ten seconds, also for those that come together', async () => {
		const { memory, read, pass, reads } = clock();
		await Promise.all([1, 2, 3].map(() => memory.connect('1', read(good))));
		pass(9_999);
		expect(await memory.connect('1', read(bad))).toBe(good);
		expect(reads()).toBe(1);
		pass(1);
		expect(await memory.connect('1', read(bad))).toBe(bad);
		expect(reads()).toBe(2);
	});

	it('is read anew for a call that it refuses, at most once a second', async () => {
		const { memory, read, pass, reads } = clock();
		await memory.connect('1', read(good));
		pass(999);
		for (let call = 0; call < 100; call++) await memory.reconnect('1', read(bad));
		expect(reads()).toBe(1);
		pass(1);
		for (let call = 0; call < 100; call++) await memory.reconnect('1', read(bad));
		expect(reads()).toBe(2);
	});

	it('is read anew a second after it was found to be unusable', async () => {
		const { memory, read, pass } = clock();
		expect(await memory.connect('1', read(bad))).toBe(bad);
		expect(await memory.connect('1', read(good))).toBe(bad);
		pass(1_000);
		expect(await memory.connect('1', read(good))).toBe(good);
	});

	it('is another one as soon as the node is set to another one', async () => {
		const { memory, read } = clock();
		await memory.connect('1', read(bad));
		expect(await memory.connect('2', read(good))).toBe(good);
	});
});
