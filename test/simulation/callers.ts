import type { Answer, Caller } from '../../nodes/Konnect/webhook/answer';
import type { VirtualClock } from '../fixtures/virtualClock';

/** Somebody who calls because of an attempt to pay, and comes again as often as our answers ask. */
export interface Chain {
	ref: string;
	kind: 'browser' | 'server';
	begun: number;
	/** When it was told something that does not ask it to come again; Infinity while it still comes. */
	ended: number;
	/** It went away before that. */
	isBroken: boolean;
	answers: number;
}

export const chainOf = (ref: string, kind: Chain['kind'], begun: number): Chain => ({
	ref,
	kind,
	begun,
	ended: Infinity,
	isBroken: false,
	answers: 0,
});

/**
 * Whom a call is answered for.
 *
 * @param date epoch in ms
 */
export const callerOf = (
	search: URLSearchParams,
	isFromBrowser: boolean,
	date: number,
	isOneTime: boolean,
): Caller => ({
	respond: 'auto',
	successUrl: '',
	failUrl: '',
	accept: isFromBrowser ? 'text/html' : '*/*',
	acceptLanguage: 'en',
	search,
	date: date / 1000,
	isOneTime,
});

/** Comes again as long as the answers ask for it: after `Retry-After`, or as the page's `Refresh` says. */
export async function follow(
	chain: Chain,
	address: string,
	{
		clock,
		call,
		isOver,
	}: {
		clock: VirtualClock;
		/** Undefined: the connection was lost. */
		call(search: URLSearchParams, isFromBrowser: boolean): Promise<Answer | undefined>;
		/** Whether the caller has gone away, such as a page that was closed. */
		isOver(): boolean;
	},
): Promise<void> {
	for (;;) {
		const search = new URLSearchParams(address.slice(address.indexOf('?') + 1));
		const answer = await call(search, chain.kind === 'browser');
		chain.answers++;
		const next = answer ? nextOf(answer, chain.kind) : { seconds: 5, url: undefined };
		if (!next) {
			chain.ended = clock.now();
			return;
		}
		await clock.sleep(next.seconds * 1000);
		if (isOver()) {
			chain.isBroken = true;
			return;
		}
		if (next.url !== undefined) address = next.url;
	}
}

function nextOf(
	{ status, headers }: Pick<Answer, 'status' | 'headers'>,
	kind: Chain['kind'],
): { seconds: number; url: string | undefined } | undefined {
	if (kind === 'browser') {
		const [, seconds, url] = /^(\d+);url=(.*)$/.exec(headers.Refresh ?? '') ?? [];
		return seconds === undefined ? undefined : { seconds: Number(seconds), url };
	}
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
