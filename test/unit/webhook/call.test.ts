import fc from 'fast-check';

import { readCall } from '../../../nodes/Konnect/webhook/call';

const REF = '6911c8a763c10de262b88c7c';

describe('a call that names a payment', () => {
	it('is read with the other parameters as they came', () => {
		const query = { cart_id: '6670', payment_ref: REF, tags: ['a', 'b'], nested: { x: '1' } };
		expect(readCall(query)).toEqual({
			ok: true,
			call: {
				paymentRef: REF,
				terms: undefined,
				query: { cart_id: '6670', tags: ['a', 'b'], nested: { x: '1' } },
			},
		});
	});

	it('is read in lower case, so that one payment has one name', () => {
		const reading = readCall({ payment_ref: REF.toUpperCase() });
		expect(reading).toEqual({ ok: true, call: { paymentRef: REF, terms: undefined, query: {} } });
	});

	it('is read from a query without prototype', () => {
		const query = Object.assign(Object.create(null), { payment_ref: REF });
		expect(readCall(query).ok).toBe(true);
	});

	it('may have parameters of any name', () => {
		const query = JSON.parse(
			`{"payment_ref":"${REF}","__proto__":{"admin":true},"constructor":"x","":"y"}`,
		);
		const reading = readCall(query);
		expect(reading.ok).toBe(true);
		expect('admin' in reading).toBe(false);
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});
});

describe('a call is malformed', () => {
	it.each([undefined, null, {}, { ref: REF }, { PAYMENT_REF: REF }, '', 7, true, [], [REF]])(
		'where payment_ref is missing: %j',
		(query) => {
			expect(readCall(query)).toEqual({ ok: false, reason: 'payment_ref is missing' });
		},
	);

	it.each([
		[[REF]],
		[[REF, REF]],
		[{ $ne: '' }],
		[{ 0: REF }],
		[null],
		[7],
		[true],
		[[]],
		[[[REF]]],
	])('where payment_ref is not one value: %j', (ref) => {
		const reading = readCall({ payment_ref: ref });
		expect(reading).toEqual({ ok: false, reason: 'payment_ref is not one value' });
	});

	it.each([
		'',
		' ',
		REF.slice(1),
		`${REF}0`,
		` ${REF}`,
		`${REF}\n`,
		`${REF}\0`,
		`${REF.slice(0, 23)}g`,
		`${REF},${REF}`,
		`../${REF.slice(3)}`,
		`%36${REF.slice(1)}`,
		`{{${REF.slice(4)}}}`,
		'٦'.repeat(24),
		'ａ'.repeat(24),
		'a'.repeat(100_000),
		'__proto__',
		'null',
	])('where payment_ref is no id', (ref) => {
		const reading = readCall({ payment_ref: ref });
		expect(reading).toEqual({ ok: false, reason: 'payment_ref is not a payment id' });
	});

	it('unless payment_ref is one text of 24 hexadecimal characters, and reading it never fails', () => {
		const ref = fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^[0-9a-fA-F]{23,25}$/));
		const queries = fc.oneof(fc.anything(), fc.record({ payment_ref: ref, other: fc.anything() }));
		fc.assert(
			fc.property(queries, (query) => {
				const reading = readCall(query);
				if (!reading.ok) expect(reading.reason).toMatch(/^payment_ref is /);
				else expect(reading.call.paymentRef).toMatch(/^[0-9a-f]{24}$/);
			}),
			{ numRuns: 10_000 },
		);
	});
});
