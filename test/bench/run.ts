/** The benchmarks, or those named with --only. Writes their sections of docs/benchmarks.md and docs/scaling.md. */
import { program } from 'commander';
import { capacity } from './parts/capacity';
import { duplicates } from './parts/duplicates';
import { loading } from './parts/loading';
import { many } from './parts/many';
import { trigger } from './parts/trigger';
import { waiting } from './parts/waiting';
import { watches } from './parts/watches';
import type { Part, Size } from './shared/part';
import { circumstances, reportOf, writeSection } from './shared/report';

const PARTS = [loading, many, trigger, waiting, watches, capacity, duplicates];
const NAMES = PARTS.map(({ name }) => name).join(', ');

async function runPart(part: Part, size: Size): Promise<boolean> {
	const start = Date.now();
	try {
		const where = await circumstances();
		const findings = await part.run(size);
		const report = reportOf(where, findings);
		console.log(report);
		if (size === 'full') await writeSection(part, report);
		console.log(`${part.name}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
		return true;
	} catch (error) {
		console.error(`${part.name} failed:`, error);
		return false;
	}
}

async function main(only: string[] | undefined, size: Size): Promise<void> {
	const unknown = only?.find((name) => !PARTS.some((part) => part.name === name));
	if (unknown) throw new Error(`There is no '${unknown}'; there are ${NAMES}`);
	let good = true;
	for (const part of PARTS) {
		if (!only || only.includes(part.name)) good = (await runPart(part, size)) && good;
	}
	process.exit(good ? 0 : 1);
}

// An n8n that outlives this process writes into closed pipes for ever. An orderly exit ends it too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

program
	.option('--only <names...>', `any of ${NAMES}`)
	.option('--small', 'only try whether they work: the figures mean nothing and are not written')
	.parse();
const { only, small } = program.opts<{ only?: string[]; small?: boolean }>();
void main(only, small ? 'small' : 'full');
