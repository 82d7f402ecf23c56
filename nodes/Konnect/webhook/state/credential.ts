import type { Clock } from '../../api/clock';
import type { Connection } from '../../api/connection';
import type { Result } from '../../payment/result';
import { Quota } from './quota';

/** The credential that a node has been set to use. */
export interface UsedCredential {
	/** Tells it from another one that the node was set to use before. */
	key: string;
	/** Resolves with nothing where n8n could not look just now. */
	read(): Promise<Result<Connection> | undefined>;
}

/**
 * How long a credential that was read is used again, in milliseconds: reading one costs n8n more than all our checks. One that
 * cannot be used is read anew after a second, and so is one that refuses calls that cost nothing: it may have been changed. Where
 * n8n could not look, the next call has it look again.
 */
const GOOD_FOR = { usable: 10_000, refusing: 1_000 };

/** So often in a minute one is read anew within that second, for calls that Konnect was asked for. */
const MOST_EXTRA = { reads: 10, period: 60_000 };

/** The credential as last read, shared by the calls of a node. */
export class CredentialCache {
	private known:
		| { key: string; readAt: number; goodUntil: number; value: ReturnType<UsedCredential['read']> }
		| undefined;

	private readonly extra = new Quota(MOST_EXTRA.reads, MOST_EXTRA.period);

	constructor(private readonly clock: Clock) {}

	/** The credential as last read, for some seconds, and read anew where there is none. */
	async get(used: UsedCredential): ReturnType<UsedCredential['read']> {
		const { known } = this;
		if (known?.key === used.key && this.clock.now() < known.goodUntil) return await known.value;
		return await this.readAnew(used);
	}

	/**
	 * The credential for a call that the known one refuses: read anew, unless that was begun since, which is a second ago where
	 * nothing else is said.
	 *
	 * @param since milliseconds of the clock
	 * @returns undefined, too, where that was done too often just now: strangers may not have it read with each of their calls
	 */
	async readAnew(
		{ key, read }: UsedCredential,
		since?: number,
	): ReturnType<UsedCredential['read']> {
		const { known } = this;
		const now = this.clock.now();
		if (known?.key === key) {
			const isRecent = now < known.readAt + GOOD_FOR.refusing;
			if (since === undefined ? isRecent : known.readAt >= since) return await known.value;
			if (isRecent && !this.extra.take(now)) return undefined;
		}
		const reading = { key, readAt: now, goodUntil: now + GOOD_FOR.usable, value: read() };
		this.known = reading;
		const connection = await reading.value;
		if (connection?.ok === false) reading.goodUntil = now;
		if (!connection && this.known === reading) this.known = undefined;
		return connection;
	}
}
