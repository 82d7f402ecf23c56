/**
 * The benchmarks, or those named with --only. Writes their sections of docs/benchmarks.md and docs/scaling.md, and their charts.
 * Without a name those run that take less than twenty minutes together; the others take five to eight by themselves.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { program } from 'commander';
import { capacity } from './parts/capacity';
import { cost } from './parts/cost';
import { duplicates } from './parts/duplicates';
import { growth } from './parts/growth';
import { limit } from './parts/limit';
import { loading } from './parts/loading';
import { once } from './parts/once';
import type { Part, Size } from './parts/part';
import { waiting } from './parts/waiting';
import { wall } from './parts/wall';

/** The benchmark of the trigger is a program of its own. */
const trigger: Part = {
	name: 'trigger',
	run: async () => {
		const file = join(__dirname, 'trigger.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
		const code = await new Promise((resolve) => child.once('exit', resolve));
		if (code !== 0) throw new Error(`The benchmark of the trigger ended with ${String(code)}`);
		return [];
	},
};

const PARTS = [loading, wall, cost, growth, waiting, limit, trigger, once, capacity, duplicates];

/** Run only where they are named. */
const LONG = [waiting, once, capacity, duplicates];

async function runPart(part: Part, size: Size): Promise<boolean> {
	const start = Date.now();
	try {
		for (const { what, wanted, measured, met } of await part.run(size)) {
			console.log(`${met ? 'met   ' : 'MISSED'} ${what}: ${measured} (${wanted})`);
		}
		console.log(`${part.name}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
		return true;
	} catch (error) {
		console.error(`${part.name} failed:`, error);
		return false;
	}
}

async function main(only: string[] | undefined, size: Size): Promise<void> {
	const unknown = only?.find((name) => !PARTS.some((part) => part.name === name));
	if (unknown) throw new Error(`There is no '${unknown}'; there are ${namesOf(PARTS)}`);
	const wanted = PARTS.filter((part) => only?.includes(part.name) ?? !LONG.includes(part));
	const quiet = wanted.filter((part) => part !== limit && part !== trigger);
	let good = true;
	for (const part of quiet) good = (await runPart(part, size)) && good;
	// The run under Konnect's limit waits for three minutes, and leaves the processor to the other.
	const beside = wanted.filter((part) => !quiet.includes(part));
	for (const done of await Promise.all(beside.map(async (part) => await runPart(part, size)))) {
		good &&= done;
	}
	process.exit(good ? 0 : 1);
}

const namesOf = (parts: Part[]) => parts.map(({ name }) => name).join(', ');

// An n8n that outlives its parent writes into closed pipes for ever; leaving in order ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

program
	.option('--only <names...>', `any of ${namesOf(PARTS)}`)
	.option('--small', 'only try whether they work: the figures mean nothing')
	.parse();
const { only, small } = program.opts<{ only?: string[]; small?: boolean }>();
void main(only, small ? 'small' : 'full');
