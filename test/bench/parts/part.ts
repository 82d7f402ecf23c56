import type { Target } from '../shared/figures';

/** How much a part does. `small` is for trying out whether it works: its figures mean nothing. */
export type Size = 'full' | 'small';

/** A part of the benchmarks: measures, writes its section of the page and its chart, and says which targets were met. */
export interface Part {
	/** As in `--only`, and in the marks of its section. */
	name: string;
	run(size: Size): Promise<Target[]>;
}
