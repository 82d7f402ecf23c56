/** Matches a text that needs no full stop, because it already ends with a mark, perhaps inside quotes or brackets. */
const ENDED = /[.!?]["'”»)\]]*$|…$/;

/** Joins texts as sentences, and adds a full stop where one is missing. Empty parts are left out. */
export const sentences = (...parts: ReadonlyArray<string | null | undefined | false>): string =>
	parts
		.map((part) => (part ? part.trim() : ''))
		.filter((part) => part !== '')
		.map((part) => (ENDED.test(part) ? part : `${part}.`))
		.join(' ');
