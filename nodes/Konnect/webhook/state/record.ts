import { createHash } from 'node:crypto';

import type { Progress } from '../event';

/**
 * What static data remember of a trigger's events: one text, because n8n parses all static data of a workflow for each of its
 * calls, and walks through every object in them.
 *
 * `<mark> <fingerprints of paid payments, without a space> <fingerprint><progress> <fingerprint><progress> …`
 */
export type EventRecord = string;

/** So many paid payments are remembered: nothing that is not paid takes their place. */
export const MOST_PAID = 10_000;

/** For the payments that are not paid yet, in characters. One takes some eleven. */
export const MOST_OPEN_TEXT = 19_000;

/** 48 bits. That two payments among ten thousand share one comes once in thirty billion payments. */
export const FINGERPRINT_LENGTH = 8;

export const fingerprintOf = (text: string) =>
	createHash('sha256').update(text).digest('base64url').slice(0, FINGERPRINT_LENGTH);

const LETTERS = { pending: 'p', attemptFailed: 'f', partiallyPaid: 'h', expired: 'e' } as const;

type OpenState = keyof typeof LETTERS;

const STATES = Object.fromEntries(
	Object.entries(LETTERS).map(([state, letter]) => [letter, state]),
) as Record<string, OpenState>;

/** Text of how far a payment has come that is not paid: `f2` is two failed attempts, `p+uAbCd1234` pending and a status unknown. */
export const formatProgress = ({ last, unknown }: Progress): string =>
	[
		...(last ? [`${LETTERS[last.state as OpenState]}${last.news || ''}`] : []),
		...unknown.map((status) => `u${status}`),
	].join('+');

/** Reads a text of `formatProgress`; undefined where it is none. */
export function parseProgress(text: string): Progress | undefined {
	let last: Progress['last'];
	const unknown: string[] = [];
	for (const word of text.split('+')) {
		const [, letter = '', news = '', status] =
			/^(?:([pfhe])(\d{0,12})|u([\w-]{8}))$/.exec(word) ?? [];
		const state = STATES[letter];
		if (status !== undefined) unknown.push(status);
		else if (state !== undefined) last = { state, news: Number(news) };
		else return undefined;
	}
	return { last, unknown };
}

/** What can be read of a record, which comes from n8n's database: anything. */
export function parseRecord(record: EventRecord) {
	const [mark = '', paid = '', ...entries] = record.split(' ');
	const isPaid = /^[\w-]*$/.test(paid) && paid.length % FINGERPRINT_LENGTH === 0;
	return {
		mark,
		paid: isPaid ? chunksOf(paid) : [],
		open: entries.map((entry) => [
			entry.slice(0, FINGERPRINT_LENGTH),
			entry.slice(FINGERPRINT_LENGTH),
		]) as Array<[string, string]>,
	};
}

function chunksOf(text: string): string[] {
	const chunks: string[] = [];
	for (let at = 0; at < text.length; at += FINGERPRINT_LENGTH) {
		chunks.push(text.slice(at, at + FINGERPRINT_LENGTH));
	}
	return chunks;
}
