import type { Connection } from '../../../../nodes/Konnect/api/connection';
import type { Result } from '../../../../nodes/Konnect/payment/result';
import { ok, refuse } from '../../../../nodes/Konnect/payment/result';
import { CredentialCache } from '../../../../nodes/Konnect/webhook/state/credential';
import { connection } from '../../../fixtures/konnect';
import { VirtualClock } from '../../../fixtures/virtualClock';

function cached(value: Result<Connection> = ok(connection)) {
	const clock = new VirtualClock();
	const cache = new CredentialCache(clock);
	let reads = 0;
	const used = (key = 'one') => ({
		key,
		read: async () => {
			reads++;
			return value;
		},
	});
	return { clock, cache, used, reads: () => reads };
}

describe('a credential', () => {
	it('that can be used is read once in ten seconds, however many calls come', async () => {
		const { clock, cache, used, reads } = cached();
		await Promise.all([cache.get(used()), cache.get(used())]);
		await clock.advance(9_999);
		expect(await cache.get(used())).toEqual(ok(connection));
		expect(reads()).toBe(1);
		await clock.advance(1);
		await cache.get(used());
		expect(reads()).toBe(2);
	});

	it('that cannot be used is read anew after a second', async () => {
		const { clock, cache, used, reads } = cached(refuse('gone', 'See to it.'));
		await cache.get(used());
		await clock.advance(999);
		expect((await cache.get(used()))?.ok).toBe(false);
		expect(reads()).toBe(1);
		await clock.advance(1);
		await cache.get(used());
		expect(reads()).toBe(2);
	});

	it('that n8n could not look for is looked for by the next call', async () => {
		const { cache, used, reads } = cached();
		const away = { key: 'one', read: async () => undefined };
		expect(await cache.get(away)).toBeUndefined();
		expect(await cache.get(used('one'))).toEqual(ok(connection));
		expect(reads()).toBe(1);
	});

	it('that refuses a call is read anew, but not twice in a second', async () => {
		const { clock, cache, used, reads } = cached();
		await cache.get(used());
		await clock.advance(999);
		await cache.readAnew(used());
		expect(reads()).toBe(1);
		await clock.advance(1);
		await cache.readAnew(used());
		expect(reads()).toBe(2);
	});

	it('is another one where the node was set to use another', async () => {
		const { cache, used, reads } = cached();
		await cache.get(used('one'));
		await cache.get(used('two'));
		await cache.readAnew(used('three'));
		expect(reads()).toBe(3);
	});

	it('that Konnect refuses is read anew, unless it was read since the call came', async () => {
		const { clock, cache, used, reads } = cached();
		await clock.advance(100);
		await cache.get(used());
		await cache.readAnew(used(), 100);
		expect(reads()).toBe(1);
		await cache.readAnew(used(), 101);
		expect(reads()).toBe(2);
	});

	it('that Konnect refuses is read anew ten times a minute within a second, and again a minute later', async () => {
		const { clock, cache, used, reads } = cached();
		await cache.get(used());
		const refused = async () => {
			await clock.advance(1);
			return await cache.readAnew(used(), clock.now());
		};
		for (let n = 0; n < 10; n++) expect(await refused()).toEqual(ok(connection));
		expect(await refused()).toBeUndefined();
		expect(reads()).toBe(11);
		await clock.advance(60_000);
		await cache.get(used());
		expect(await refused()).toEqual(ok(connection));
		expect(reads()).toBe(13);
	});

	it('is not forgotten when an earlier look at another one comes to nothing', async () => {
		const { cache, used, reads } = cached();
		let giveUp: (nothing: undefined) => void = () => {};
		const slow = cache.get({
			key: 'slow',
			read: async () => await new Promise<undefined>((resolve) => (giveUp = resolve)),
		});
		await cache.get(used());
		giveUp(undefined);
		expect(await slow).toBeUndefined();
		await cache.get(used());
		expect(reads()).toBe(1);
	});
});
