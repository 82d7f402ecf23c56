import { isWorthRepeating, readRetryAfter, waitAfter } from '../../../nodes/Konnect/api/request';
import type { Reply } from '../../../nodes/Konnect/api/request';
import { answer, silence } from '../../fixtures/konnect';

const NOW = Date.parse('2026-11-01T10:00:00.000Z');

it.each<['GET' | 'POST', boolean, Reply[]]>([
	['GET', true, [answer(500), answer(503), silence('ECONNRESET')]],
	['GET', false, [answer(200), answer(404), { kind: 'held' }, silence('ERR_CANCELED')]],
	['POST', false, [answer(200), answer(404), answer(503), silence('ECONNREFUSED', false)]],
])('a %s is repeated (%s) after these replies', (method, isRepeated, replies) => {
	for (const reply of replies) {
		expect([reply, isWorthRepeating(method, reply)]).toEqual([reply, isRepeated]);
	}
});

describe('the wait before a read is tried again that Konnect did not refuse for coming too fast', () => {
	it.each([
		[1, 500],
		[2, 1000],
		[3, 2000],
		[4, 4000],
		[5, 5000],
		[50, 5000],
	])('after try %i is up to %i ms, and at most a quarter less', (tries, longest) => {
		expect(waitAfter(tries, answer(503), 0)).toBe(longest);
		expect(waitAfter(tries, silence('ECONNRESET'), 1)).toBe(longest * 0.75);
	});

	it.each([0, 1000, 30_000])('is what Konnect asks for: %i ms', (asked) => {
		expect(waitAfter(1, answer(503, undefined, asked), 0.5)).toBe(asked);
	});

	it('is none where Konnect asks for more than half a minute', () => {
		expect(waitAfter(1, answer(503, undefined, 30_001), 0)).toBeUndefined();
	});
});

describe('a Retry-After header', () => {
	it.each([
		['0', 0],
		['7', 7000],
		[' 7 ', 7000],
		['Sun, 01 Nov 2026 10:00:20 GMT', 20_000],
		['Sun, 01 Nov 2026 09:00:00 GMT', 0],
	])('%p asks for %i ms', (header, wait) => {
		expect(readRetryAfter(header, NOW)).toBe(wait);
	});

	it.each([undefined, '', 7, ['7'], '-1', '7 seconds', 'at Sun, 01 Nov 2026 10:00:20 GMT'])(
		'%p asks for nothing that can be understood',
		(header) => {
			expect(readRetryAfter(header, NOW)).toBeUndefined();
		},
	);
});
