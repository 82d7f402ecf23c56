import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { table } from '../../../scripts/docs/table';

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
	const written = `\n\n${tableOf(seen)}\n\n`;
	if (process.env.UPDATE_COMPATIBILITY !== '1') return { stands, seen: written };
	await writeFile(FILE, [before, START, written, END, after].join(''));
	return { stands: written, seen: written };
}

function tableOf(seen: Seen): string {
	const versions = [...seen.keys()];
	const features = [...new Set([...seen.values()].flatMap((facts) => [...facts.keys()]))];
	return table(
		['', ...versions.map((version) => `n8n ${version}`)],
		features.map((feature) => [
			feature,
			...versions.map((version) => seen.get(version)?.get(feature) ?? 'not seen'),
		]),
	);
}
