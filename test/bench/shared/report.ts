import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import packageJson from '../../../package.json';
import { table } from '../../../scripts/docs/table';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { median, type Target } from './figures';
import type { Findings, Part } from './part';

const DOCS = join(__dirname, '../../../docs');

/** The median with the lowest and the highest. */
export function spread(values: number[], digits = 1): string {
	const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(
		(value) => value.toFixed(digits),
	);
	return values.length === 1 ? `${middle}` : `${middle} (${least}–${most})`;
}

/** When, where and with what a part is measured, and how busy the machine is before. */
export async function circumstances(): Promise<string> {
	const [load = NaN] = loadavg();
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	const { node } = await installN8n(DEFAULT_VERSION);
	const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
	return [
		`Measured on ${new Date().toISOString().slice(0, 10)}:`,
		`n8n ${DEFAULT_VERSION} on Node ${version}, n8n-nodes-konnect ${packageJson.version},`,
		`${cpus().length} CPUs (${cpu?.model.trim()}), ${memory} GB, ${process.platform},`,
		`load ${load.toFixed(1)}.`,
	].join(' ');
}

/** What a part has found, in Markdown. */
export const reportOf = (where: string, { text: [first = '', ...rest], targets }: Findings) =>
	[`${where} ${first}`, ...rest, ...(targets.length > 0 ? [targetTable(targets)] : [])].join(
		'\n\n',
	);

const targetTable = (targets: Target[]) =>
	table(
		['Target', 'Wanted', 'Measured', ''],
		targets.map(({ what, wanted, measured, met }) => [
			what,
			wanted,
			measured,
			met ? 'met' : '**missed**',
		]),
	);

/** Puts the text between the marks `<!-- name:begin -->` and `<!-- name:end -->` of the part's page. */
export async function writeSection({ name, page }: Part, text: string): Promise<void> {
	const path = join(DOCS, page);
	const old = await readFile(path, 'utf8');
	const generated = new RegExp(`(<!-- ${name}:begin -->).*(<!-- ${name}:end -->)`, 's');
	if (!generated.test(old)) throw new Error(`${page} has lost the marks of '${name}'`);
	const whole = old.replace(generated, (_, begin, end) => `${begin}\n\n${text}\n\n${end}`);
	const options = { ...(await resolveConfig(path)), filepath: path };
	await writeFile(path, await format(whole, options));
}
