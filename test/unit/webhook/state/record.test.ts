import type { Progress } from '../../../../nodes/Konnect/webhook/event';
import {
	fingerprintOf,
	formatProgress,
	parseProgress,
	parseRecord,
} from '../../../../nodes/Konnect/webhook/state/record';

describe('how far a payment has come', () => {
	it.each<[Progress, string]>([
		[{ last: undefined, unknown: [] }, ''],
		[{ last: { state: 'pending', news: 0 }, unknown: [] }, 'p'],
		[{ last: { state: 'attemptFailed', news: 2 }, unknown: [] }, 'f2'],
		[{ last: { state: 'partiallyPaid', news: 4000 }, unknown: [] }, 'h4000'],
		[
			{ last: { state: 'expired', news: 0 }, unknown: ['AbCd-_34', '12345678'] },
			'e+uAbCd-_34+u12345678',
		],
		[{ last: undefined, unknown: ['AbCd1234'] }, 'uAbCd1234'],
	])('%j is the text %j, and comes back from it', (progress, text) => {
		expect(formatProgress(progress)).toBe(text);
		if (text !== '') expect(parseProgress(text)).toEqual(progress);
	});

	it.each(['', 'x', 'xp', 'p ', 'f1.5', 'f1234567890123', 'u1234567', 'u123456789', 'p+', 'p++f1'])(
		'is not told by %j',
		(text) => {
			expect(parseProgress(text)).toBeUndefined();
		},
	);
});

describe('what static data remember', () => {
	it('is read: the mark, the paid payments, and the others with how far they came', () => {
		expect(parseRecord('mark AAAAAAAABBBBBBBB CCCCCCCCf2 DDDDDDDDp')).toEqual({
			mark: 'mark',
			paid: ['AAAAAAAA', 'BBBBBBBB'],
			open: [
				['CCCCCCCC', 'f2'],
				['DDDDDDDD', 'p'],
			],
		});
		expect(parseRecord('mark')).toEqual({ mark: 'mark', paid: [], open: [] });
	});

	it.each(['m AAAAAAAAB', 'm AAAA:AAA', 'm :AAAAAAA', 'm AAAAAAA:'])(
		'has no paid payments where they cannot be told: %s',
		(record) => {
			expect(parseRecord(record).paid).toEqual([]);
		},
	);

	it('knows payments by fingerprints that stay the same from version to version', () => {
		expect(fingerprintOf('6911c8a763c10de262b88c7c')).toBe('l6wK-_VZ');
	});
});
