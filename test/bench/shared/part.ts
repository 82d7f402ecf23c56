import type { Target } from './figures';

/** How much a part does. `small` is for trying out whether it works: its figures mean nothing. */
export type Size = 'full' | 'small';

/** What a part has found: paragraphs and tables in Markdown, and the targets that it checked. */
export interface Findings {
	text: string[];
	targets: Target[];
}

/** A part of the benchmarks. Its name is that of `--only`, and of the marks of its section in the docs. */
export interface Part {
	name: string;
	page: 'benchmarks.md' | 'scaling.md';
	run(size: Size): Promise<Findings>;
}
