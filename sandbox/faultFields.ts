import type { Faults } from './types';

export interface FaultField {
	/** What it does, for a person to read. */
	text: string;
	/** What it can be: a whole number, an HTTP status, the text of a header, or one of these words. */
	kind: 'count' | 'status' | 'header' | readonly string[];
}

/** The values of a fault that is either on or off. */
const SWITCH = ['true', 'false'] as const;

/** All faults, for the checks, the command line and the overview. */
export const FAULT_FIELDS: Readonly<Record<keyof Faults, FaultField>> = {
	latency: { text: 'delay of each answer, ms', kind: 'count' },
	status: {
		text: 'HTTP status instead of an answer; from 400 the request is not carried out',
		kind: 'status',
	},
	retryAfter: { text: 'Retry-After sent with that status: seconds or a date', kind: 'header' },
	html: { text: 'an HTML page instead of JSON, with 200 where no status is set', kind: SWITCH },
	cut: {
		text: 'cuts the connection before or after the request is carried out',
		kind: ['before', 'after'],
	},
	times: { text: 'how many requests the faults above hit; empty: all', kind: 'count' },
	skip: { text: 'how many requests pass first', kind: 'count' },
	match: { text: 'which requests are hit', kind: ['init', 'get', 'all'] },
	settlesAfter: {
		text: 'slow bank: from the attempt to pay until the payment shows it, ms',
		kind: 'count',
	},
	calls: {
		text: 'who calls the webhook, whatever silentWebhook says',
		kind: ['browser', 'server', 'serverFirst', 'both'],
	},
	duplicateWebhooks: { text: 'extra calls beside each webhook call', kind: 'count' },
	outOfOrderWebhooks: {
		text: "a failed attempt's call comes after the next one",
		kind: SWITCH,
	},
};

export const FAULT_NAMES = Object.keys(FAULT_FIELDS) as Array<keyof Faults>;

export const isCount = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 0;

function fits(value: unknown, { kind }: FaultField): boolean {
	if (kind === 'count') return isCount(value);
	if (kind === 'status') return isCount(value) && value >= 200 && value <= 599;
	if (kind === 'header')
		return isCount(value) || (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value));
	return kind === SWITCH ? typeof value === 'boolean' : kind.some((word) => word === value);
}

/** Checks faults that came from outside. @throws naming the first that is unknown or wrong */
export function parseFaults(input: object): Partial<Faults> {
	const entries = Object.entries(input).filter(([, value]) => value !== undefined);
	for (const [name, value] of entries) {
		if (!Object.hasOwn(FAULT_FIELDS, name)) throw new Error(`There is no fault '${name}'.`);
		if (!fits(value, FAULT_FIELDS[name as keyof Faults]))
			throw new Error(`The fault '${name}' has an invalid value.`);
	}
	return Object.fromEntries(entries);
}

/** Reads faults that were typed: each value is text, and an empty one means no fault. @throws as `parseFaults` */
export function faultsOfTexts(texts: Record<string, unknown>): Partial<Faults> {
	const typed = Object.entries(texts).filter(([, text]) => text !== '');
	const values = typed.map(([name, text]) => {
		const kind = FAULT_FIELDS[name as keyof Faults]?.kind;
		if (kind === SWITCH && SWITCH.some((word) => word === text)) return [name, text === 'true'];
		return [name, kind === 'count' || kind === 'status' ? Number(text) : text];
	});
	return parseFaults(Object.fromEntries(values));
}
