import type { Connection } from '../api/connection';
import type { Result } from '../payment/result';
import type { NodeMemory } from './memory';
import type { Reception } from './reception';

/** The credential that a node has been set to use. */
export interface UsedCredential {
	/** Tells it from another one that the node was set to use before. */
	key: string;
	read(): Promise<Result<Connection>>;
}

/**
 * Handles a call with the credential as last read. Where that refuses the call it may have been changed since, so it is read
 * anew, and another one gets its chance.
 */
export async function withCredential(
	memory: NodeMemory,
	{ key, read }: UsedCredential,
	handle: (connection: Connection) => Promise<Reception>,
): Promise<Reception> {
	const known = await memory.connect(key, read);
	const reception = await tryWith(known, handle);
	if (reception.kind !== 'unsigned' && reception.kind !== 'misconfigured') return reception;
	const current = await memory.reconnect(key, read);
	const isTheSame = JSON.stringify(current) === JSON.stringify(known);
	return isTheSame ? reception : await tryWith(current, handle);
}

const tryWith = async (
	connected: Result<Connection>,
	handle: (connection: Connection) => Promise<Reception>,
): Promise<Reception> =>
	connected.ok
		? await handle(connected.value)
		: { kind: 'misconfigured', problem: connected.problem };
