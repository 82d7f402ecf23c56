import {
	BANK,
	NO_ANSWER,
	PAGE_COMES_AGAIN,
	Patience,
} from '../../../nodes/Konnect/webhook/patience';
import { DATE, plain, REF } from '../../fixtures/calls';

const patienceOf = (waited: number) => {
	const query = plain();
	query.set('konnect_since', String(DATE - waited));
	return new Patience(query, DATE);
};

it('the page’s address says since when it asks, in milliseconds', () => {
	const first = new Patience(plain(), DATE);
	expect(first.isAgain).toBe(false);
	expect(first.reload(DATE, BANK)).toBe(`2;url=?payment_ref=${REF}&konnect_since=${DATE}`);
});

it.each(['0', '-1', 'yesterday', String(DATE + 1)])(
	'a page that says %s has not asked before',
	(since) => {
		const query = plain();
		query.set('konnect_since', since);
		expect(new Patience(query, DATE).isAgain).toBe(false);
	},
);

it('a page that was loaded this very moment asks again', () => {
	expect(patienceOf(0).isAgain).toBe(true);
});

it('a page’s pauses grow, to 14 s at most with the 4 s that a load may take', () => {
	const pauses: string[] = [];
	for (let waited = 0; waited < BANK;) {
		const [pause = ''] = patienceOf(waited).reload(DATE, NO_ANSWER)?.split(';') ?? [];
		pauses.push(pause);
		waited += Number(pause) * 1_000 + 4_000;
	}
	expect(pauses.join(' ')).toBe('2 3 4 5 6 8 10 10 10 10 10');
	expect(PAGE_COMES_AGAIN).toBe(14_000);
});

it.each([
	[0, BANK, '2;'],
	[BANK - 1_000, BANK, '1;'],
	[BANK, BANK, undefined],
	[BANK, NO_ANSWER, '10;'],
])('a page that has asked for %d of %d ms asks again after %s', (waited, atMost, start) => {
	expect(patienceOf(waited).reload(DATE, atMost)?.slice(0, start?.length)).toBe(start);
});

it.each([
	[5_000, 5_000],
	[90_000, 30_000],
	[BANK, 0],
])('after %d ms a page takes an answer of Konnect that is %d ms old', (waited, oldest) => {
	expect(patienceOf(waited).oldestAnswer).toBe(oldest);
});
