import type { Result } from './result';
import { isRecord, ok, refuse } from './result';

// Every parameter can be an expression, so its value is checked here before it is used. An empty value never means the default:
// a check that is silently off, or an amount off by a factor, costs more than an error.

/** One choice as the editor offers it: `name` is what the user sees, `value` what the node is given. */
export interface Choice {
	name: string;
	value: string;
}

/** Fields by their names: for reading them, and for the texts of errors. */
export type FieldTable = Readonly<
	Record<string, { displayName: string; default: unknown; options?: unknown }>
>;

/** Reads the value of a field, given the label and the choices that the user sees. */
export type Reader<T = unknown> = (
	value: unknown,
	label: string,
	choices: readonly Choice[],
) => Result<T>;

/** The field's name in its path: `options.timeout` is the path of the field `timeout` in the collection `options`. */
export const nameIn = (path: string) => path.slice(path.lastIndexOf('.') + 1);

export function readField<T>(
	value: unknown,
	path: string,
	read: Reader<T>,
	table: FieldTable,
): Result<T> {
	const name = nameIn(path);
	return read(value, labelOf(name, table), (table[name]?.options ?? []) as Choice[]);
}

export const labelOf = (name: string, table: FieldTable) => table[name]?.displayName ?? name;

const LONGEST_QUOTE = 60;

/** Exactly one of the choices. Another case or spaces around it are refused. */
export function readOption(
	value: unknown,
	label: string,
	choices: readonly Choice[],
): Result<string> {
	const choice = choices.find((one) => one.value === value);
	if (choice) return ok(choice.value);
	return unfit(value, label, `choose ${listed(choices, 'or')}`);
}

/** Some of the choices, at least one, in the order given and each once. */
export function readOptions(
	value: unknown,
	label: string,
	choices: readonly Choice[],
): Result<string[]> {
	const advice = `choose from ${listed(choices, 'and')}`;
	if (!Array.isArray(value)) return unfit(value, label, advice);
	if (value.length === 0) return unfit(undefined, label, advice);
	const wrong = value.findIndex((one) => !choices.some((choice) => choice.value === one));
	if (wrong < 0) return ok([...new Set(value as string[])]);
	return refuse(`'${label}' contains ${describe(value[wrong])}: ${advice}`, ADVICE);
}

/** Text that is not empty, without the spaces around it. A number becomes its digits, because order ids are often numbers. */
export function readText(value: unknown, label: string): Result<string> {
	const text = readOptionalText(value, label);
	return text.ok && text.value === '' ? unfit('', label, 'it needs text') : text;
}

/** Text, or `''` if there is none. For the payer's own data and the description, which are optional. */
export function readOptionalText(value: unknown, label: string): Result<string> {
	if (value === undefined || value === null) return ok('');
	if (typeof value === 'string') return ok(value.trim());
	// A greater number has lost digits already.
	const isExact = typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
	if (isExact) return ok(String(value));
	return unfit(value, label, 'it needs text');
}

/** True or false. The text "true" and the number 1 are refused. */
export function readBoolean(value: unknown, label: string): Result<boolean> {
	return typeof value === 'boolean' ? ok(value) : unfit(value, label, 'it needs true or false');
}

interface Bounds {
	min: number;
	max: number;
	whole?: boolean;
}

const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * A number, or text that is one in plain digits such as "30". Not for amounts: those are read as decimal text. The bounds are
 * inclusive, in the field's own unit.
 */
export function readNumber({ min, max, whole = false }: Bounds): Reader<number> {
	const kind = whole ? 'a whole number' : 'a number';
	return (value, label) => {
		const isPlainText = typeof value === 'string' && PLAIN_NUMBER.test(value.trim());
		const number = isPlainText ? Number(value) : value;
		const isInRange = typeof number === 'number' && number >= min && number <= max;
		if (isInRange && (!whole || Number.isInteger(number))) return ok(number);
		return unfit(value, label, `it needs ${kind} from ${min} to ${max}`);
	};
}

/** Reads a timeout in seconds. More than an hour is taken for a mistake. */
export const readTimeout = readNumber({ min: 0.01, max: 3_600 });

const ADVICE =
	'Where the field is an expression, look at what it gives for this item, or set a fixed value.';

function unfit<T>(value: unknown, label: string, advice: string): Result<T> {
	const what = isNothing(value) ? 'empty' : describe(value);
	return refuse(`'${label}' is ${what}: ${advice}`, ADVICE);
}

/** Says that a field is empty, or that its value is not of the expected kind. */
export const misfit = (value: unknown, field: string, kind: string) =>
	isNothing(value) ? `${field} is empty` : `${field} is not ${kind}: ${describe(value)}`;

/** Whether a value is what an expression gives when it finds nothing. */
export const isNothing = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** The form of a Konnect API key. Users can paste one into the wrong field, and errors must not show it. */
const KEY_FORM = /[0-9a-f]{24}:[!-~]+/gi;

/** A value in words, short enough for an error. The contents of lists and objects stay out of it, because they may be private. */
export function describe(value: unknown): string {
	if (isNothing(value)) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	if (isRecord(value)) return 'an object';
	if (typeof value !== 'string') return String(value);
	const text = value.replace(KEY_FORM, '[API key]');
	return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

function listed(choices: readonly Choice[], word: 'or' | 'and'): string {
	const names = choices.map(({ name, value }) => (name === value ? name : `${name} (${value})`));
	const last = names.pop() ?? '';
	return names.length === 0 ? last : `${names.join(', ')} ${word} ${last}`;
}
