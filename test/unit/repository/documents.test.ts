import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';

import { KonnectApi } from '../../../credentials/KonnectApi.credentials';
import { Konnect } from '../../../nodes/Konnect/Konnect.node';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node';

const ROOT = resolve(__dirname, '../../..');
const NOT_OURS = ['node_modules', 'dist', 'coverage', '.git', '.sandbox'];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function markdownIn(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : markdownIn(path);
		return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
	});
}

/** The text without code blocks and inline code. */
const prose = (text: string) => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replace(/\s/g, '-');

const headingsOf = (text: string) =>
	[...text.replace(/^```.*?^```$/gms, '').matchAll(/^(#+) (.+)$/gm)].map(
		([, marks = '', title = '']) => ({ level: marks.length, title }),
	);

const EN = 'README.md';
const FR = 'docs/fr/README.md';
const FIELDS = 'docs/fields.md';
const FIELDS_FR = 'docs/fr/fields.md';
const IN_FRENCH: Array<[french: string, english: string]> = [
	[FR, EN],
	[FIELDS_FR, FIELDS],
];

describe('links', () => {
	const OWN_FILE = /^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w-]+\/HEAD\//;

	it.each(markdownIn(ROOT))('of %s lead somewhere', (file) => {
		const text = prose(read(file));
		const targets = [
			...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
			...[...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
		];
		const broken = targets.filter((target) => {
			const own = OWN_FILE.test(target);
			if (/^(https?|mailto):/.test(target) && !own) return false;
			const [path = '', anchor] = target.replace(OWN_FILE, '').split('#');
			const base = own ? ROOT : dirname(join(ROOT, file));
			const found = path === '' ? join(ROOT, file) : resolve(base, decodeURIComponent(path));
			if (!existsSync(found)) return true;
			const anchors = anchor ? headingsOf(readFileSync(found, 'utf8')) : [];
			return anchor !== undefined && !anchors.some(({ title }) => anchorOf(title) === anchor);
		});
		expect(broken).toEqual([]);
	});

	it('to pictures in README are whole addresses, for npm shows it too', () => {
		for (const [, target = ''] of read(EN).matchAll(/(?:src|srcset)="([^"]+)"/g)) {
			expect(target).toMatch(OWN_FILE);
		}
	});

	it('of the credential and the nodes lead to headings of README', () => {
		const anchors = headingsOf(read(EN)).map(({ title }) => anchorOf(title));
		const { documentationUrl } = new KonnectApi();
		expect(anchors).toContain(documentationUrl.split('#')[1]);
		expect(anchors).toContain('troubleshooting');
	});
});

describe.each(IN_FRENCH)('%s', (french, english) => {
	/** What must be the same in both languages. */
	const shapeOf = (file: string) => {
		const text = read(file);
		return {
			headings: headingsOf(text).map(({ level }) => level),
			tables: [...text.matchAll(/^(?:\|.*\n)+/gm)].map(([rows]) => rows.trim().split('\n').length),
			steps: [...text.matchAll(/^\d+\. /gm)].map(([number]) => number),
			points: text.match(/^- /gm)?.length,
			commands: [...text.matchAll(/^```\n(.*?)^```$/gms)].map(([, code = '']) =>
				code.replace(/#.*$/gm, '#'),
			),
			troubles: text.match(/^\*\*.+?\*\*/gm)?.length,
			links: [...text.matchAll(/\]\((?!#|https?:)([^)#]+)/g)]
				.map(([, path = '']) => relative(ROOT, resolve(ROOT, dirname(file), path)))
				.map((path) => IN_FRENCH.find((pair) => pair.includes(path))?.[1] ?? path),
			codes: [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code).sort(),
		};
	};

	it('says the same: headings, tables, steps, commands, links, names', () => {
		expect(shapeOf(french)).toEqual(shapeOf(english));
	});

	it('keeps to French rules of spacing and quoting', () => {
		const text = prose(read(french)).replace(/\]\([^)]*\)|<[^>]+>|https?:\S+/g, '');
		const lines = text.split('\n').filter((line) => !/^\| -|^\| :?-/.test(line));
		expect(lines.filter((line) => /[ ][:;?!»]|«[ ]|\w'\w/.test(line))).toEqual([]);
		expect(lines.filter((line) => /[\p{L})][;?!]/u.test(line))).toEqual([]);
	});
});

describe('labels', () => {
	const labelsOf = (properties: INodeProperties[]): string[] =>
		properties.flatMap(({ displayName, type, options }) => [
			displayName,
			...(type === 'collection' ? labelsOf(options as INodeProperties[]) : []),
		]);
	const ofOperation = (operation: string) =>
		labelsOf(
			new Konnect().description.properties.filter(
				({ type, displayOptions }) =>
					type !== 'notice' && displayOptions?.show?.operation?.includes(operation),
			),
		);
	const REAL: Record<string, string[]> = {
		Credential: labelsOf(new KonnectApi().properties.filter(({ type }) => type !== 'hidden')),
		'Init Payment': ofOperation('initPayment'),
		'Get Payment': ofOperation('getPayment'),
		'Wait for Payment': ofOperation('waitForPayment'),
		'Konnect Trigger': labelsOf(
			new KonnectTrigger().description.properties.filter(({ type }) => type !== 'notice'),
		),
	};
	/** Fields that hold other fields. The text above the tables names them. */
	const HOLDERS = ['Additional Fields', 'Options'];

	/** The table of fields below a heading. */
	const tableOf = (file: string, heading: string) => {
		const [, section = ''] = read(file).split(new RegExp(`^#+ ${heading}\\n`, 'm'));
		return /(?:^\|.*\n)+/m.exec(section)?.[0] ?? '';
	};

	describe.each([
		['English', EN, FIELDS],
		['French', FR, FIELDS_FR],
	])('in %s', (_, readme, fieldsPage) => {
		it.each(Object.keys(REAL))('%s: the table names each field, and no other', (heading) => {
			const table = tableOf(heading === 'Credential' ? readme : fieldsPage, heading);
			const named = [...table.matchAll(/\*\*(.+?)\*\*/g)].map(([, label = '']) => label);
			const emphasis = ['all', 'tous'];
			const elsewhere = heading === 'Wait for Payment' ? ['Lifespan (Minutes)'] : [];
			const fields = named.filter((label) => ![...emphasis, ...elsewhere].includes(label));
			const real = REAL[heading]?.filter((label) => !HOLDERS.includes(label)) ?? [];
			expect([...new Set(fields)].sort()).toEqual([...new Set(real)].sort());
		});
	});
});

it('the test cards of both are those of the sandbox', () => {
	const cards = readFileSync(join(ROOT, 'sandbox/cards.ts'), 'utf8');
	for (const file of [EN, FR]) {
		const numbers = [...read(file).matchAll(/\d{4} \d{4} \d{4} \d{4}/g)].map(([number]) => number);
		expect(numbers).toHaveLength(3);
		for (const number of numbers) expect(cards).toContain(`'${number.replace(/ /g, '')}'`);
	}
});

it('the changelog has an entry for the version of the package', () => {
	const { version } = JSON.parse(read('package.json')) as { version: string };
	expect(headingsOf(read('CHANGELOG.md')).map(({ title }) => title)).toContain(version);
});
