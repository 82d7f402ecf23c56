import { circumstances } from '../shared/circumstances';
import { bars, svgOf } from '../shared/chart';
import { median, type Target } from '../shared/figures';
import { spread, table, targetTable } from '../shared/markdown';
import { writeChart, writeSection } from '../shared/page';
import { installOthers, ourPackage } from '../loading/packages';
import { load, type Loaded } from '../loading/load';
import type { Part, Size } from './part';

interface Row extends Omit<Loaded, 'milliseconds' | 'heap'> {
	name: string;
	version: string;
	milliseconds: number[];
	/** Kilobytes. */
	heap: number[];
	/** Kilobytes of the package, and with all that is installed with it. */
	size: number;
	installed: number;
}

const OURS = 'n8n-nodes-konnect';

/** A trigger and at least two operations: what the target is about. */
const isLikeOurs = ({ triggers, operations }: Row) => triggers > 0 && operations >= 2;

async function measure(size: Size): Promise<Row[]> {
	const packages = [await ourPackage(), ...(await installOthers())];
	const rows = packages.map((one): Row => ({
		...one,
		nodes: 0,
		triggers: 0,
		operations: 0,
		credentials: 0,
		milliseconds: [],
		heap: [],
	}));
	for (let round = 0; round < (size === 'full' ? 9 : 2); round++) {
		for (const [index, { dir }] of packages.entries()) {
			const { milliseconds, heap, ...what } = await load(dir);
			const row = rows[index] as Row;
			Object.assign(row, what);
			row.milliseconds.push(milliseconds);
			row.heap.push(heap);
		}
	}
	return rows.sort((a, b) => median(a.milliseconds) - median(b.milliseconds));
}

function targetOf(rows: Row[]): Target {
	const alike = rows.filter(isLikeOurs).map(({ name }) => name);
	const place = alike.indexOf(OURS) + 1;
	return {
		what: 'Place by time to load, among packages with a trigger and at least two operations',
		wanted: '1',
		measured: `${place} of ${alike.length}`,
		met: place === 1,
	};
}

const tableOf = (rows: Row[]) =>
	table(
		[
			'Package',
			'Nodes',
			'of them triggers',
			'Operations',
			'Load, ms',
			'Heap, kB',
			'Package, kB',
			'With dependencies, kB',
		],
		rows.map((row) => [
			row.name === OURS ? `**${row.name} ${row.version}**` : `${row.name} ${row.version}`,
			row.nodes,
			row.triggers,
			row.operations,
			spread(row.milliseconds, 2),
			spread(row.heap, 0),
			row.size,
			row.installed,
		]),
	);

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('loading');
	const rows = await measure(size);
	const targets = [targetOf(rows)];
	await writeSection(
		'loading',
		[
			`${measured} Each package in a fresh process that has n8n-workflow loaded already: requiring the files of all its nodes and credentials, and making one of each, as n8n does when it starts. Medians of ${rows[0]?.milliseconds.length} processes by turns, with the lowest and the highest. Operations are the options of the parameters named Operation. The size with dependencies is what installing the package adds besides n8n's own packages.`,
			'![Milliseconds to load each package](images/loading-benchmark.svg)',
			tableOf(rows),
			targetTable(targets),
		].join('\n\n'),
	);
	const values = rows.map((row) => ({
		label: row.name,
		series: 'to load, ms',
		value: median(row.milliseconds),
	}));
	await writeChart('loading', await svgOf([bars('Time to load', values)]));
	return targets;
}

export const loading: Part = { name: 'loading', run };
