import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Konnect } from '../../../nodes/Konnect/Konnect.node';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node';

const ROOT = resolve(__dirname, '../../..');
const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Codex;

interface Codex {
	name?: string;
	node: string;
	categories: string[];
	alias: string[];
}

const NODES = ['Konnect', 'KonnectTrigger'];
const codexOf = (node: string) => json(`nodes/Konnect/${node}.node.json`);

it.each(NODES)(
	'%s: the codex file bears the package’s name, as n8n asks of community nodes',
	(node) => {
		expect(codexOf(node).node).toBe(json('package.json').name);
	},
);

it('both nodes are found by the same words, for the node panel lists them as one', () => {
	const [action = [], trigger = []] = NODES.map((node) => codexOf(node).alias);
	expect(new Set(action).size).toBe(action.length);
	expect(trigger).toEqual(action);
});

it('n8n’s workflow builder is told how the two ways to take a payment are put together', () => {
	const action = new Konnect().description;
	const wait = action.properties
		.find(({ name }) => name === 'operation')
		?.options?.find((option) => 'value' in option && option.value === 'waitForPayment');
	expect(wait).toHaveProperty('builderHint.propertyHint', expect.stringContaining("'execution'"));
	expect(action.builderHint?.searchHint).toContain('Konnect Trigger');
	expect(new KonnectTrigger().description.builderHint?.searchHint).toContain("'url'");
});
