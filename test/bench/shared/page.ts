import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const DOCS = join(__dirname, '../../../docs');

/** Puts the text between the marks `<!-- name:begin -->` and `<!-- name:end -->` of a page of the docs. */
export async function writeSection(
	name: string,
	text: string,
	file: 'benchmarks.md' | 'scaling.md' = 'benchmarks.md',
): Promise<void> {
	const path = join(DOCS, file);
	const page = await readFile(path, 'utf8');
	const generated = new RegExp(`(<!-- ${name}:begin -->).*(<!-- ${name}:end -->)`, 's');
	if (!generated.test(page)) throw new Error(`${file} has lost the marks of '${name}'`);
	const whole = page.replace(generated, (_, begin, end) => `${begin}\n\n${text}\n\n${end}`);
	const options = { ...(await resolveConfig(path)), filepath: path };
	await writeFile(path, await format(whole, options));
}

/** Writes a chart beside the page, which shows it as `images/<name>-benchmark.svg`. */
export async function writeChart(name: string, svg: string): Promise<void> {
	const file = join(DOCS, 'images', `${name}-benchmark.svg`);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, svg);
}
