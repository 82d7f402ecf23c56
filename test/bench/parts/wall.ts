import { startSandbox, type Sandbox } from '../../../sandbox/index';
import type { Contender } from '../engine/contender';
import { startEngine, type Engine } from '../engine/engine';
import { bars, svgOf } from '../shared/chart';
import { circumstances } from '../shared/circumstances';
import { atMost, median, type Target } from '../shared/figures';
import { spread, table, targetTable } from '../shared/markdown';
import { writeChart, writeSection } from '../shared/page';
import type { Part, Size } from './part';

const LATENCY = 200;
const AT_ONCE = [1, 3, 10, 20] as const;
/** Fewer of those that take long. */
const ROUNDS = { 1: 1, 3: 2, 10: 3, 20: 3 };

/** Seconds of each round. */
interface Row {
	atOnce: number;
	limit: number;
	konnect: number[];
	http: number[];
}

interface Results {
	items: number;
	rows: Row[];
	/** HTTP Request as it comes, which begins all items at once. */
	httpDefault: number[];
}

async function seconds(engine: Engine, sandbox: Sandbox, contender: Contender, items: number) {
	sandbox.reset();
	const { apiBaseUrl } = sandbox;
	const { milliseconds } = await engine.run({ contender, items, apiBaseUrl });
	const made = sandbox.payments().length;
	if (made !== items) throw new Error(`${items} items made ${made} payments`);
	return milliseconds / 1000;
}

async function measure(size: Size): Promise<Results> {
	const items = size === 'full' ? 200 : 20;
	const sandbox = await startSandbox({ faults: { latency: LATENCY } });
	const engine = await startEngine();
	const time = async (contender: Contender, count = items) =>
		await seconds(engine, sandbox, contender, count);
	try {
		// The first runs of a process are slow: its code is loaded and compiled.
		await time({ node: 'konnect', inFlight: 20 }, 40);
		await time({ node: 'http', batch: undefined }, 40);
		const httpDefault: number[] = [];
		const rows: Row[] = [];
		for (const atOnce of AT_ONCE) {
			const limit = ((items / atOnce) * LATENCY) / 1000;
			const row: Row = { atOnce, limit, konnect: [], http: [] };
			for (let round = 0; round < (size === 'full' ? ROUNDS[atOnce] : 1); round++) {
				row.konnect.push(await time({ node: 'konnect', inFlight: atOnce }));
				row.http.push(await time({ node: 'http', batch: { size: atOnce, interval: LATENCY } }));
				if (atOnce === 20) httpDefault.push(await time({ node: 'http', batch: undefined }));
			}
			rows.push(row);
		}
		return { items, rows, httpDefault };
	} finally {
		engine.stop();
		await sandbox.close();
	}
}

const targetsOf = ({ rows }: Results): Target[] =>
	rows.map(({ atOnce, limit, konnect }) =>
		atMost(`Init Payment, ${atOnce} at once, of the limit`, 1.15, median(konnect) / limit),
	);

function reportOf({ items, rows, httpDefault }: Results, measured: string): string {
	const of = (values: number[], limit: number) => (median(values) / limit).toFixed(2);
	return [
		`${measured} ${items} items in n8n's engine, a sandbox in another process that answers after ${LATENCY} ms. The limit is items ÷ at once × ${LATENCY} ms: no node can be faster. Seconds, with the lowest and the highest of three rounds (of one at 1 at once, of two at 3). HTTP Request has no setting for how many are under way; a batch of as many every ${LATENCY} ms keeps about the same number in flight.`,
		'![Seconds for all items, Init Payment and HTTP Request](images/wall-benchmark.svg)',
		table(
			[
				'At once',
				'Limit',
				'Init Payment',
				'of the limit',
				'HTTP Request, in batches',
				'of the limit',
			],
			rows.map(({ atOnce, limit, konnect, http }) => [
				atOnce,
				limit.toFixed(1),
				spread(konnect, 2),
				of(konnect, limit),
				spread(http, 2),
				of(http, limit),
			]),
		),
		`HTTP Request without batches begins all ${items} at once: ${spread(httpDefault, 2)} s, and two minutes' worth of Konnect's limit in that moment.`,
	].join('\n\n');
}

export const wall: Part = {
	name: 'wall',
	async run(size) {
		const measured = await circumstances('wall');
		const results = await measure(size);
		const targets = targetsOf(results);
		await writeSection('wall', `${reportOf(results, measured)}\n\n${targetTable(targets)}`);
		const values = results.rows.flatMap(({ atOnce, limit, konnect, http }) => [
			{ label: `${atOnce} at once`, series: 'limit', value: limit },
			{ label: `${atOnce} at once`, series: 'Init Payment', value: median(konnect) },
			{ label: `${atOnce} at once`, series: 'HTTP Request', value: median(http) },
		]);
		await writeChart('wall', await svgOf([bars(`${results.items} payments: seconds`, values)]));
		return targets;
	},
};
