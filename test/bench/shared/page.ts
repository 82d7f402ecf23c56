import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const DOCS = join(__dirname, '../../../docs');
const PAGE = join(DOCS, 'benchmarks.md');

/** Puts the text between the marks `<!-- name:begin -->` and `<!-- name:end -->` of the page of benchmarks. */
export async function writeSection(name: string, text: string): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const generated = new RegExp(`(<!-- ${name}:begin -->).*(<!-- ${name}:end -->)`, 's');
	if (!generated.test(page)) throw new Error(`${PAGE} has lost the marks of '${name}'`);
	const whole = page.replace(generated, (_, begin, end) => `${begin}\n\n${text}\n\n${end}`);
	const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
	await writeFile(PAGE, await format(whole, options));
}

/** Writes a chart beside the page, which shows it as `images/<name>-benchmark.svg`. */
export async function writeChart(name: string, svg: string): Promise<void> {
	const file = join(DOCS, 'images', `${name}-benchmark.svg`);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, svg);
}
