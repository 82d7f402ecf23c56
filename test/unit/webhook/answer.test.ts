import type { Caller } from '../../../nodes/Konnect/webhook/answer';
import { answerTo } from '../../../nodes/Konnect/webhook/answer';
import type { Decision } from '../../../nodes/Konnect/webhook/decision';
import { BUSY, LATE, NOT_FOUND, NOT_STORED } from '../../../nodes/Konnect/webhook/decision';
import { refOf } from '../../fixtures/calls';

const NOW = 1_790_000_000;
const REF = refOf(7);

const server: Caller = {
	respond: 'auto',
	successUrl: 'https://shop.example/thanks?lang=fr#top',
	failUrl: 'https://shop.example/sorry',
	accept: '*/*',
	acceptLanguage: undefined,
	search: new URLSearchParams({ payment_ref: REF, cart_id: '<script>' }),
	date: NOW,
	isOneTime: false,
};
const browser: Caller = { ...server, accept: 'text/html,*/*;q=0.8', acceptLanguage: 'fr' };

const decided = (kind: 'run' | 'duplicate' | 'ignored' | 'mismatched', state = 'paid'): Decision =>
	({ kind, state, paymentRef: REF, reason: 'because', items: [], isSettled: true }) as never;
const UNSETTLED: Decision = { kind: 'unsettled', state: 'pending', paymentRef: REF };
const PENDING = { ...decided('run', 'pending'), isSettled: false } as Decision;
const SECRET_PROBLEM = { message: 'the key is secret', description: 'very' };

describe('a server', () => {
	it.each<[string, Decision, number, string]>([
		['malformed', { kind: 'malformed', reason: 'x' }, 400, 'refused'],
		['unsigned', { kind: 'unsigned', reason: 'x' }, 401, 'refused'],
		['unknown', NOT_FOUND, 404, 'refused'],
		['misconfigured', { kind: 'misconfigured', problem: SECRET_PROBLEM }, 502, 'failed'],
		['late', LATE, 503, 'failed'],
		['busy', BUSY, 503, 'failed'],
		['not stored', NOT_STORED, 503, 'failed'],
		['unsettled', UNSETTLED, 503, 'failed'],
		['another state', decided('ignored', 'attemptFailed'), 200, 'ignored'],
		['mismatched', decided('mismatched'), 200, 'ignored'],
		['a repeat', decided('duplicate'), 200, 'duplicate'],
		['news', decided('run'), 200, 'accepted'],
		['news, with more under way', PENDING, 503, 'accepted'],
	])('is told of what is %s', (_name, decision, status, result) => {
		const answer = answerTo(decision, server);
		expect(answer).toMatchObject({ status, body: { result } });
		expect(answer.headers['Retry-After']).toBe(status === 503 ? '10' : undefined);
		expect(answer.headers['Cache-Control']).toBe('no-store');
		expect(answer.headers.Refresh).toBeUndefined();
		expect(JSON.stringify(answer)).not.toContain('secret');
	});
});

describe('a payer’s browser', () => {
	/** The page's addresses one after the other, as the browser loads them, with the seconds that passed. */
	function follow(decision: Decision, seconds: number) {
		let caller = browser;
		const pauses: number[] = [];
		for (;;) {
			const { status, headers, body } = answerTo(decision, caller);
			const [, pause, query] = /^(\d+);url=\?(.*)$/.exec(headers.Refresh ?? '') ?? [];
			if (pause === undefined) return { pauses, status, body: String(body), date: caller.date };
			pauses.push(Number(pause));
			caller = {
				...caller,
				date: caller.date + Number(pause) + seconds,
				search: new URLSearchParams(query),
			};
			expect(caller.search.get('payment_ref')).toBe(REF);
			expect(caller.search.get('cart_id')).toBe('<script>');
		}
	}

	it.each([0, 4])(
		'asks again by itself for two minutes, with growing pauses, loads taking %d s',
		(seconds) => {
			const { pauses, date, status, body } = follow(UNSETTLED, seconds);
			expect(date - NOW).toBeGreaterThanOrEqual(120);
			expect(date - NOW).toBeLessThanOrEqual(126);
			expect(pauses[0]).toBe(2);
			expect(pauses.slice(0, -1)).toEqual([...pauses.slice(0, -1)].sort((a, b) => a - b));
			expect(status).toBe(200);
			expect(body).toContain('Pas encore payé');
			expect(body).toContain('ne payez pas une deuxième fois');
		},
	);

	it('asks for ten minutes where there is no answer, and is told to ask the shop then', () => {
		const { date, body } = follow(LATE, 4);
		expect(date - NOW).toBeGreaterThanOrEqual(600);
		expect(date - NOW).toBeLessThanOrEqual(606);
		expect(body).toContain('Le paiement n’a pas pu être confirmé ici');
	});

	it.each(['', 'x', '-5', '99999999999', 'NaN'])(
		'begins anew where its address says nonsense: %j',
		(since) => {
			const search = new URLSearchParams({ payment_ref: REF, konnect_since: since });
			const { headers } = answerTo(UNSETTLED, { ...browser, search });
			expect(headers.Refresh).toBe(`2;url=?payment_ref=${REF}&konnect_since=${NOW}`);
		},
	);

	it('has its pauses by the time that its loads take', () => {
		expect(follow(UNSETTLED, 4).pauses.slice(0, 9)).toEqual([2, 3, 4, 5, 6, 8, 10, 10, 10]);
		expect(follow(UNSETTLED, 0).pauses.slice(0, 9)).toEqual([2, 2, 2, 3, 3, 3, 4, 4, 5]);
	});

	it('has a page that leads nowhere, frames nothing and runs no script', () => {
		const { headers, status } = answerTo(LATE, browser);
		expect(status).toBe(503);
		expect(headers).toMatchObject({
			'Referrer-Policy': 'no-referrer',
			'X-Content-Type-Options': 'nosniff',
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
		});
	});

	it('sees that its page is at work as long as it asks again', () => {
		const pageOf = (since: number) => {
			const search = new URLSearchParams({ payment_ref: REF, konnect_since: String(NOW - since) });
			return String(answerTo(UNSETTLED, { ...browser, search }).body);
		};
		expect(pageOf(10)).toContain('class="mark busy"');
		expect(pageOf(130)).not.toContain('class="mark busy"');
	});

	it('is told what is refused with the status that servers get', () => {
		expect(answerTo(NOT_FOUND, browser).status).toBe(404);
		expect(answerTo({ kind: 'malformed', reason: 'x' }, browser).status).toBe(400);
		expect(answerTo(decided('run'), browser).status).toBe(200);
	});

	it('has a page also where it does not say that it is one, if pages are for all', () => {
		expect(answerTo(decided('run'), { ...server, respond: 'page' }).body).toContain(
			'<!doctype html>',
		);
		expect(answerTo(decided('run'), server).body).toMatchObject({ result: 'accepted' });
	});

	it('is told nothing of its own address in the page', () => {
		for (const decision of [UNSETTLED, LATE, decided('run'), decided('mismatched')]) {
			const { body, headers } = answerTo(decision, browser);
			expect(body).not.toMatch(/script|cart_id|payment_ref|konnect/);
			expect(headers.Refresh ?? '').not.toMatch(/[<>\r\n]/);
		}
	});

	it.each<[Decision, boolean]>([
		[decided('run'), true],
		[decided('duplicate'), true],
		[decided('ignored', 'attemptFailed'), false],
		[decided('run', 'expired'), false],
		[UNSETTLED, false],
		[LATE, false],
	])('may keep a page that says the same for ever, and no other (%#)', (decision, isKept) => {
		const { headers } = answerTo(decision, browser);
		expect(headers['Cache-Control']).toBe(
			isKept ? 'private, max-age=31536000, immutable' : 'no-store',
		);
	});

	it.each([
		['paid', true],
		['expired', true],
		['attemptFailed', false],
		['partiallyPaid', false],
		['pending', false],
		['unknown', false],
	])(
		'may keep what a waiting execution said when it went on, unless it can be paid on with the same link: %s',
		(state, isKept) => {
			const answer = answerTo(decided('run', state), { ...browser, isOneTime: true });
			expect(answer.headers['Cache-Control']).toContain(isKept ? 'private' : 'no-store');
		},
	);

	it('asks again by itself where JSON is wanted for all, too', () => {
		const { status, headers, body } = answerTo(UNSETTLED, { ...browser, respond: 'json' });
		expect({ status, body }).toMatchObject({ status: 503, body: { result: 'failed' } });
		expect(headers.Refresh).toMatch(/^2;url=\?payment_ref=/);
	});

	it('is not told that nothing was paid where a part was', () => {
		const decision: Decision = { kind: 'unsettled', state: 'partiallyPaid', paymentRef: REF };
		expect(follow(decision, 4).body).toContain('Le paiement n’a pas pu être confirmé ici');
	});
});

describe('a payer who can still pay', () => {
	const PAY_URL = `https://gateway.sandbox.konnect.network/pay?payment_ref=${REF}&theme="dark"`;
	const LINK = `<a href="https://gateway.sandbox.konnect.network/pay?payment_ref=${REF}&amp;theme=&quot;dark&quot;">`;
	const pageFor = (state: string, payUrl: string | undefined = PAY_URL) =>
		String(answerTo(decided('ignored', state), { ...browser, payUrlOf: () => payUrl }).body);

	it.each([
		['attemptFailed', 'Réessayer'],
		['partiallyPaid', 'Payer le reste'],
	])('is led back to the pay page: %s', (state, text) => {
		expect(pageFor(state)).toContain(`${LINK}${text}</a>`);
	});

	it('has no link where the pay page is not known', () => {
		const { body } = answerTo(decided('ignored', 'attemptFailed'), browser);
		expect(body).not.toContain('<a');
	});

	it.each(['paid', 'pending', 'expired', 'unknown'])('is not where the payment is %s', (state) => {
		expect(pageFor(state)).not.toContain('<a');
	});
});

describe('a redirect', () => {
	const redirect: Caller = { ...browser, respond: 'redirect' };

	it.each<[Decision, string]>([
		[decided('run'), `https://shop.example/thanks?lang=fr&payment_ref=${REF}#top`],
		[decided('duplicate'), `https://shop.example/thanks?lang=fr&payment_ref=${REF}#top`],
		[decided('ignored', 'attemptFailed'), `https://shop.example/sorry?payment_ref=${REF}`],
	])('leads on by the state (%#)', (decision, location) => {
		expect(answerTo(decision, redirect)).toMatchObject({
			status: 302,
			headers: { Location: location },
		});
	});

	it.each<[Decision]>([[UNSETTLED], [LATE], [PENDING], [decided('mismatched')], [NOT_FOUND]])(
		'leads nowhere before all is said, or where nothing is to be shown (%#)',
		(decision) => {
			expect(answerTo(decision, redirect).headers.Location).toBeUndefined();
		},
	);

	it('leads to an address without TLS, too, and says nothing by itself', () => {
		const successUrl = 'http://shop.example/';
		expect(answerTo(decided('run'), { ...redirect, successUrl })).toMatchObject({
			status: 302,
			headers: { Location: `http://shop.example/?payment_ref=${REF}` },
			body: '',
		});
	});

	it.each(['', 'javascript:alert(1)', 'shop.example', 'shop:https://shop.example/'])(
		'falls back on a page for %j',
		(successUrl) => {
			expect(answerTo(decided('run'), { ...redirect, successUrl })).toMatchObject({ status: 200 });
		},
	);
});

it.each(['attemptFailed', 'partiallyPaid', 'pending', 'unknown'] as const)(
	'the page with which a waiting execution went on is not kept for a year where the payment can still be paid: %s',
	(state) => {
		const decision: Decision = {
			kind: 'run',
			items: [],
			state,
			isSettled: true,
			paymentRef: REF,
			claim: undefined,
		};
		// After the next attempt, which succeeds, Konnect sends the browser to the very same address: it shows what it kept.
		const { headers } = answerTo(decision, { ...browser, isOneTime: true });
		expect(headers['Cache-Control']).toBe('no-store');
	},
);
