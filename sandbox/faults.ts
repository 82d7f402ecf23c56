import { faultAnswer, type ApiAnswer } from './errors';
import type { Faults } from './types';

export type RequestKind = 'init' | 'get' | 'other';

export interface FaultPlan {
	current(): Partial<Faults>;
	/** Replaces all faults and starts counting anew. */
	set(faults: Partial<Faults>): void;
	/** Counts this request, and gives the faults that hit it. */
	take(kind: RequestKind): Partial<Faults>;
}

/** Decides which request is hit. */
export function createFaultPlan(initial: Partial<Faults>): FaultPlan {
	let faults = initial;
	let seen = 0;
	return {
		current: () => faults,
		set(next) {
			faults = next;
			seen = 0;
		},
		take(kind) {
			const { match = 'all', skip = 0, times = Infinity } = faults;
			if (match !== 'all' && match !== kind) return {};
			seen += 1;
			return seen > skip && seen - skip <= times ? faults : {};
		},
	};
}

const ERROR_PAGE =
	'<!doctype html><html><body><h1>Error</h1><p>A page, not an API.</p></body></html>';

/** The constructor of Response throws when one of these statuses comes with a body, even an empty one. */
const WITHOUT_BODY = [204, 205, 304];

function render(faults: Partial<Faults>, { status, body, headers }: ApiAnswer): Response {
	const text = faults.html ? ERROR_PAGE : JSON.stringify(body);
	const type = faults.html ? 'text/html' : 'application/json';
	return new Response(WITHOUT_BODY.includes(status) ? null : text, {
		status,
		headers: { ...headers, 'content-type': `${type}; charset=utf-8` },
	});
}

/** An answer with the status and the header that the faults ask for. */
function faultedAnswer(
	{ status, retryAfter, html }: Partial<Faults>,
	answer: ApiAnswer,
): ApiAnswer {
	if (status === undefined) return html ? { ...answer, status: 200 } : answer;
	const headers = { ...answer.headers };
	if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
	return { ...answer, status, headers };
}

/**
 * Answers a request with its faults. The delay comes first. Then the connection is cut or the request refused; otherwise the API
 * answers, and the answer is damaged as the faults say.
 * @param wait delays by ms
 * @returns `cut` when the connection is to be destroyed
 */
export async function withFaults(
	faults: Partial<Faults>,
	carryOut: () => ApiAnswer,
	wait: (ms: number) => Promise<void>,
): Promise<{ response: Response | 'cut'; paymentRef?: string }> {
	const { latency, cut, status = 0 } = faults;
	if (latency) await wait(latency);
	if (cut === 'before') return { response: 'cut' };
	const answer = status >= 400 ? faultAnswer(status) : carryOut();
	const { paymentRef } = answer;
	if (cut === 'after') return { response: 'cut', paymentRef };
	return { response: render(faults, faultedAnswer(faults, answer)), paymentRef };
}
