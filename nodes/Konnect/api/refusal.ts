import type { IDataObject } from 'n8n-workflow';

import { toSpokenText } from '../payment/money';
import { describe } from '../payment/parameters';
import type { Problem } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';
import { redact } from './redact';

/** One entry of Konnect's `errors`, as far as it can be read. */
export interface KonnectError {
	code: string | undefined;
	/** Konnect's name of the field that it complains about. */
	field: string | undefined;
	message: string;
}

/** What was asked of Konnect, for the texts of its refusal. */
export interface Asked {
	/** Konnect's field names to the labels that the user sees. */
	labels?: Readonly<Record<string, string>>;
	body?: IDataObject;
	/** Whether Konnect may have carried it out all the same: then nobody is told to ask again. */
	isInDoubt?: boolean;
}

/** The texts for fields that Konnect found fault with: by their labels, with what was sent, and its limits in the currency. */
export function explainRefusal(
	errors: readonly KonnectError[],
	asked: Asked,
	connection: Connection,
): Problem {
	const fields = errors.map(({ field }) => field).filter((field) => field !== undefined);
	if (fields.length === 0) {
		return {
			message: 'Konnect does not accept the request',
			description: 'Correct the fields and run again.',
		};
	}
	const names = fields.map((field) => labelOf(field, asked, connection)).join(', ');
	return {
		message: `Konnect does not accept ${names}`,
		description: sentences(
			limitsOf(errors, asked),
			...fields.map((field) => sentValue(field, asked, connection)),
			`Correct ${names} and run again`,
		),
	};
}

function labelOf(field: string, { labels = {}, body = {} }: Asked, { walletId }: Connection) {
	// The field is not in the node then.
	if (field === 'receiverWalletId' && walletId !== undefined && body[field] === walletId) {
		return "the credential's 'Wallet ID'";
	}
	return `'${Object.hasOwn(labels, field) ? labels[field] : field}'`;
}

function sentValue(field: string, asked: Asked, connection: Connection): string | undefined {
	const { body = {} } = asked;
	if (!Object.hasOwn(body, field)) return undefined;
	const value = body[field];
	const inCurrency = field === 'amount' ? spokenAmounts([value], asked) : undefined;
	// Before it is cut to a length: half a key is not known for one.
	const whole = typeof value === 'string' ? redact(value, connection) : value;
	const sent = inCurrency ? `${inCurrency} (${String(value)} in minor units)` : describe(whole);
	return `${labelOf(field, asked, connection)} was ${sent}`;
}

/** Konnect names the limits of an amount in millimes or cents, which hardly anybody fills in. */
function limitsOf(errors: readonly KonnectError[], asked: Asked): string | undefined {
	const complaint = errors.find(({ field }) => field === 'amount')?.message ?? '';
	const numbers = (complaint.match(/\d+/g) ?? []).map(Number);
	const [least = 0, most = 0] = numbers;
	if (numbers.length !== 2 || least >= most) return undefined;
	const limits = spokenAmounts([least, most], asked);
	return limits && `That is ${limits}`;
}

/** "0.100 to 10 000 TND"; undefined where it cannot be said. */
function spokenAmounts(minor: unknown[], { body = {} }: Asked): string | undefined {
	const token = typeof body.token === 'string' ? body.token : null;
	const texts = minor.map((one) => (typeof one === 'number' ? toSpokenText(one, token) : null));
	return texts.includes(null) ? undefined : `${texts.join(' to ')} ${token}`;
}
