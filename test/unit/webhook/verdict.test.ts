import { BANK, NO_ANSWER } from '../../../nodes/Konnect/webhook/confirming';
import type { Decision } from '../../../nodes/Konnect/webhook/decision';
import {
	BUSY,
	CROWDED,
	decisionOn,
	LATE,
	NO_CREDENTIAL,
	NOT_FOUND,
	NOT_STORED,
} from '../../../nodes/Konnect/webhook/decision';
import { logLineFor, verdictOn } from '../../../nodes/Konnect/webhook/verdict';
import { refOf } from '../../fixtures/calls';

const paymentRef = refOf(7);
const of = (kind: string, others: object = {}) =>
	({
		kind,
		paymentRef,
		items: [],
		isSettled: true,
		state: 'paid',
		...others,
	}) as unknown as Decision;
const REASON = 'because it is so';

describe('what a decision is to its caller', () => {
	it.each<[string, Decision, object]>([
		['malformed', of('malformed', { reason: REASON }), { status: 400, topic: 'badAddress' }],
		['unsigned', of('unsigned', { reason: REASON }), { status: 401, topic: 'badAddress' }],
		['notFound', NOT_FOUND, { status: 404, topic: 'notFound' }],
		['misconfigured', of('misconfigured', { problem: {} }), { status: 502, topic: 'unconfirmed' }],
		['late', LATE, { status: 503, topic: 'confirming', again: { lastTopic: 'unconfirmed' } }],
		[
			'unsettled',
			of('unsettled'),
			{ status: 503, topic: 'confirming', again: { lastTopic: 'pending' } },
		],
		['mismatched', of('mismatched', { reason: REASON }), { status: 200, topic: 'mismatched' }],
		[
			'ignored',
			of('ignored', { state: 'expired', reason: REASON }),
			{ status: 200, topic: 'expired' },
		],
		[
			'ignored, unverified',
			of('ignored', { state: 'unverified' }),
			{ status: 200, topic: 'confirming' },
		],
		['a run', of('run'), { status: 200, topic: 'paid', isFinal: true }],
		[
			'a run that is not paid',
			of('run', { state: 'expired' }),
			{ topic: 'expired', isFinal: true },
		],
		[
			'a run that can still be paid',
			of('run', { state: 'attemptFailed' }),
			{ topic: 'attemptFailed', isFinal: false },
		],
		[
			'a run with more under way',
			of('run', { isSettled: false, state: 'pending' }),
			{
				status: 503,
				topic: 'confirming',
				again: { seconds: BANK, lastTopic: 'pending' },
				json: { result: 'accepted', state: 'pending' },
			},
		],
		[
			'a call that n8n cannot take, for a payment that is paid',
			of('unavailable', { problem: {} }),
			{ status: 503, topic: 'received', again: { seconds: NO_ANSWER, lastTopic: 'paid' } },
		],
		[
			'a call that n8n cannot take, for a refused card',
			of('unavailable', { problem: {}, state: 'attemptFailed' }),
			{
				status: 503,
				topic: 'attemptFailed',
				again: { seconds: NO_ANSWER, lastTopic: 'attemptFailed' },
			},
		],
		[
			'an unverified run',
			of('run', { state: 'unverified', isSettled: false }),
			{ status: 503, topic: 'confirming', again: { lastTopic: 'unconfirmed' } },
		],
		[
			'a duplicate',
			of('duplicate', { reason: REASON }),
			{ status: 200, json: { result: 'duplicate', state: 'paid', reason: REASON } },
		],
	])('of %s', (_name, decision, verdict) => {
		expect(verdictOn(decision)).toMatchObject(verdict);
	});

	it('tells a server what to do where it is to call again', () => {
		for (const decision of [LATE, of('unsettled')]) {
			expect(verdictOn(decision).json.reason).toMatch(/repeat the call later$/);
		}
		expect(verdictOn(of('misconfigured', { problem: {} })).json.reason).toMatch(/not be verified/);
	});
});

describe('the log', () => {
	it.each<[Decision, string]>([
		[of('malformed', { reason: REASON }), `400 refused: ${REASON}`],
		[of('run', { eventId: 'x:paid' }), '200 accepted: x:paid'],
		[of('duplicate', { eventId: 'x:paid', reason: REASON }), `200 duplicate: x:paid, ${REASON}`],
		[of('misconfigured', { problem: { message: 'A', description: 'B.' } }), '502 failed: A. B.'],
		[NOT_FOUND, '404 refused: Konnect knows no such payment'],
		[
			BUSY,
			'503 failed: Another call for this payment is still being handled. Repeat the call later.',
		],
		[
			NO_CREDENTIAL,
			'503 failed: n8n could not read the credential just now. Repeat the call later.',
		],
		[LATE, '503 failed: The payment could not be read in time. Repeat the call later.'],
		[NOT_STORED, '503 failed: n8n could not store the execution. Repeat the call later.'],
		[
			CROWDED,
			'503 failed: Too many calls ask for payments that nobody has signed. Repeat the call later.',
		],
	])('says what came of a call (%#)', (decision, line) => {
		expect(logLineFor(decision, 'Konnect Trigger')).toBe(`Konnect Trigger: ${line}`);
	});
});

it.each([
	['keyRefused', 'misconfigured'],
	['blocked', 'misconfigured'],
	['notFound', 'notFound'],
	['unavailable', 'unavailable'],
	['busy', 'unavailable'],
	['invalid', 'unavailable'],
] as const)('a payment that could not be read because of %s makes a call %s', (kind, decided) => {
	const problem = { message: 'A', description: 'B' };
	const decision = decisionOn({ kind, problem });
	expect(decision.kind).toBe(decided);
	if (decided !== 'notFound') expect(decision).toMatchObject({ problem });
});
