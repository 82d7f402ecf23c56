import type { Clock } from '../../nodes/Konnect/api/clock';
import type { ModelAnswer } from './context';

export type Kind = 'browser' | 'server';

/** Somebody who calls because of an attempt to pay. */
export interface Chain {
	ref: string;
	kind: Kind;
	/** The most calls that it makes. A tab may be closed, for example. */
	most: number;
	begun: number;
	/** When it stopped calling; Infinity while it still calls. */
	ended: number;
	/** Whether it stopped although it was asked to come again. */
	isBroken: boolean;
}

/**
 * Calls again as long as the answers ask for it by `Retry-After`, or by a page's `Refresh`. To n8n, a server that hangs up is the
 * same as one that goes away after its answer.
 *
 * @param call gives undefined if the connection was lost
 * @param isOver whether nobody would wait any longer
 */
export async function follow(
	chain: Chain,
	address: string,
	clock: Clock,
	call: (address: string) => Promise<ModelAnswer | undefined>,
	isOver: () => boolean,
): Promise<void> {
	for (let calls = 1; ; calls++) {
		const answer = await call(address);
		const next = answer ? nextOf(answer, chain.kind) : { seconds: 5, url: undefined };
		if (!next || calls >= chain.most) {
			Object.assign(chain, { ended: clock.now(), isBroken: next !== undefined });
			return;
		}
		await clock.sleep(next.seconds * 1000);
		if (isOver()) {
			Object.assign(chain, { ended: clock.now(), isBroken: true });
			return;
		}
		if (next.url !== undefined) address = `${address.split('?')[0]}${next.url}`;
	}
}

/** When and with which address an answer asks its caller to come again; undefined where it does not. */
export function nextOf(
	{ status, headers }: ModelAnswer,
	kind: Kind,
): { seconds: number; url: string | undefined } | undefined {
	const [, seconds, url] = /^(\d+);url=(.*)$/.exec(headers.Refresh ?? '') ?? [];
	if (kind === 'browser')
		return seconds === undefined ? undefined : { seconds: Number(seconds), url };
	return status === 503 ? { seconds: Number(headers['Retry-After']), url: undefined } : undefined;
}

/** Numbers that look random and are the same for the same seed. */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
