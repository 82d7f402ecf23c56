import { QUEUE_MODES, startQueueStage, startSingleStage } from '../../e2e/harness';
import type { ServedStage, ServerOptions } from '../../e2e/harness';
import { answer, execute, openWorks, type Took, type Works } from '../capacity/load';
import { computed, type Costs } from '../capacity/needs';
import { circumstances } from '../shared/circumstances';
import type { Target } from '../shared/figures';
import { table } from '../shared/markdown';
import { writeSection } from '../shared/page';
import type { Part, Size } from './part';

/** Of Konnect's answers when it is asked for a payment, in milliseconds. */
const LATENCY = 50;
const WARM_UP = 20;
const COUNTS = {
	full: { trigger: 100, delivery: 100, link: 60 },
	small: { trigger: 20, delivery: 20, link: 20 },
};
type Counts = (typeof COUNTS)[Size];

const MODES: Record<string, ServerOptions> = {
	"n8n's default": {},
	'lazy acquisition': { env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' } },
};

async function onStage<T>(
	stage: ServedStage,
	run: (stage: ServedStage, works: Works) => Promise<T>,
): Promise<T> {
	let works: Works | undefined;
	try {
		stage.sandbox.setFaults({ latency: LATENCY, match: 'get' });
		works = await openWorks(stage);
		for (const work of [works.trigger, works.delivery, works.link]) {
			await execute(stage, work, WARM_UP, []);
		}
		return await run(stage, works);
	} finally {
		await works?.close();
		await stage.close();
	}
}

async function measureMain(stage: ServedStage, works: Works, counts: Counts) {
	const pids = [stage.n8n.pid];
	return {
		trigger: await execute(stage, works.trigger, counts.trigger, pids),
		delivery: await execute(stage, works.delivery, counts.delivery, pids),
		link: await execute(stage, works.link, counts.link, pids),
	};
}

/** The worker sleeps while the processor takes calls, and then finds them all in the queue. */
async function measureQueue(
	stage: ServedStage,
	works: Works,
	counts: Counts,
): Promise<Omit<Costs, 'main'>> {
	const pidOf = (mode: (typeof QUEUE_MODES)[number]) =>
		stage.servers()[QUEUE_MODES.indexOf(mode)]?.pid ?? 0;
	const [worker, processor] = [pidOf('worker'), pidOf('webhook')];
	const apart = async (work: Works['trigger'], count: number) => {
		process.kill(worker, 'SIGSTOP');
		const call = await answer(work, count, [processor]);
		const wake = () => void process.kill(worker, 'SIGCONT');
		return { call, executions: await execute(stage, work, count, [worker], wake) };
	};
	const trigger = await apart(works.trigger, counts.trigger);
	const delivery = await apart(works.delivery, counts.delivery);
	const link = await execute(stage, works.link, counts.link, [processor, worker]);
	const [ofProcessor = NaN, ofWorker = NaN] = link.cpu;
	return {
		processor: { call: trigger.call, link: { ...link, cpu: [ofProcessor] } },
		worker: {
			trigger: trigger.executions,
			delivery: delivery.executions,
			link: { ...link, cpu: [ofWorker] },
		},
	};
}

async function measureMode(options: ServerOptions, size: Size): Promise<Costs> {
	const counts = COUNTS[size];
	const single = await startSingleStage('postgres', options);
	const main = await onStage(single, async (...on) => await measureMain(...on, counts));
	const queue = await startQueueStage(options);
	return { main, ...(await onStage(queue, async (...on) => await measureQueue(...on, counts))) };
}

const ROWS: Array<[process: string, work: string, of: (costs: Costs) => Took]> = [
	['One process that does all', 'trigger alone: call and execution', ({ main }) => main.trigger],
	['', 'order-to-delivery: call and delivery', ({ main }) => main.delivery],
	['', 'order-to-delivery: new link', ({ main }) => main.link],
	['Webhook processor', 'call, put into the queue', ({ processor }) => processor.call],
	['Worker', 'execution of the trigger alone', ({ worker }) => worker.trigger],
	['', 'order-to-delivery: delivery', ({ worker }) => worker.delivery],
	['Both together', 'order-to-delivery: new link', ({ processor }) => processor.link],
];

function measuredTable(results: Record<string, Costs>): string {
	const modes = Object.keys(results);
	const cells = ({ perSecond, cpu: [cpu = NaN] }: Took) => [perSecond.toFixed(1), cpu.toFixed(1)];
	const head = modes.flatMap((mode) => [`${mode}: a second`, 'processor, ms each']);
	const both = (costs: Costs): [string, string] => {
		const [processor, worker] = [costs.processor.link.cpu[0], costs.worker.link.cpu[0]];
		const each = `${processor?.toFixed(1)} + ${worker?.toFixed(1)}`;
		return [costs.processor.link.perSecond.toFixed(1), each];
	};
	return table(
		['Process', 'Work', ...head],
		ROWS.map(([name, work, of]) => [
			name,
			work,
			...Object.values(results).flatMap((costs) =>
				name === 'Both together' ? both(costs) : cells(of(costs)),
			),
		]),
	);
}

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('capacity');
	const results: Record<string, Costs> = {};
	for (const [mode, options] of Object.entries(MODES)) {
		results[mode] = await measureMode(options, size);
	}
	await writeSection(
		'capacity',
		[
			`### Measured`,
			`${measured} PostgreSQL, Redis, Konnect (which answers after ${LATENCY} ms) and the callers were on the same machine, so that a process has one processor at best. 20 calls at once, until the last answer or, where it says so, the last execution. The worker, which runs ten executions at a time, was stopped while the webhook processor took calls, and found them all in the queue.`,
			measuredTable(results),
			`### Computed`,
			computed(results),
		].join('\n\n'),
		'scaling.md',
	);
	return [];
}

export const capacity: Part = { name: 'capacity', run };
