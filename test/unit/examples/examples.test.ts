import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { INode } from 'n8n-workflow';
import { byFile, examples, FOLDER } from './files';

const WORKFLOW_KEYS = ['name', 'nodes', 'connections', 'settings'];
const NODE_KEYS = [
	...['id', 'name', 'type', 'typeVersion', 'position', 'parameters'],
	...['alwaysOutputData', 'disabled', 'onError', 'retryOnFail', 'waitBetweenTries'],
];
/** Paths that people are meant to open. Every other webhook gets an unguessable path from n8n. */
const CHOSEN_PATHS = ['buy', 'konnect-payment-links', 'order', 'order-by-chat'];
const ENTRANCES = ['n8n-nodes-base.webhook', 'n8n-nodes-base.formTrigger'];
/** The size in pixels of a node in the editor, with its name below. */
const NODE = { width: 96, height: 150 };

interface Columns {
	value: object;
	/** Columns that it does not name are shown. */
	schema?: Array<{ id: string; removed: boolean }>;
}

interface Table {
	value: string;
}

/** The columns of a table, according to a workflow that creates it. */
function columnsOf(table: string): string[] {
	const made = examples
		.flatMap(({ nodes }) => nodes)
		.find(({ parameters }) => parameters.tableName === table);
	const { column } = made?.parameters.columns as { column: Array<{ name: string }> };
	return column.map(({ name }) => name);
}

describe.each(byFile)('examples/%s', (file, { json, text, nodes, notes }) => {
	const names = json.nodes.map(({ name }) => name);

	it('is a workflow and nothing else: no credential, no id of an instance, no data of a run', () => {
		expect(Object.keys(json)).toEqual(WORKFLOW_KEYS);
		expect(json.name).toMatch(/^Konnect: /);
		for (const node of json.nodes) {
			expect(Object.keys(node).filter((key) => !NODE_KEYS.includes(key))).toEqual([]);
		}
	});

	it('names no host, address or id of somebody', () => {
		const hosts = [...text.matchAll(/https?:\/\/([^/"\s]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => !host?.endsWith('.example.com'))).toEqual([]);
		expect(text).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
		expect(text).not.toMatch(/[0-9a-f]{24}/);
		expect(text).not.toMatch(/localhost|127\.0\.0\.1/);
	});

	it('has nodes with names and ids of their own', () => {
		const ids = json.nodes.map(({ id }) => id);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(ids).size).toBe(ids.length);
		const elsewhere = examples.filter((other) => other.file !== file);
		const taken = elsewhere.flatMap((other) => other.json.nodes.map(({ id }) => id));
		expect(ids.filter((id) => taken.includes(id))).toEqual([]);
	});

	it('connects nodes that exist, each of them, and speaks of no other', () => {
		const ends = Object.entries(json.connections).flatMap(([from, outputs]) => [
			from,
			...Object.values(outputs).flatMap((branches) =>
				branches.flatMap((links) => (links ?? []).map(({ node }) => node)),
			),
		]);
		expect([...new Set(ends)].sort()).toEqual(nodes.map(({ name }) => name).sort());
		const parameters = JSON.stringify(json.nodes);
		const spokenOf = [...parameters.matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		expect(spokenOf.filter((name) => !names.includes(String(name)))).toEqual([]);
	});

	it('has a path that anybody can guess only where people are meant to call', () => {
		const paths = nodes.flatMap(({ parameters }) => [
			parameters.path,
			(parameters.options as { path?: unknown } | undefined)?.path,
		]);
		const given = paths.filter((path) => path !== undefined);
		expect(given.filter((path) => !CHOSEN_PATHS.includes(String(path)))).toEqual([]);
	});

	it('ignores programs that make link previews where people are sent', () => {
		for (const { name, type, parameters } of nodes) {
			if (!ENTRANCES.includes(type)) continue;
			expect([name, parameters.options]).toMatchObject([name, { ignoreBots: true }]);
		}
	});

	it('leaves the webhook of Init Payment empty, so that n8n shows it red until it is filled in', () => {
		const webhooks = nodes.filter(({ parameters }) => parameters.notify === 'url');
		expect(webhooks.map(({ parameters }) => parameters.webhook)).toEqual(webhooks.map(() => ''));
	});

	it('shows in the editor just the columns that a node writes, for those shown empty would be emptied', () => {
		for (const { name, type, parameters } of nodes) {
			const { columns, dataTableId } = parameters as { columns?: Columns; dataTableId?: Table };
			if (type !== 'n8n-nodes-base.dataTable' || !columns?.schema) continue;
			const hidden = columns.schema.filter(({ removed }) => removed).map(({ id }) => id);
			const shown = columnsOf(String(dataTableId?.value)).filter((id) => !hidden.includes(id));
			expect([name, ...shown.sort()]).toEqual([name, ...Object.keys(columns.value).sort()]);
		}
	});

	it('has one note, which says what to change and covers nothing', () => {
		expect(notes.map(({ name }) => name)).toEqual(['What to change']);
		const [note] = notes as [INode];
		const { content, width, height } = note.parameters as Record<string, never>;
		expect(content).toMatch(/^## .+\n[^]*\*\*To make it yours\*\*\n1\. /);
		const [left, top] = note.position;
		const rectangles = [
			{ left, top, right: left + Number(width), bottom: top + Number(height) },
			...nodes.map(({ position: [x, y] }) => ({
				...{ left: x, top: y, right: x + NODE.width, bottom: y + NODE.height },
			})),
		];
		const overlaps = rectangles.flatMap((one, index) =>
			rectangles
				.slice(index + 1)
				.filter((other) => one.left < other.right && other.left < one.right)
				.filter((other) => one.top < other.bottom && other.top < one.bottom),
		);
		expect(overlaps).toEqual([]);
	});
});

describe('the examples', () => {
	const readme = readFileSync(resolve(FOLDER, 'README.md'), 'utf8');

	it('are all in the table of their README', () => {
		const listed = [...readme.matchAll(/^\| \[[^\]]+\]\((\S+\.json)\)/gm)].map(([, file]) => file);
		expect(listed.sort()).toEqual(examples.map(({ file }) => file).sort());
	});

	it('are all shown there in a picture of their own', () => {
		const shown = [...readme.matchAll(/^!\[[^\]]+\]\(([^)]+)\)$/gm)].map(([, path]) =>
			String(path),
		);
		const wanted = byFile.map(
			([file]) => `../docs/images/example-${file.replace('.json', '.png')}`,
		);
		expect(shown.sort()).toEqual(wanted.sort());
		expect(shown.filter((path) => !existsSync(resolve(FOLDER, path)))).toEqual([]);
	});

	it('make tables of one name with the same columns', () => {
		const made = examples.flatMap(({ nodes }) =>
			nodes.map(({ parameters }) => parameters).filter(({ tableName }) => tableName),
		);
		const names = new Set(made.map(({ tableName }) => tableName));
		expect(made.length).toBeGreaterThan(names.size);
		for (const name of names) {
			const [first, ...others] = made.filter(({ tableName }) => tableName === name);
			for (const other of others) expect(other).toEqual(first);
		}
	});
});

describe('order-to-delivery', () => {
	const { connections } = byFile.find(([file]) => file === 'order-to-delivery.json')![1].json;
	/** Whether a node can be reached from another without passing a third. */
	const leads = (from: string, to: string, without: string, seen: string[] = []): boolean =>
		from === to ||
		(connections[from]?.main ?? [])
			.flatMap((links) => (links ?? []).map(({ node }) => node))
			.filter((node) => node !== without && !seen.includes(node))
			.some((node) => leads(node, to, without, [...seen, from]));

	it.each([
		['no payment is made without its order', 'Is new', 'Init Payment', 'The order'],
		['no payment is made without a claim', 'Order link', 'Init Payment', 'Claim the link'],
		['nobody is sent to a link not noted', 'Init Payment', 'To the payment page', 'Note the link'],
		['nothing is delivered without a claim', 'Order link', 'Deliver', 'Claim the delivery'],
		['no later look delivers unclaimed', 'Found to be paid', 'Deliver', 'Claim the delivery'],
	])('%s', (_what, from, to, needed) => {
		expect(leads(from, to, 'none')).toBe(true);
		expect(leads(from, to, needed)).toBe(false);
	});
});
