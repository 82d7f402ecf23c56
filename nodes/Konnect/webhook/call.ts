import { isObjectId } from '../payment/paymentId';
import { TERMS_PARAMETER } from '../payment/terms';

/** A call of the webhook that names a payment. */
export interface Call {
	/** 24 hexadecimal characters, lower case. */
	paymentRef: string;
	/** What stands in the parameter of the signed terms; undefined where the call has none. */
	terms: unknown;
	/** The other parameters of the call, `cart_id` and the like, as they came: nobody has checked them. */
	query: Record<string, unknown>;
}

export type CallReading = { ok: true; call: Call } | { ok: false; reason: string };

/**
 * Reads the query of a call. Its values come from a stranger and can be text, lists or objects (`a=1&a=2`, `a[b]=1`),
 * so `payment_ref` counts only where it is one text of 24 hexadecimal characters.
 */
export function readCall(query: unknown): CallReading {
	const {
		payment_ref: paymentRef,
		[TERMS_PARAMETER]: terms,
		...others
	} = (query ?? {}) as Record<string, unknown>;
	if (paymentRef === undefined) return { ok: false, reason: 'payment_ref is missing' };
	if (typeof paymentRef !== 'string') return { ok: false, reason: 'payment_ref is not one value' };
	if (!isObjectId(paymentRef)) return { ok: false, reason: 'payment_ref is not a payment id' };
	return { ok: true, call: { paymentRef: paymentRef.toLowerCase(), terms, query: others } };
}
