import { startSandbox, type Sandbox } from '../../../sandbox/index';
import { startEngine } from '../engine/engine';
import { lines, svgOf } from '../shared/chart';
import { circumstances } from '../shared/circumstances';
import { atMost, type Target } from '../shared/figures';
import { table, targetTable } from '../shared/markdown';
import { writeChart, writeSection } from '../shared/page';
import type { Part, Size } from './part';

const LATENCY = 200;
const PER_MINUTE = 100;

/** As Init Payment is set by default. */
const AT_ONCE = 3;

interface Results {
	items: number;
	limit: number;
	seconds: number;
	sent: number;
	refused: number;
	made: number;
	/** Orders with more than one payment. */
	twice: number;
	/** Payments made until each second. */
	course: Array<{ second: number; made: number }>;
}

async function measure(size: Size): Promise<Results> {
	const [items, limit] = size === 'full' ? [300, PER_MINUTE] : [12, 10];
	const sandbox = await startSandbox({ faults: { latency: LATENCY }, rateLimit: limit });
	const engine = await startEngine();
	try {
		const start = Date.now();
		const contender = { node: 'konnect', inFlight: AT_ONCE } as const;
		const { milliseconds } = await engine.run({ contender, items, apiBaseUrl: sandbox.apiBaseUrl });
		return { items, limit, seconds: milliseconds / 1000, ...counted(sandbox, start) };
	} finally {
		engine.stop();
		await sandbox.close();
	}
}

function counted(sandbox: Sandbox, start: number) {
	const orders = sandbox.payments().map(({ request }) => request.orderId);
	const passed = sandbox.requests.filter(({ status }) => status === 200);
	return {
		sent: sandbox.requests.length,
		refused: sandbox.requests.filter(({ status }) => status === 429).length,
		made: orders.length,
		twice: orders.length - new Set(orders).size,
		course: passed.map(({ at }, index) => ({ second: (at - start) / 1000, made: index + 1 })),
	};
}

function targetsOf({ items, made, twice, refused, sent }: Results): Target[] {
	return [
		{
			what: 'Payments made, and orders with more than one',
			wanted: `${items}, 0`,
			measured: `${made}, ${twice}`,
			met: made === items && twice === 0,
		},
		atMost('Requests refused in vain, percent of those sent', 5, (100 * refused) / sent),
	];
}

const reportOf = ({ items, limit, seconds, sent, refused, made, twice }: Results) =>
	table(
		[
			'Items',
			'Payments made',
			'Orders made twice',
			'Requests sent',
			'of them refused',
			'Seconds',
			'Seconds at the limit',
		],
		[
			[
				items,
				made,
				twice,
				sent,
				`${refused} (${((100 * refused) / sent).toFixed(1)} %)`,
				seconds.toFixed(0),
				`${Math.floor((items - 1) / limit) * 60} to ${Math.ceil(items / limit) * 60}`,
			],
		],
	);

export const limit: Part = {
	name: 'limit',
	async run(size) {
		const measured = await circumstances('limit');
		const results = await measure(size);
		const targets = targetsOf(results);
		const about = `${measured} In n8n's engine, Init Payment ${AT_ONCE} at once, as it is by default. The sandbox answers after ${LATENCY} ms, and takes ${results.limit} requests within any minute; it answers the others with 429 and \`Retry-After\`. The run waits far more than it computes, so in \`npm run bench\` it goes on beside the benchmark of the trigger.`;
		const chart = '![Payments made in the course of the run](images/limit-benchmark.svg)';
		await writeSection(
			'limit',
			[about, chart, reportOf(results), targetTable(targets)].join('\n\n'),
		);
		const values = results.course.map(({ second, made }) => ({
			x: second,
			y: made,
			series: 'payments made',
		}));
		const panel = lines('Payments made', 'seconds', values, { x: 'linear', y: 'linear' });
		await writeChart('limit', await svgOf([panel]));
		return targets;
	},
};
