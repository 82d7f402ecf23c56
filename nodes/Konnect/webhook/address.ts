import type { IDataObject } from 'n8n-workflow';

import type { Payment } from '../payment/payment';
import { isObjectId } from '../payment/paymentId';
import type { SignedTerms } from '../payment/terms';
import { ownParameters, PARAMETERS, searchOf } from '../payment/terms';
import { Final } from './decision';

const LONGEST = 100;

/** The payment that a call names: 24 hexadecimal characters, in lower case. The same one may stand there twice. */
export function paymentNamedIn(search: URLSearchParams): string | Final {
	// A text that is far too long is not worth the work.
	const given = search
		.getAll(PARAMETERS.paymentRef)
		.map((text) => (text.length > LONGEST ? '' : text.replace(/[ /]+$/, '')));
	if (given.length === 0) return Final.malformed('payment_ref is missing');
	if (!given.every(isObjectId)) return Final.malformed('payment_ref is not a payment id');
	const [paymentRef = '', ...others] = new Set(given.map((text) => text.toLowerCase()));
	return others.length > 0 ? Final.malformed('payment_ref names several payments') : paymentRef;
}

/**
 * The parameters of the address that Init Payment was given. They come from the address that Konnect gives back with the payment,
 * or from the signed part of the called one. Failing both they come from the call itself, and its sender may have written them.
 */
export function queryOf(
	search: URLSearchParams,
	terms: SignedTerms | undefined,
	{ raw: { webhook } }: Payment,
): IDataObject {
	const given = typeof webhook === 'string' ? ownParameters(searchOf(webhook)) : undefined;
	const verified = given ?? terms?.query;
	return {
		query: toObject(verified ?? ownParameters(search)),
		queryVerified: verified !== undefined,
	};
}

/** A name that occurs several times gets a list of values. */
function toObject(query: ReadonlyArray<readonly [string, string]>): IDataObject {
	const values = new Map<string, string[]>();
	for (const [name, value] of query) values.set(name, [...(values.get(name) ?? []), value]);
	const entries = [...values].map(([name, list]) => [name, list.length > 1 ? list : list[0]]);
	return Object.fromEntries(entries) as IDataObject;
}
