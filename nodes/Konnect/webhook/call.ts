import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Payment } from '../payment/payment';
import { isObjectId } from '../payment/paymentId';
import type { SignedTerms } from '../payment/terms';
import { ownParameters, PARAMETERS, searchOf } from '../payment/terms';

/** A call of a webhook that names a payment. */
export interface Call {
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	/** The query of the address that was called, as it came: nobody has checked it. */
	search: URLSearchParams;
}

/** A call whose address was looked at with a credential. */
export interface CheckedCall extends Call {
	/** What the payment was made for, where our signature on the address is right. */
	terms: SignedTerms | undefined;
	connection: Connection;
}

export type CallReading = { ok: true; call: Call } | { ok: false; reason: string };

/** Reads the query of a call, which comes from a stranger: `payment_ref` counts only where it is one text of 24 hexadecimal characters. */
export function readCall(search: URLSearchParams): CallReading {
	const [paymentRef, ...others] = search.getAll(PARAMETERS.paymentRef);
	if (paymentRef === undefined) return { ok: false, reason: 'payment_ref is missing' };
	if (others.length > 0) return { ok: false, reason: 'payment_ref is not one value' };
	if (!isObjectId(paymentRef)) return { ok: false, reason: 'payment_ref is not a payment id' };
	return { ok: true, call: { paymentRef: paymentRef.toLowerCase(), search } };
}

/**
 * The parameters of the address that was given to Init Payment: as Konnect gives the address back with the payment, or as they were
 * signed, else as the call has them, which whoever called could have written. Of a payment that could not be read nothing tells
 * whether the address was made for it.
 */
export function queryOf({ terms, search }: CheckedCall, payment: Payment | undefined): IDataObject {
	const webhook = payment?.raw.webhook;
	const told = typeof webhook === 'string' ? ownParameters(searchOf(webhook)) : undefined;
	const known = payment && (told ?? terms?.query);
	return {
		query: toObject(known ?? ownParameters(search)),
		queryVerified: known !== undefined,
	};
}

/** A name that stands several times has a list of values. */
function toObject(query: ReadonlyArray<readonly [string, string]>): IDataObject {
	const values = new Map<string, string[]>();
	for (const [name, value] of query) values.set(name, [...(values.get(name) ?? []), value]);
	const entries = [...values].map(([name, list]) => [name, list.length > 1 ? list : list[0]]);
	return Object.fromEntries(entries) as IDataObject;
}
