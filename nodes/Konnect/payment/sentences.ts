/** A text that needs no full stop any more: it has its own mark, perhaps within quotes or brackets. */
const ENDED = /[.!?]["'”»)\]]*$|…$/;

/** Puts texts one after the other as sentences: none runs into the next, and none ends twice. Parts that are nothing are left out. */
export const sentences = (...parts: ReadonlyArray<string | null | undefined | false>): string =>
	parts
		.map((part) => (part ? part.trim() : ''))
		.filter((part) => part !== '')
		.map((part) => (ENDED.test(part) ? part : `${part}.`))
		.join(' ');
