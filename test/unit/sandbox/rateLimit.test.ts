import { other, useSandbox } from './harness';

describe('a rate limit', () => {
	let time = 1_700_000_000_000;
	const limited = useSandbox({ rateLimit: 2, now: () => time });

	it('refuses the third request of a key in a minute with Retry-After, and that key only', async () => {
		const ref = await limited.make();
		expect((await limited.get(ref)).status).toBe(200);
		const refused = await limited.get(ref);
		expect(refused.status).toBe(429);
		expect(refused.headers['retry-after']).toBe('60');
		expect((await limited.get(ref, other.apiKey)).status).toBe(200);
		time += 60_001;
		expect((await limited.get(ref)).status).toBe(200);
	});
});
