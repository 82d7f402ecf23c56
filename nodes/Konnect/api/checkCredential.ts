import type { Problem } from '../payment/result';
import { CLOCK } from './clock';
import { toConnection } from './connection';
import type { HttpContext } from './request';
import { sendOnce } from './request';
import { explainSilence, isTimeout } from './silence';

/** Milliseconds. */
const PATIENCE = 15_000;

/** Milliseconds for which an address that answered is not asked again: an HTTP Request node may send many requests. */
const STAYS_REACHED = 60_000;

/** When each address has last answered, by the monotonic clock. */
const lastReached = new Map<string, number>();

/** Code of the errors that n8n itself throws, such as for an address that it blocks. Their texts say more than we could. */
const NOT_OF_THE_NETWORK = 'EUNKNOWN';

/**
 * Finds what is wrong with a credential before Konnect is asked about its key: the form of a field, or an address at which
 * nothing answers. Undefined if anything answers, whatever it says.
 */
export async function problemOfCredential(
	context: HttpContext,
	credential: Record<string, unknown>,
	reached = lastReached,
): Promise<Problem | undefined> {
	const connection = toConnection(credential);
	if (!connection.ok) return connection.problem;
	const { baseUrl } = connection.value;
	if (CLOCK.now() - (reached.get(baseUrl) ?? -Infinity) < STAYS_REACHED) return undefined;
	const request = { method: 'GET', path: '' } as const;
	const reply = await sendOnce(context, connection.value, request, PATIENCE, undefined, CLOCK);
	if (reply.kind === 'answer') reached.set(baseUrl, CLOCK.now());
	if (reply.kind !== 'silence' || reply.code === NOT_OF_THE_NETWORK) return undefined;
	if (!isTimeout(reply.code)) return explainSilence(reply.code, connection.value);
	return { message: 'Konnect did not answer in time', description: 'Try again later.' };
}
