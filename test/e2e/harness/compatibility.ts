import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const FILE = resolve(__dirname, '../../../docs/compatibility.md');
const START = '<!-- seen: npm run docs:compatibility -->';
const END = '<!-- /seen -->';

/** What was seen of each version of n8n: version → what → how. */
export type Seen = Map<string, Map<string, string>>;

/** The table in docs/compatibility.md as it stands, and as it would stand with what was seen. */
export async function compatibilityTable(seen: Seen): Promise<{ stands: string; seen: string }> {
	const text = await readFile(FILE, 'utf8');
	const [before, rest] = text.split(START) as [string, string];
	const [stands, after] = rest.split(END) as [string, string];
	const table = `\n\n${tableOf(seen)}\n\n`;
	if (process.env.UPDATE_COMPATIBILITY !== '1') return { stands, seen: table };
	await writeFile(FILE, [before, START, table, END, after].join(''));
	return { stands: table, seen: table };
}

function tableOf(seen: Seen): string {
	const versions = [...seen.keys()];
	const features = [...new Set([...seen.values()].flatMap((facts) => [...facts.keys()]))];
	const rows = [
		['', ...versions.map((version) => `n8n ${version}`)],
		...features.map((feature) => [
			feature,
			...versions.map((version) => seen.get(version)?.get(feature) ?? 'not seen'),
		]),
	];
	const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? '')) ?? [];
	const widths = columns.map((cells) => Math.max(3, ...cells.map(({ length }) => length)));
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = line(widths.map((width) => '-'.repeat(width)));
	const [head = [], ...body] = rows;
	return [line(head), rule, ...body.map(line)].join('\n');
}
