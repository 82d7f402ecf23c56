import { createHash } from 'node:crypto';

/** Characters, 48 bits. A payment shares its fingerprint with one of ten thousand others once in thirty billion cases. */
export const WIDTH = 8;

const fingerprintOf = (name: string) =>
	createHash('sha256').update(name).digest('base64url').slice(0, WIDTH);

/** The last `most` names that were added, as fingerprints of one width; `text` has the same. */
export class Ring {
	private known = new Set<string>();

	text = '';

	constructor(private readonly most: number) {}

	has(name: string): boolean {
		return this.known.has(fingerprintOf(name));
	}

	add(name: string): void {
		const fingerprint = fingerprintOf(name);
		if (this.known.has(fingerprint)) return;
		this.known.add(fingerprint);
		// Joined, because `+` builds a chain with a link for each addition, and each use walks through it.
		this.text = [this.text, fingerprint].join('').slice(-this.most * WIDTH);
		const [oldest] = this.known;
		if (this.known.size > this.most && oldest !== undefined) this.known.delete(oldest);
	}

	delete(name: string): void {
		if (this.known.delete(fingerprintOf(name))) this.text = [...this.known].join('');
	}

	/**
	 * Takes in another ring's text from n8n's database, which can hold anything. Keeps its order, so that merging an old text does
	 * not make its entries newer.
	 *
	 * @returns whether this ring knows names that the text does not
	 */
	learn(text: string): boolean {
		if (text === this.text) return false;
		const learnt = /^[\w-]*$/.test(text) ? (text.match(/.{8}/g) ?? []) : [];
		const before = new Map<string, string[]>();
		let unplaced: string[] = [];
		for (const fingerprint of learnt) {
			if (!this.known.has(fingerprint)) {
				unplaced.push(fingerprint);
			} else if (unplaced.length > 0) {
				before.set(fingerprint, unplaced);
				unplaced = [];
			}
		}
		const all = [...this.known].flatMap((known) => [...(before.get(known) ?? []), known]);
		this.known = new Set([...all, ...unplaced].slice(-this.most));
		this.text = [...this.known].join('');
		const theirs = new Set(learnt);
		return [...this.known].some((fingerprint) => !theirs.has(fingerprint));
	}
}
