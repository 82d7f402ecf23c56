import { Command } from 'commander';

import { simulate, type SimulateOptions } from './history';
import { MUTATIONS, RARE_MUTATIONS, WAIT_MUTATIONS } from './mutations';
import { simulateWaits } from './waitHistory';

/** `npm run test:simulation`: as many histories as one likes, or one again by its seed and path. */
interface Options {
	histories: string;
	waits?: true;
	seed?: string;
	path?: string;
	steps?: string;
	without?: string;
}

const OF_TRIGGER = { ...MUTATIONS, ...RARE_MUTATIONS };

const MENDS = [...Object.keys(OF_TRIGGER), ...Object.keys(WAIT_MUTATIONS)];

async function main(): Promise<void> {
	const {
		histories,
		waits,
		seed,
		path,
		steps: replayPath,
		without,
	} = new Command()
		.option('--histories <count>', 'how many', '10000')
		.option('--waits', 'of executions that wait for payments, instead of the trigger')
		.option('--seed <number>', 'of a run that failed')
		.option('--path <text>', 'of the history that failed')
		.option('--steps <text>', 'of those that were left out of it')
		.option('--without <mend>', `with one mend taken out: ${MENDS.join(', ')}`)
		.parse()
		.opts<Options>();
	if (without !== undefined && !MENDS.includes(without)) {
		throw new Error(`There is no mend "${without}". There are: ${MENDS.join(', ')}`);
	}
	const started = Date.now();
	const which = {
		...(seed !== undefined && { seed: Number(seed) }),
		...(path !== undefined && { path }),
		...(replayPath !== undefined && { replayPath }),
	};
	const run = waits || Object.hasOwn(WAIT_MUTATIONS, without ?? '') ? runWaits : runTrigger;
	const { line, failure } = await run(Number(histories), which, without);
	console.log(`${line}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
	if (!failure) return;
	console.log(`\n${failure.broken}\n\n${failure.history}\n`);
	const [, left] = /replayPath="(.*)"/.exec(failure.history) ?? [];
	const steps = left === undefined ? '' : ` --steps "${left}"`;
	console.log(`Again: --seed ${failure.seed} --path ${failure.path}${steps}`);
	process.exitCode = 1;
}

type Which = Pick<SimulateOptions, 'seed' | 'path' | 'replayPath'>;

async function runTrigger(count: number, which: Which, without = '') {
	const mutation = OF_TRIGGER[without];
	const { histories, executions, repeats, failure } = await simulate(count, {
		...which,
		...(mutation && { mutation }),
	});
	const line = `${histories} histories, ${executions} executions, ${repeats} events that two processors ran twice`;
	return { line, failure };
}

async function runWaits(count: number, which: Which, without = '') {
	const decide = WAIT_MUTATIONS[without];
	const { histories, resumed, failure } = await simulateWaits(count, {
		...which,
		...(decide && { decide }),
	});
	return { line: `${histories} histories, ${resumed} executions went on`, failure };
}

void main();
