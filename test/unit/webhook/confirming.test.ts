import { oldestAnswer } from '../../../nodes/Konnect/webhook/confirming';

const NOW = 1_790_000_000;

describe('an answer of Konnect that was begun before the call', () => {
	it.each([
		[undefined, 0],
		[0, 0],
		[1, 0],
		[2, 1],
		[21, 20],
		[31, 30],
		[100, 30],
		[119, 30],
		// What was asked after the bank has had its time.
		[120, 0],
		[121, 0],
		[131, 10],
		[500, 30],
	])('serves a page that has asked for %s s if it is no older than %d s', (elapsed, oldest) => {
		const search = new URLSearchParams();
		if (elapsed !== undefined) search.set('konnect_since', String(NOW - elapsed));
		expect(oldestAnswer(search, NOW)).toBe(oldest * 1_000);
	});
});
