import type { WaitingItem } from '../../../nodes/Konnect/payment/waiting';
import { isAwaited, readWaiting, withFiles } from '../../../nodes/Konnect/payment/waiting';
import { awaited } from '../../fixtures/payments';

const AWAITED = awaited('6911c8a763c10de262b88c7c');
const DONE = { output: { state: 'paid' } };

describe('what an execution has stored with its wait', () => {
	it('is read as it was stored', () => {
		const stored = { key: 'one', until: 7, items: [AWAITED, DONE] };
		expect(readWaiting(stored)).toEqual(stored);
	});

	it.each([
		undefined,
		null,
		'text',
		[],
		{},
		{ key: 7, until: 7, items: [AWAITED] },
		{ key: 'one', until: null, items: [AWAITED] },
		{ key: 'one', until: 7, items: AWAITED },
	])('is none: %j', (stored) => {
		expect(readWaiting(stored)).toBeUndefined();
	});

	it.each([
		null,
		{ output: 'paid' },
		{ ...AWAITED, paymentId: 7 },
		{ ...AWAITED, resumeOn: 'paid' },
		{ ...AWAITED, calls: undefined },
	])('is none where one of its items cannot be read: %j', (item) => {
		expect(readWaiting({ key: 'one', until: 7, items: [AWAITED, item, DONE] })).toBeUndefined();
	});

	it('tells the payments that are awaited from those that are done', () => {
		expect([AWAITED, DONE].map((item) => isAwaited(item as WaitingItem))).toEqual([true, false]);
	});
});

it('what comes out has the files of the item that it belongs to', () => {
	const binary = { invoice: { mimeType: 'application/pdf', data: 'x' } };
	const [first, second] = [{ state: 'paid' }, { state: 'expired' }];
	expect(withFiles([first, second], [{}, { binary }])).toEqual([
		{ json: first, pairedItem: { item: 0 } },
		{ json: second, pairedItem: { item: 1 }, binary },
	]);
	expect(withFiles([first], [])).toEqual([{ json: first, pairedItem: { item: 0 } }]);
});
