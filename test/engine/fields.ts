import type { INodeParameters, INodeProperties } from 'n8n-workflow';

/** What expressions give when something is not as their author expected. */
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

/** Only these fields may be empty, because nobody has to fill them in. */
const MAY_BE_EMPTY = ['description', 'firstName', 'lastName', 'phoneNumber', 'email'];

export interface Field {
	property: INodeProperties;
	/** The parameters with the field set to a value. */
	with(value: unknown): INodeParameters;
}

/** The values of other fields with which the node shows this field. */
const neededBy = ({ displayOptions }: INodeProperties) =>
	Object.entries(displayOptions?.show ?? {})
		.filter(([name]) => name !== 'operation')
		.map(([name, values]) => [name, values?.[0]]);

/** All fields that the node shows for an operation, or all of the trigger's. Fields in collections are included. */
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

/** The field's choices with the case of their letters changed; in lists, if the field takes a list. */
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

/** All that a field is given: pairs of a name and an expression. */
export const givenTo = (property: INodeProperties) => [...GIVEN, ...wrongCases(property)];

/** The value of an expression, evaluated without n8n. */
export const valueOf = (expression: string): unknown =>
	new Function(`return ${/\{\{(.*)\}\}/s.exec(expression)?.[1]}`)();

export const isNothing = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Whether a field of this type can mean the value. The field itself may be stricter. */
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
			// A type that is not listed here can mean none of these values.
			return false;
	}
}
