import { BANK, NO_ANSWER, Patience } from '../../../nodes/Konnect/webhook/patience';
import { plain, REF } from '../../fixtures/calls';

const DATE = 1_790_000_000_000;

const patienceOf = (waited: number) => {
	const query = plain();
	query.set('konnect_since', String(DATE - waited));
	return new Patience(query, DATE);
};

it('a page says in its address since when it asks, in milliseconds', () => {
	const first = new Patience(plain(), DATE);
	expect(first.isAgain).toBe(false);
	expect(first.reload(DATE, BANK)).toBe(`2;url=?payment_ref=${REF}&konnect_since=${DATE}`);
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
