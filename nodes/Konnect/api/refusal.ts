import type { IDataObject } from 'n8n-workflow';

import { toSpokenText } from '../payment/money';
import { describe } from '../payment/parameters';
import type { Problem } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';
import { redact } from './connection';

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
	{ labels = {}, body = {} }: Asked,
	connection: Connection,
): Problem {
	const fields = errors.map(({ field }) => field).filter((field) => field !== undefined);
	if (fields.length === 0) {
		return {
			message: 'Konnect does not accept the request',
			description: 'Correct the fields and run again.',
		};
	}
	const { walletId } = connection;
	const labelOf = (field: string) =>
		// The field is not in the node then.
		field === 'receiverWalletId' && walletId !== undefined && body[field] === walletId
			? "the credential's 'Wallet ID'"
			: `'${Object.hasOwn(labels, field) ? labels[field] : field}'`;
	const sent = fields
		.filter((field) => Object.hasOwn(body, field))
		.map((field) => `${labelOf(field)} was ${sentValue(field, body, connection)}`);
	const names = fields.map(labelOf).join(', ');
	return {
		message: `Konnect does not accept ${names}`,
		description: sentences(limitsOf(errors, body), ...sent, `Correct ${names} and run again`),
	};
}

function sentValue(field: string, body: IDataObject, connection: Connection): string {
	const value = body[field];
	const amount = field === 'amount' ? spoken(value, body) : null;
	if (amount) return `${amount} ${String(body.token)} (${String(value)} in minor units)`;
	// Before it is cut to a length: half a key is not known for one.
	return describe(typeof value === 'string' ? redact(value, connection) : value);
}

/** Konnect names the limits of an amount in millimes or cents, which hardly anybody fills in. */
function limitsOf(errors: readonly KonnectError[], body: IDataObject): string | undefined {
	const complaint = errors.find(({ field }) => field === 'amount')?.message ?? '';
	const numbers = (complaint.match(/\d+/g) ?? []).map(Number);
	const [least = 0, most = 0] = numbers;
	if (numbers.length !== 2 || least >= most) return undefined;
	const [from, to] = [spoken(least, body), spoken(most, body)];
	return from && to ? `That is ${from} to ${to} ${String(body.token)}` : undefined;
}

/** Minor units in the currency, such as "10 000"; null where they cannot be said in it. */
const spoken = (minor: unknown, { token }: IDataObject) =>
	typeof minor === 'number' ? toSpokenText(minor, typeof token === 'string' ? token : null) : null;
