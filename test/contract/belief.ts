import type { Observations } from './observations';
import type { Talk } from './talk';

/** One thing that we believe of Konnect: what is looked at, and what is expected there. */
export interface Belief {
	/** One sentence. */
	says: string;
	/** The open question that it settles, see README.md. */
	settles?: number;
	/** Whether the nodes or the credential rely on it. All others are guesses of the sandbox that our code does not need. */
	isRelied?: boolean;
	expected: unknown;
	see(observations: Observations, talk: Talk): Promise<unknown>;
	/** Why it cannot be checked here; undefined if it can. */
	skip?(talk: Talk): string | undefined;
}

export const KEY_REFUSED = { kind: 'keyRefused', target: 'common' };
/** The refusal of a field. */
export const refused = (field: string) => ({ kind: 'invalid', target: 'field', field });

/** These fields of a payment or an attempt. */
export const only = (of: Record<string, unknown>, ...names: string[]) =>
	Object.fromEntries(names.map((name) => [name, of[name]]));

export const wrong = (key: string) => `${key}-wrong`;
