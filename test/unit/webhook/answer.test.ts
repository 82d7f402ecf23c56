import type { Caller } from '../../../nodes/Konnect/webhook/answer';
import { answerTo, isBrowser, logLineFor } from '../../../nodes/Konnect/webhook/answer';
import type { Again, Decision, Run } from '../../../nodes/Konnect/webhook/decision';
import { Current, Final, Settled } from '../../../nodes/Konnect/webhook/decision';
import { BANK, NO_ANSWER, Patience } from '../../../nodes/Konnect/webhook/patience';
import { browser, DATE, plain, REF, says, server } from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';

const current = <T>(value: T) => Current.of({ value, askedAt: 0 }, { at: 0 }) as Current<T>;

function settledAs(state: 'completed' | 'expired'): Settled {
	const outcome = says({ status: state });
	return Settled.of((outcome as Extract<typeof outcome, { ok: true }>).value) as Settled;
}

const PAID = settledAs('completed');
const EXPIRED = settledAs('expired');
const open = (changes: Partial<Again> = {}): Again => ({
	why: 'open',
	paymentRef: REF,
	...changes,
});
const run = (then: Final | Again): Run => ({
	items: [{}],
	claim: undefined,
	paymentRef: REF,
	state: 'paid',
	then,
});
const MISMATCH = { field: 'amount', expected: 5, actual: 7 } as const;

const FINAL = {
	malformed: Final.malformed('payment_ref is missing'),
	unsigned: Final.unsigned(current(connection), 'the webhook address is not signed'),
	notFound: Final.notFound(current('notFound'), current(connection), 'unknown'),
	mismatched: Final.mismatched(current(PAID), current(connection), [MISMATCH]),
	notChosen: Final.notChosen(EXPIRED, 'not chosen'),
	done: Final.done(PAID, 'seen'),
};

const ask = (decision: Decision, caller: Partial<Caller> = {}, isWatched = true) =>
	answerTo(decision, { ...browser, ...caller }, DATE, isWatched);
const pageOf = (...args: Parameters<typeof ask>) => {
	const { status, headers, body } = ask(...args);
	return { status, headers, heading: /<h1>(.*)<\/h1>/.exec(String(body))?.[1] };
};

describe('a server', () => {
	it.each<[string, Decision, number, string]>([
		['malformed', FINAL.malformed, 400, 'refused'],
		['unsigned', FINAL.unsigned, 401, 'refused'],
		['not found', FINAL.notFound, 404, 'refused'],
		['mismatched', FINAL.mismatched, 200, 'ignored'],
		['not chosen', FINAL.notChosen, 200, 'ignored'],
		['seen', FINAL.done, 200, 'duplicate'],
		['a run', run(FINAL.done), 200, 'accepted'],
		['open', open(), 503, 'failed'],
		['unseen', open({ why: 'unseen' }), 404, 'failed'],
		['the owner', open({ why: { owner: { message: 'm', description: 'd' } } }), 502, 'failed'],
		['one ended of several', open({ final: FINAL.notChosen }), 200, 'ignored'],
	])('is told by a status and a word: %s', (_name, decision, status, result) => {
		const answer = answerTo(decision, server, DATE, true);
		expect(answer).toMatchObject({ status, body: { result } });
		expect(answer.headers['Retry-After']).toBe(status === 503 ? '10' : undefined);
		expect(answer.headers).not.toHaveProperty('Refresh');
		expect(answer.headers).toMatchObject({
			'Cache-Control': 'no-store',
			'Referrer-Policy': 'no-referrer',
			'X-Content-Type-Options': 'nosniff',
		});
	});

	it('is not told the values by which a payment differs', () => {
		const { body } = answerTo(FINAL.mismatched, server, DATE, true);
		expect(body).toEqual({
			result: 'ignored',
			reason: 'the payment is not the expected one: amount',
		});
	});

	it('is told the state of what has started the workflow, and to come again for the rest', () => {
		expect(answerTo(run(FINAL.done), server, DATE, true).body).toEqual({
			result: 'accepted',
			state: 'paid',
		});
		expect(answerTo(FINAL.done, server, DATE, true).body).toMatchObject({ state: 'paid' });
		expect(answerTo(open(), server, DATE, true).body).toMatchObject({
			reason: 'the payment has not settled yet, repeat the call later',
		});
		expect(answerTo(open({ why: 'away' }), server, DATE, true).body).toMatchObject({
			reason: 'the payment cannot be verified just now, repeat the call later',
		});
		const why = { owner: { message: 'm', description: 'd' } };
		expect(answerTo(open({ why }), server, DATE, true).body).toMatchObject({
			reason: 'the payment could not be verified',
		});
	});
});

describe('a page', () => {
	it.each<[string, Decision, number, string]>([
		['malformed', FINAL.malformed, 400, 'This address belongs to no payment'],
		['unsigned', FINAL.unsigned, 401, 'This address belongs to no payment'],
		['not found', FINAL.notFound, 404, 'This address belongs to no payment'],
		['mismatched', FINAL.mismatched, 200, 'This address belongs to no payment'],
		['expired', FINAL.notChosen, 200, 'The payment link has expired'],
		['paid', FINAL.done, 200, 'Payment received'],
		['paid, and not chosen', Final.notChosen(PAID, 'not chosen'), 200, 'Payment received'],
		['a run', run(FINAL.done), 200, 'Payment received'],
		['an open run', run(open({ state: 'attemptFailed' })), 503, 'The payment did not go through'],
		['pending', open({ state: 'pending' }), 503, 'The payment is being confirmed'],
		['an unknown status', open({ state: 'unknown' }), 503, 'The payment is being confirmed'],
		['paid, n8n still stores', open({ why: 'busy', state: 'paid' }), 503, 'Payment received'],
		['Konnect is away', open({ why: 'away' }), 503, 'The payment is being confirmed'],
	])('says how the payment stands: %s', (_name, decision, status, heading) => {
		expect(pageOf(decision)).toMatchObject({ status, heading });
	});

	it('asks again while the state can change, and may be kept by the browser once it cannot', () => {
		expect(ask(open()).headers.Refresh).toMatch(/^2;url=\?payment_ref=/);
		expect(ask(FINAL.done).headers.Refresh).toBeUndefined();
		expect(ask(FINAL.done).headers['Cache-Control']).toMatch(/immutable/);
		expect(ask(FINAL.notChosen).headers['Cache-Control']).toBe('no-store');
		expect(ask(FINAL.notChosen, { isOneTime: true }).headers['Cache-Control']).toMatch(/immutable/);
		expect(ask(FINAL.mismatched).headers['Cache-Control']).toBe('no-store');
	});

	const LAST = 'The payment could not be confirmed here';
	it.each<[string, Again, boolean, number, string]>([
		[
			'two minutes where a watch keeps looking',
			open({ state: 'pending' }),
			true,
			BANK,
			'Not paid yet',
		],
		['ten where none does', open({ state: 'pending' }), false, NO_ANSWER, 'Not paid yet'],
		['ten where nobody was asked', open({ why: 'away', state: 'pending' }), true, NO_ANSWER, LAST],
		['ten where nobody knows the payment', open({ why: 'late' }), true, NO_ANSWER, LAST],
		['two of a status that nobody knows', open({ state: 'unknown' }), true, BANK, LAST],
	])('asks for %s', (_name, decision, isWatched, atMost, lastHeading) => {
		const after = (waited: number) => {
			const search = plain();
			search.set('konnect_since', String(DATE - waited));
			return pageOf(decision, { patience: new Patience(search, DATE) }, isWatched);
		};
		expect(after(atMost - 1).headers.Refresh).toBeDefined();
		const last = after(atMost);
		expect(last.headers.Refresh).toBeUndefined();
		expect(last).toMatchObject({ status: 200, heading: lastHeading });
	});

	it('shows that it asks again, and that the shop is being told while n8n stores a paid payment', () => {
		const paid = open({ why: 'busy', state: 'paid' });
		expect(ask(open()).body).toContain('class="mark busy"');
		expect(ask(FINAL.done).body).not.toContain('class="mark busy"');
		expect(ask(paid).body).toContain('<p>Thank you. The shop is being told.</p>');
		expect(ask(paid, {}, false).body).toContain('being told. Please keep');
	});

	it('runs no script, loads nothing, and names its character set', () => {
		expect(ask(open()).headers).toMatchObject({
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		});
	});

	it('links to the pay page where the payer can still pay', () => {
		const payUrlOf = (ref: string) => `https://pay.example/?a="&ref=${ref}`;
		const body = String(ask(open({ state: 'attemptFailed' }), { payUrlOf }).body);
		expect(body).toContain(`<a href="https://pay.example/?a=&quot;&amp;ref=${REF}">Try again</a>`);
		for (const decision of [open({ state: 'pending' }), FINAL.done, FINAL.notChosen]) {
			expect(ask(decision, { payUrlOf }).body).not.toContain('<a ');
		}
	});
});

describe('the owner’s own pages', () => {
	const urls = {
		successUrl: '\u200bhttps://shop.example/thanks?from=konnect\u200e',
		failUrl: 'https://shop.example/again',
	};
	const locationOf = (decision: Decision, isWatched = true, changes = {}) =>
		ask(decision, { ...urls, ...changes }, isWatched).headers.Location;

	it('receive the payer whose payment has ended, with its id', () => {
		expect(ask(FINAL.done, urls)).toMatchObject({ status: 302, body: '' });
		const thanks = `https://shop.example/thanks?from=konnect&payment_ref=${REF}`;
		expect([locationOf(FINAL.done), locationOf(run(FINAL.done))]).toEqual([thanks, thanks]);
		expect(locationOf(FINAL.notChosen)).toBe(`${urls.failUrl}?payment_ref=${REF}`);
	});

	it('receive a payer whose attempt has failed only where a watch keeps looking', () => {
		const failed = open({ state: 'attemptFailed' });
		expect(locationOf(failed)).toBe(`${urls.failUrl}?payment_ref=${REF}`);
		expect(locationOf(failed, false)).toBeUndefined();
	});

	it.each<[string, Decision]>([
		['nothing is known', open()],
		['a part is paid', open({ state: 'partiallyPaid' })],
		['n8n still stores', open({ why: 'busy', state: 'paid' })],
		['the address names none', FINAL.malformed],
		['the address is not ours', FINAL.unsigned],
		['Konnect knows none', FINAL.notFound],
		['the payment is another', FINAL.mismatched],
	])('receive no payer while %s', (_name, decision) => {
		expect(locationOf(decision)).toBeUndefined();
	});

	it.each(['', 'javascript:alert(1)', 'shop.example', 'https://', 'app:https://shop.example'])(
		'are none: "%s"',
		(successUrl) => {
			expect(locationOf(FINAL.done, true, { successUrl })).toBeUndefined();
		},
	);

	it('receive no server', () => {
		expect(answerTo(FINAL.done, { ...server, ...urls }, DATE, true).status).toBe(200);
	});
});

it.each([
	[{ accept: 'Text/HTML,*/*' }, true],
	[{ accept: 'application/json' }, false],
	[{ accept: '*/*', 'user-agent': 'Mozilla/5.0 (iPhone) Instagram' }, true],
	[{ accept: '*/*', 'user-agent': 'axios/1.7 Mozilla/5.0' }, false],
	[{ accept: 'application/json', 'user-agent': 'Mozilla/5.0' }, false],
	[{ 'sec-fetch-dest': 'document' }, true],
	[{ 'sec-fetch-dest': 'empty' }, false],
	[{}, false],
])('headers %j are a browser’s: %s', (headers, expected) => {
	expect(isBrowser(headers)).toBe(expected);
});

it('the log names the payment and the decision, or the owner’s problem', () => {
	expect(logLineFor(run(FINAL.done), 'Node', undefined)).toBe(`Node: 200 accepted: ${REF}:paid`);
	expect(logLineFor(FINAL.done, 'Node', undefined)).toBe(`Node: 200 duplicate: ${REF}:paid, seen`);
	expect(logLineFor(FINAL.malformed, 'Node', undefined)).toBe(
		'Node: 400 refused: payment_ref is missing',
	);
	expect(logLineFor(FINAL.mismatched, 'Node', 'not taken')).toBe('Node: 200 ignored: not taken');
});
