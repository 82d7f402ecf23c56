import type { Faults } from './types';

export interface FaultField {
	/** What it does, for a person to read. */
	text: string;
	/** Its option on the command line. */
	flag: string;
	/** What it can be: a whole number, an HTTP status, on or off, the text of a header, or one of these words. */
	kind: 'count' | 'status' | 'switch' | 'header' | readonly string[];
}

/** All faults, for the checks, the command line and the overview. */
export const FAULT_FIELDS: Readonly<Record<keyof Faults, FaultField>> = {
	latency: { text: 'delay of each answer, ms', flag: '--latency <ms>', kind: 'count' },
	status: {
		text: 'HTTP status instead of an answer',
		flag: '--fault-status <status>',
		kind: 'status',
	},
	retryAfter: {
		text: 'Retry-After sent with that status',
		flag: '--retry-after <value>',
		kind: 'header',
	},
	html: { text: 'an HTML page instead of JSON', flag: '--fault-html', kind: 'switch' },
	emptyBody: { text: 'answers without a body', flag: '--fault-empty-body', kind: 'switch' },
	truncated: { text: 'JSON that stops halfway', flag: '--fault-truncated', kind: 'switch' },
	cut: {
		text: 'cut the connection before or after the request is carried out',
		flag: '--fault-cut <when>',
		kind: ['before', 'after'],
	},
	times: {
		text: 'how many requests the faults above hit',
		flag: '--fault-times <number>',
		kind: 'count',
	},
	skip: { text: 'how many requests pass first', flag: '--fault-skip <number>', kind: 'count' },
	match: {
		text: 'which requests are hit',
		flag: '--fault-match <kind>',
		kind: ['init', 'get', 'all'],
	},
	settlesAfter: {
		text: 'slow bank: from the attempt to pay until the payment shows it, ms',
		flag: '--settles-after <ms>',
		kind: 'count',
	},
	calls: {
		text: 'who calls the webhook',
		flag: '--calls <who>',
		kind: ['browser', 'server', 'serverFirst', 'both'],
	},
	duplicateWebhooks: {
		text: 'extra calls beside each webhook call',
		flag: '--duplicate-webhooks <number>',
		kind: 'count',
	},
	outOfOrderWebhooks: {
		text: "a failed attempt's call comes after the next one",
		flag: '--out-of-order-webhooks',
		kind: 'switch',
	},
};

export const FAULT_NAMES = Object.keys(FAULT_FIELDS) as Array<keyof Faults>;

export const isCount = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 0;

function fits(value: unknown, { kind }: FaultField): boolean {
	if (kind === 'count') return isCount(value);
	if (kind === 'status') return isCount(value) && value >= 200 && value <= 599;
	if (kind === 'switch') return typeof value === 'boolean';
	if (kind === 'header')
		return isCount(value) || (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value));
	return kind.some((word) => word === value);
}

/** Takes faults that came from outside. @throws naming the first that is unknown or wrong */
export function parseFaults(input: unknown): Partial<Faults> {
	if (typeof input !== 'object' || input === null || Array.isArray(input)) {
		throw new Error('Faults must be an object.');
	}
	const entries = Object.entries(input).filter(([, value]) => value !== undefined);
	for (const [name, value] of entries) {
		if (!Object.hasOwn(FAULT_FIELDS, name)) throw new Error(`There is no fault '${name}'.`);
		if (!fits(value, FAULT_FIELDS[name as keyof Faults]))
			throw new Error(`The fault '${name}' has a value it cannot have.`);
	}
	return Object.fromEntries(entries);
}

/** Takes faults from a form, where all is text and what is left empty is absent. @throws as `parseFaults` */
export function faultsOfForm(form: Record<string, unknown>): Partial<Faults> {
	const typed = Object.entries(form).filter(([, text]) => text !== '');
	const values = typed.map(([name, text]) => {
		const kind = FAULT_FIELDS[name as keyof Faults]?.kind;
		if (kind === 'switch') return [name, text === 'on'];
		return [name, kind === 'count' || kind === 'status' ? Number(text) : text];
	});
	return parseFaults(Object.fromEntries(values));
}
