import type { INodeParameters, INodeProperties } from 'n8n-workflow';

/** What expressions give when something is not as it was thought to be. */
const GIVEN: Array<[name: string, expression: string]> = [
	['undefined', '={{ undefined }}'],
	['null', '={{ null }}'],
	['an empty text', '={{ "" }}'],
	['a space', '={{ " " }}'],
	['NaN', '={{ NaN }}'],
	['a list', '={{ [] }}'],
	['a list with text in it', '={{ ["x"] }}'],
	['an object', '={{ ({ a: 1 }) }}'],
	['true', '={{ true }}'],
	['false', '={{ false }}'],
	['a number', '={{ 7 }}'],
	['a number below zero', '={{ -7 }}'],
	['a word', '={{ "Webhook" }}'],
	['a very long text', '={{ "x".repeat(100000) }}'],
];

/** Only these may come out as nothing: nobody is bound to give them. */
const MAY_BE_EMPTY = ['description', 'firstName', 'lastName', 'phoneNumber', 'email'];

export interface Field {
	property: INodeProperties;
	/** The parameters with the field set to a value. */
	with(value: unknown): INodeParameters;
}

/** A field stands in the node only where the others are as it needs them. */
const neededBy = ({ displayOptions }: INodeProperties) =>
	Object.entries(displayOptions?.show ?? {})
		.filter(([name]) => name !== 'operation')
		.map(([name, values]) => [name, values?.[0]]);

/** All fields that stand in the node for an operation, or in the trigger, with those of its collections. */
export function fieldsOf(properties: INodeProperties[], operation?: string): Field[] {
	const shown = properties.filter(({ name, type, displayOptions }) => {
		const operations = displayOptions?.show?.operation;
		return (
			name !== 'operation' &&
			type !== 'notice' &&
			(operations === undefined || operations.includes(operation ?? ''))
		);
	});
	return shown.flatMap((property): Field[] => {
		if (property.type !== 'collection') return [fieldOf(property, (values) => values)];
		// n8n takes no expression for a collection as a whole.
		return (property.options as INodeProperties[]).map((option) =>
			fieldOf(option, (values) => ({ [property.name]: values })),
		);
	});
}

const fieldOf = (
	property: INodeProperties,
	place: (values: Record<string, unknown>) => Record<string, unknown>,
): Field => ({
	property,
	with: (value) =>
		place({ ...Object.fromEntries(neededBy(property)), [property.name]: value }) as INodeParameters,
});

export const choicesOf = ({ options }: INodeProperties): string[] =>
	(options ?? []).flatMap((option) => ('value' in option ? [String(option.value)] : []));

/** A wrong case of each choice that would be right otherwise; in a list where the field takes one. */
function wrongCases(property: INodeProperties): Array<[string, string]> {
	const right = choicesOf(property);
	const wrong = right
		.flatMap((value) => [value.toUpperCase(), value.toLowerCase()])
		.filter((value) => !right.includes(value))
		.map((value) => JSON.stringify(value));
	const isList = property.type === 'multiOptions';
	return wrong
		.flatMap((word) => (isList ? [`[${word}]`, `[${JSON.stringify(right[0])}, ${word}]`] : [word]))
		.map((given) => [`${given}, in another case`, `={{ ${given} }}`]);
}

/** What a field is given, each with its name. */
export const givenTo = (property: INodeProperties) => [...GIVEN, ...wrongCases(property)];

/** What an expression gives, by itself. */
export const valueOf = (expression: string): unknown =>
	new Function(`return ${/\{\{(.*)\}\}/s.exec(expression)?.[1]}`)();

export const isNothing = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Whether a field of this type can mean a value; whether it may mean that very value, the field itself knows better. */
export function canMean({ name, type, options }: INodeProperties, value: unknown): boolean {
	if (isNothing(value)) return MAY_BE_EMPTY.includes(name);
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean';
		case 'number':
			return typeof value === 'number' && value > 0;
		case 'options':
			return (options ?? []).some((option) => 'value' in option && option.value === value);
		case 'json':
			return typeof value === 'object' && !Array.isArray(value);
		case 'string':
			return typeof value === 'string' || Number.isFinite(value);
		default:
			// A type that is not known here can mean nothing of all this.
			return false;
	}
}
