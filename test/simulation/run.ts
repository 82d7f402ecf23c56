import { Command } from 'commander';

import { simulate } from './history';
import { MUTATIONS } from './mutations';

/** Options of `npm run test:simulation`, which runs any number of histories, or one again by its seed and path. */
interface Options {
	histories: string;
	seed?: string;
	path?: string;
	steps?: string;
	without?: string;
}

async function main(): Promise<void> {
	const options = new Command()
		.option('--histories <count>', 'how many', '10000')
		.option('--seed <number>', 'of a run that failed')
		.option('--path <text>', 'of the history that failed')
		.option('--steps <text>', 'of those that were left out of it')
		.option('--without <fix>', `with one fix taken out: ${Object.keys(MUTATIONS).join(', ')}`)
		.parse()
		.opts<Options>();
	const { seed, path, steps: replayPath, without } = options;
	const mutation = without === undefined ? {} : MUTATIONS[without];
	if (!mutation) throw new Error(`There is no fix "${without}"`);
	const started = Date.now();
	const { failure, ...counts } = await simulate(Number(options.histories), {
		...(seed !== undefined && { seed: Number(seed) }),
		...(path !== undefined && { path }),
		...(replayPath !== undefined && { replayPath }),
		mutation,
	});
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	const { histories, ofOneCall, executions, resumed, repeats } = counts;
	console.log(
		`${histories} histories, ${ofOneCall} of them with one call for each payment, ${executions} executions, ` +
			`${resumed} waits that went on, ${repeats} events that two processors ran twice, ${seconds} s`,
	);
	if (!failure) return;
	console.log(`\n${failure.broken}\n\n${failure.history}\n`);
	const [, left] = /replayPath="(.*)"/.exec(failure.history) ?? [];
	const left_ = left === undefined ? '' : ` --steps "${left}"`;
	console.log(`Again: --seed ${failure.seed} --path ${failure.path}${left_}`);
	process.exitCode = 1;
}

void main();
