import type { INode, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { Konnect } from '../../../nodes/Konnect/Konnect.node';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node';
import { byFile } from './files';

const { description: konnect } = new Konnect();
const { description: trigger } = new KonnectTrigger();
const DESCRIPTIONS: Record<string, { version: number | number[]; properties: INodeProperties[] }> =
	{
		'n8n-nodes-konnect.konnect': konnect,
		'n8n-nodes-konnect.konnectTrigger': trigger,
		// n8n derives it from the node, and adds these fields.
		'n8n-nodes-konnect.konnectTool': {
			...konnect,
			properties: [
				...konnect.properties,
				{ displayName: 'Tool Description', name: 'descriptionType', type: 'string', default: '' },
				{ displayName: 'Description', name: 'toolDescription', type: 'string', default: '' },
			],
		},
	};

const isShown = ({ displayOptions }: INodeProperties, parameters: INode['parameters']) =>
	Object.entries(displayOptions?.show ?? {}).every(([name, values]) =>
		values?.includes(parameters[name] as never),
	);

/** What is wrong with the value of a field, in words. */
function faultOf(field: INodeProperties | undefined, name: string, value: unknown): string[] {
	if (!field) return [`there is no field '${name}'`];
	if (field.type === 'collection') {
		const fields = field.options as INodeProperties[];
		return Object.entries(value as object).flatMap(([inner, innerValue]) =>
			faultOf(
				fields.find((one) => one.name === inner),
				`${name}.${inner}`,
				innerValue,
			),
		);
	}
	if (field.type !== 'options' && field.type !== 'multiOptions') return [];
	const offered = (field.options as INodePropertyOptions[]).map((option) => option.value);
	const wrong = [value].flat().filter((one) => !offered.includes(one as string));
	return wrong.map((one) => `'${name}' offers no ${JSON.stringify(one)}`);
}

function faultsOf({ type, typeVersion, parameters }: INode): string[] {
	const description = DESCRIPTIONS[type];
	if (!description) return [`there is no node ${type}`];
	const version = [description.version].flat().includes(typeVersion) ? [] : ['no such version'];
	const shown = description.properties.filter((field) => isShown(field, parameters));
	const wrong = Object.entries(parameters).flatMap(([name, value]) =>
		faultOf(
			shown.find((field) => field.name === name),
			name,
			value,
		),
	);
	const missing = shown.filter((field) => field.required && !(field.name in parameters));
	return [...version, ...wrong, ...missing.map(({ name }) => `'${name}' is missing`)];
}

it.each(byFile)('examples/%s uses our nodes as they are', (_file, { nodes }) => {
	const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-konnect.'));
	expect(ours.length).toBeGreaterThan(0);
	for (const node of ours) expect([node.name, ...faultsOf(node)]).toEqual([node.name]);
});

it('finds fields and values that our nodes do not have', () => {
	const node = { type: 'n8n-nodes-konnect.konnect', typeVersion: 1 } as INode;
	const parameters = {
		operation: 'initPayment',
		token: 'CHF',
		additionalFields: { colour: 'red' },
	};
	expect(faultsOf({ ...node, parameters })).toEqual([
		`'token' offers no "CHF"`,
		`there is no field 'additionalFields.colour'`,
		`'amount' is missing`,
	]);
});
