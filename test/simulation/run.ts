import { Command } from 'commander';

import { MUTATIONS } from './mutations';
import { simulate } from './history';

/** `npm run test:simulation`: as many histories as one likes, or one again by its seed and path. */
interface Options {
	histories: string;
	seed?: string;
	path?: string;
	without?: string;
}

async function main(): Promise<void> {
	const { histories, seed, path, without } = new Command()
		.option('--histories <count>', 'how many', '10000')
		.option('--seed <number>', 'of a run that failed')
		.option('--path <text>', 'of the history that failed')
		.option('--without <mend>', `with one mend taken out: ${Object.keys(MUTATIONS).join(', ')}`)
		.parse()
		.opts<Options>();
	if (without !== undefined && !Object.hasOwn(MUTATIONS, without)) {
		throw new Error(
			`There is no mend "${without}". There are: ${Object.keys(MUTATIONS).join(', ')}`,
		);
	}
	const started = Date.now();
	const outcome = await simulate(Number(histories), {
		...(seed !== undefined && { seed: Number(seed) }),
		...(path !== undefined && { path }),
		...(without !== undefined && { mutation: MUTATIONS[without] }),
	});
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	console.log(
		`${outcome.histories} histories, ${outcome.executions} executions, ${outcome.repeats} events that two processors ran twice, ${seconds} s`,
	);
	if (!outcome.failure) return;
	const { broken, history } = outcome.failure;
	console.log(`\n${broken}\n\n${history}\n`);
	console.log(`Again: --seed ${outcome.failure.seed} --path ${outcome.failure.path}`);
	process.exitCode = 1;
}

void main();
