import type { INodeProperties } from 'n8n-workflow';
import { Konnect } from '../../../nodes/Konnect/Konnect.node';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node';
import { byFile, examples } from './files';

const ours = [new Konnect(), new KonnectTrigger()].flatMap(
	({ description: { properties } }) => properties,
);
const labelsOf = (fields: INodeProperties[]): string[] =>
	fields.flatMap((field) => [
		field.displayName,
		...(field.type === 'collection' ? labelsOf(field.options as INodeProperties[]) : []),
		...(field.type === 'options' ? (field.options ?? []).map(({ name }) => name) : []),
	]);
/** What n8n's own nodes and pages call things. */
const OF_N8N = [
	'WhatsApp Business Cloud',
	'URL',
	'On n8n Form Submission',
	'Redirect to URL',
	'Retry',
	'Ignore Bots',
];

it.each(byFile)('the note of examples/%s names what is there', (_file, { json, text }) => {
	const known = [
		...examples.flatMap((example) => [example.json.name, ...example.nodes.map(({ name }) => name)]),
		...labelsOf(ours),
		...OF_N8N,
		...json.nodes.map(({ parameters }) => String(parameters.tableName)),
		// The labels of a form that the example itself shows.
		...[...text.matchAll(/"fieldLabel": "([^"]+)"/g)].map(([, label]) => String(label)),
	];
	const note = json.nodes.find(({ name }) => name === 'What to change');
	const named = [...String(note?.parameters.content).matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)];
	expect(named.length).toBeGreaterThan(0);
	expect(named.map(([, name]) => String(name)).filter((name) => !known.includes(name))).toEqual([]);
});
