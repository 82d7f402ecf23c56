import type { Result } from './result';
import { isRecord, ok, refuse } from './result';

// Every parameter can be an expression, so what it gives is checked here before it is believed. Nothing is ever taken for a
// default: a check that is silently off, or an amount off by a factor, costs more than an error.

/** One choice as the editor offers it: `name` is what the user sees, `value` what the node is given. */
export interface Choice {
	name: string;
	value: string;
}

/** Fields by their names: for reading them, and for the texts of errors. */
export type FieldTable = Readonly<
	Record<string, { displayName: string; default: unknown; options?: unknown }>
>;

/** Reads what a field gives, knowing how the user sees it: its label, and what there is to choose from. */
export type Reader<T = unknown> = (
	value: unknown,
	label: string,
	choices: readonly Choice[],
) => Result<T>;

/** The name of a field from its path, which has its collection before it and a point between, where it stands in one. */
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

/** Exactly one of the choices; another case or a space around it is not. */
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

/** Text with something in it, without the spaces around it. A number counts as its digits: an order id often is one. */
export function readText(value: unknown, label: string): Result<string> {
	const text = readOptionalText(value, label);
	return text.ok && text.value === '' ? unfit('', label, 'it needs a text') : text;
}

/** Text, or `''` where there is none: for the payer's own data and the description, which nobody is bound to give. */
export function readOptionalText(value: unknown, label: string): Result<string> {
	if (value === undefined || value === null) return ok('');
	if (typeof value === 'string') return ok(value.trim());
	if (Number.isFinite(value)) return ok(String(value));
	return unfit(value, label, 'it needs a text');
}

/** True or false; the words "true" and 1 are not. */
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

/** Reads a timeout in seconds: more than an hour is a slip. */
export const readTimeout = readNumber({ min: 0.01, max: 3_600 });

const ADVICE =
	'Where the field is an expression, look at what it gives for this item, or set a fixed value.';

function unfit<T>(value: unknown, label: string, advice: string): Result<T> {
	const what = isNothing(value) ? 'empty' : describe(value);
	return refuse(`'${label}' is ${what}: ${advice}`, ADVICE);
}

/** What is the matter with a value that is not what its field is for, by the field's name and with what came. */
export const misfit = (value: unknown, field: string, kind: string) =>
	isNothing(value) ? `${field} is empty` : `${field} is not ${kind}: ${describe(value)}`;

/** What an expression gives that came to nothing. */
export const isNothing = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** The form of a Konnect API key, which can be pasted into the wrong field. */
const KEY_FORM = /[0-9a-f]{24}:[!-~]+/gi;

/** What came, short enough for an error; what lists and objects hold is not shown, as it may be anybody's data. */
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
