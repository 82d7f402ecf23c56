/** What is wrong with an input, in the two parts that n8n shows: what happened, and what to do next. */
export interface Problem {
	message: string;
	description: string;
}

/** A value that was read, or the reason why it could not be. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const refuse = (message: string, description: string): Result<never> => ({
	ok: false,
	problem: { message, description },
});

/** An object that is neither null nor an array: the only kind that can have named fields in JSON. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
