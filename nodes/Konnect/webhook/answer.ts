import { eventIdOf } from './event';
import type { Reception } from './receive';

/** What the caller of the webhook is told. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: Record<string, unknown>;
}

/** Seconds after which a call that could not be handled may be repeated. */
const RETRY_AFTER = 10;

/** The answer to a call. Tells why, but nothing about the payment: anyone may have sent the call. */
export function answerTo(reception: Reception): Answer {
	switch (reception.kind) {
		case 'malformed':
			return answer(400, 'refused', { reason: reception.reason });
		case 'notFound':
			return answer(404, 'refused', { reason: reception.reason });
		case 'misconfigured':
			// The texts are for the owner of the workflow, who finds them in n8n's log.
			return answer(502, 'failed', { reason: 'the payment could not be verified' });
		case 'unavailable':
			return answer(
				503,
				'failed',
				{ reason: 'the payment cannot be verified just now, repeat the call later' },
				{ 'Retry-After': String(RETRY_AFTER) },
			);
		case 'ignored':
			return answer(200, 'ignored', { reason: reception.reason });
		case 'duplicate':
			return answer(200, 'duplicate', {
				eventId: eventIdOf(reception.event),
				reason: 'the workflow was started for this event, or a later one, before',
			});
		case 'run':
			return answer(200, 'accepted', { eventId: eventIdOf(reception.event) });
	}
}

const answer = (
	status: number,
	result: string,
	details: Record<string, unknown>,
	headers: Record<string, string> = {},
): Answer => ({
	status,
	headers: { 'Cache-Control': 'no-store', ...headers },
	body: { result, ...details },
});

/** What n8n's log says of a call, at debug level. */
export function logLineFor(reception: Reception): string {
	const { status, body } = answerTo(reception);
	const reason =
		'problem' in reception
			? `${reception.problem.message}. ${reception.problem.description}`
			: ['eventId', 'reason'].flatMap((key) => (body[key] ? [String(body[key])] : [])).join(', ');
	return `Konnect Trigger answered ${status} ${String(body.result)}: ${reason}`;
}
