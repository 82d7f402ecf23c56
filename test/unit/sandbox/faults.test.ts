import { faultsOfTexts, parseFaults } from '../../../sandbox/faultFields';
import { other, useSandbox } from './harness';

const client = useSandbox();

describe('faults', () => {
	it.each([
		['html is a page instead of JSON', { html: true }, 200, /<html>/],
		['html can have the status asked for', { html: true, status: 502 }, 502, /<html>/],
		['a status that has no body can be asked for', { status: 204 }, 204, /^$/],
	])('%s', async (_name, faults, status, text) => {
		client.sandbox.setFaults(faults);
		const answer = await client.init();
		expect(answer.status).toBe(status);
		expect(answer.text).toMatch(text);
	});

	it('cut before carries nothing out, cut after does, and neither answers', async () => {
		client.sandbox.setFaults({ cut: 'before' });
		await expect(client.init()).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(client.sandbox.payments()).toHaveLength(0);
		client.sandbox.setFaults({ cut: 'after' });
		await expect(client.init()).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(client.sandbox.payments()).toHaveLength(1);
		expect(client.sandbox.requests.map(({ status }) => status)).toEqual([0, 0]);
	});
});

describe('faults from outside', () => {
	it.each<object>([
		{ latency: -1 },
		{ latency: '200' },
		{ status: 42 },
		{ status: 700 },
		{ retryAfter: 'a\r\nb' },
		{ html: 'yes' },
		{ cut: 'during' },
		{ match: 'post' },
		{ calls: 'nobody' },
		{ settlesAfter: 1.5 },
		{ constructor: 1 },
		{ tyops: true },
	])('%j is refused', (input: object) => {
		expect(() => parseFaults(input)).toThrow();
	});

	it('are read from what was typed, without those that were left empty', () => {
		const typed = { status: '503', retryAfter: '5', html: 'true', latency: '' };
		const read = { status: 503, retryAfter: '5', html: true };
		const off = { outOfOrderWebhooks: false };
		expect(faultsOfTexts({ ...typed, outOfOrderWebhooks: 'false' })).toEqual({ ...read, ...off });
	});
});

describe('a rate limit', () => {
	let time = 1_700_000_000_000;
	const limited = useSandbox({ rateLimit: 2, now: () => time });

	it('refuses the third request of a key in a minute with Retry-After, and that key only', async () => {
		const ref = await limited.make();
		expect((await limited.get(ref)).status).toBe(200);
		const refused = await limited.get(ref);
		expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
		expect((await limited.get(ref, other.apiKey)).status).toBe(200);
		time += 60_001;
		expect((await limited.get(ref)).status).toBe(200);
	});
});
