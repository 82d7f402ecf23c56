import { parseFaults } from '../../../sandbox/faultFields';
import { call, useSandbox } from './harness';

const client = useSandbox();

describe('faults', () => {
	it.each([
		[429, 7],
		[503, 'Wed, 21 Oct 2026 07:28:00 GMT'],
		[500, undefined],
	] as const)(
		'status %p answers the envelope with Retry-After %p and does not carry out the request',
		async (status, retryAfter) => {
			client.sandbox.setFaults({ status, retryAfter });
			const answer = await client.init();
			expect(answer.status).toBe(status);
			expect(answer.headers['retry-after']).toBe(retryAfter && String(retryAfter));
			expect(answer.json().errors).toHaveLength(1);
			expect(client.sandbox.payments()).toEqual([]);
			expect(client.sandbox.requests[0]?.status).toBe(status);
		},
	);

	it.each([
		['html is a page instead of JSON', { html: true }, 200, /<html>/],
		['html can have the status asked for', { html: true, status: 502 }, 502, /<html>/],
		['a status that has no body can be asked for', { status: 204 }, 204, /^$/],
		['emptyBody leaves the status and nothing else', { emptyBody: true }, 200, /^$/],
		['truncated stops the JSON halfway', { truncated: true }, 200, /^\{"payUrl"[^}]*$/],
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

	it('match hits one endpoint only, and requests to others are not counted', async () => {
		client.sandbox.setFaults({ status: 503, match: 'get', times: 1 });
		const ref = await client.make();
		await client.make();
		expect((await client.get(ref)).status).toBe(503);
		expect((await client.get(ref)).status).toBe(200);
		client.sandbox.setFaults({ status: 503, match: 'init' });
		expect((await client.get(ref)).status).toBe(200);
		expect((await client.init()).status).toBe(503);
	});

	it('are replaced as a whole', async () => {
		client.sandbox.setFaults({ status: 503 });
		client.sandbox.setFaults({ latency: 1 });
		expect((await client.init()).status).toBe(200);
	});

	it('leave the pay page and the admin routes alone', async () => {
		const ref = await client.make();
		client.sandbox.setFaults({ status: 503 });
		expect((await call(`${client.sandbox.url}/pay?payment_ref=${ref}`)).status).toBe(200);
		expect((await call(`${client.sandbox.url}/admin`)).status).toBe(200);
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

	it('are taken when they are right, without those that are undefined', () => {
		expect(parseFaults({ status: 503, html: undefined, cut: 'after' })).toEqual({
			status: 503,
			cut: 'after',
		});
	});
});
