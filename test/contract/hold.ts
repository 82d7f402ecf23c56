import { isDeepStrictEqual } from 'node:util';

import type { Belief } from './belief';
import { BELIEFS_OF_MAKING } from './beliefsOfMaking';
import { BELIEFS_OF_READING } from './beliefsOfReading';
import { observe } from './observations';
import type { Account, Exchange } from './talk';
import { talkTo } from './talk';

export const BELIEFS: readonly Belief[] = [...BELIEFS_OF_MAKING, ...BELIEFS_OF_READING];

/** What came of a belief. */
export type Finding = { belief: Belief } & (
	{ skipped: string } | { seen: unknown; holds: boolean }
);

/** Checks all beliefs against a Konnect, one request after the other. */
export async function hold(
	account: Account,
): Promise<{ findings: Finding[]; exchanges: Exchange[] }> {
	const talk = talkTo(account);
	const observations = observe(talk);
	const findings: Finding[] = [];
	for (const belief of BELIEFS) {
		const skipped = belief.skip?.(talk);
		if (skipped !== undefined) {
			findings.push({ belief, skipped });
			continue;
		}
		const seen = await belief.see(observations, talk).catch((error: Error) => error.message);
		findings.push({ belief, seen, holds: isDeepStrictEqual(seen, belief.expected) });
	}
	return { findings, exchanges: talk.exchanges };
}

export const differing = (findings: readonly Finding[]) =>
	findings.filter((finding) => 'holds' in finding && !finding.holds);
