/**
 * Runs one node in n8n's real engine, in this process, as often as it is told to by messages: `Job` in, `Measured` out. Started by
 * `startEngine`, with the Node that runs n8n.
 */
import { additionalDataFor, credentialFor, packageLoaded } from '../../engine/harness';
import { contenderNode, engineOf, type Contender } from './contender';

export interface Job {
	contender: Contender;
	items: number;
	/** The sandbox's. */
	apiBaseUrl: string;
}

export interface Measured {
	/** Until the node has ended. */
	milliseconds: number;
	/** Of the processor, for all of this process. */
	cpuMilliseconds: number;
	/** Megabytes of heap before and, garbage not collected, at most. */
	heapBefore: number;
	heapMost: number;
	/** Items put out. */
	made: number;
	error: string | undefined;
}

const MEGABYTE = 2 ** 20;

async function run({ contender, items, apiBaseUrl }: Job): Promise<Measured> {
	await packageLoaded;
	const credential = credentialFor({ apiBaseUrl });
	const engine = engineOf(contenderNode(contender, apiBaseUrl), items, {
		...additionalDataFor(credential),
		credentialsHelper: Object.assign(additionalDataFor(credential).credentialsHelper, {
			getDecrypted: async (_data: unknown, _node: unknown, type: string) =>
				type === 'konnectApi' ? credential : { name: 'x-api-key', value: credential.apiKey },
		}),
	});
	global.gc?.();
	const heapBefore = process.memoryUsage().heapUsed / MEGABYTE;
	let heapMost = heapBefore;
	const watch = setInterval(() => {
		heapMost = Math.max(heapMost, process.memoryUsage().heapUsed / MEGABYTE);
	}, 20);
	const cpu = process.cpuUsage();
	const start = performance.now();
	const { output, error } = await engine();
	const milliseconds = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	clearInterval(watch);
	const cpuMilliseconds = (user + system) / 1000;
	return { milliseconds, cpuMilliseconds, heapBefore, heapMost, made: output.length, error };
}

process.on('message', (job: Job) => {
	run(job).then(
		(measured) => process.send?.(measured),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
});

// The parent is gone.
process.once('disconnect', () => process.exit());
