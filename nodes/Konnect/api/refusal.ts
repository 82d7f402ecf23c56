import type { IDataObject } from 'n8n-workflow';

import { toSpokenText } from '../payment/money';
import type { FieldTable } from '../payment/parameters';
import { describe, labelOf } from '../payment/parameters';
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
	/** The fields that the user sees, by Konnect's names. */
	table?: FieldTable;
	body?: IDataObject;
	/** Whether Konnect may have carried it out all the same: then no text advises to try again. */
	isInDoubt?: boolean;
}

/** The error texts for fields that Konnect refused: their labels, what was sent, and Konnect's limits in the currency. */
export function explainRefusal(
	errors: readonly KonnectError[],
	{ table = {}, body = {} }: Asked,
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
	const nameOf = (field: string) =>
		// The field was not added to the node, so the value came from the credential.
		field === 'receiverWalletId' && walletId !== undefined && body[field] === walletId
			? "the credential's 'Wallet ID'"
			: `'${labelOf(field, table)}'`;
	const sent = fields
		.filter((field) => Object.hasOwn(body, field))
		.map((field) => `${nameOf(field)} was ${sentValue(field, body, connection)}`);
	const names = fields.map(nameOf).join(', ');
	return {
		message: `Konnect does not accept ${names}`,
		description: sentences(limitsOf(errors, body), ...sent, `Correct ${names} and run again`),
	};
}

function sentValue(field: string, body: IDataObject, connection: Connection): string {
	const value = body[field];
	const amount = field === 'amount' ? toSpokenText(value, body.token) : null;
	if (amount) return `${amount} ${String(body.token)} (${String(value)} in minor units)`;
	// Redacted before it is shortened, because half a key would not be recognised.
	return describe(typeof value === 'string' ? redact(value, connection) : value);
}

/** Konnect names the limits of an amount in millimes or cents, but hardly anybody gives amounts in those. */
function limitsOf(errors: readonly KonnectError[], body: IDataObject): string | undefined {
	const complaint = errors.find(({ field }) => field === 'amount')?.message ?? '';
	const numbers = (complaint.match(/\d+/g) ?? []).map(Number);
	const [least = 0, most = 0] = numbers;
	if (numbers.length !== 2 || least >= most) return undefined;
	const [from, to] = [least, most].map((limit) => toSpokenText(limit, body.token));
	return from && to ? `That is ${from} to ${to} ${String(body.token)}` : undefined;
}
