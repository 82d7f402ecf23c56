export type Cell = string | number;

/** A Markdown table as Prettier formats it: each column is as wide as its widest cell. */
export function table(head: Cell[], rows: Cell[][]): string {
	const all = [head, ...rows].map((cells) => cells.map(String));
	const widths = head.map((_, column) =>
		Math.max(3, ...all.map((cells) => (cells[column] ?? '').length)),
	);
	const line = (cells: string[]) =>
		`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
	const [first = [], ...others] = all;
	return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join(
		'\n',
	);
}
