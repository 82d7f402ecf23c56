import { isNothing, misfit } from './parameters';
import type { Result } from './result';
import { ok, refuse } from './result';

const OBJECT_ID = /^[0-9a-f]{24}$/i;

/** Whether a text has the shape of Konnect's ids (payments, wallets): 24 hexadecimal characters. */
export function isObjectId(value: unknown): value is string {
	return typeof value === 'string' && OBJECT_ID.test(value);
}

/**
 * Reads a payment id from what a user typed: the id itself, or a pay link pasted whole.
 * Checked here because Konnect answers 500 to an id of another shape.
 */
export function toPaymentId(input: unknown, label: string): Result<string> {
	if (isNothing(input)) {
		return refuse(
			`'${label}' is missing`,
			'Give the paymentRef that Init Payment returned, or the pay link.',
		);
	}
	const text = typeof input === 'string' ? input.trim() : input;
	const id = typeof text === 'string' ? (paymentRefIn(text) ?? text) : text;
	if (isObjectId(id)) return ok(id.toLowerCase());
	return refuse(
		misfit(text, `'${label}'`, 'a payment id'),
		"A payment id has 24 characters, each 0-9 or a-f, such as 6911c8a763c10de262b88c7c. A pay link works too, if it has 'payment_ref=' in it.",
	);
}

function paymentRefIn(text: string): string | null {
	return URL.canParse(text) ? new URL(text).searchParams.get('payment_ref') : null;
}
