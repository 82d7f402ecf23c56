import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { Result } from './result';
import { ok, refuse } from './result';

/**
 * What a payment was made for, signed into the address of its webhook. Konnect signs nothing, so this is how the trigger tells
 * an address that Init Payment made from one that somebody invented, and which payment it was made for.
 */
export interface Terms {
	/** Minor units. */
	amount: number;
	token: string;
	/** Absent where the payment was made without one. */
	orderId?: string;
	/** The wallet that the payment was made for. */
	receiverWalletId: string;
}

/** The terms of a signed address, and the parameters that it had of its own, in their order. */
export interface SignedTerms extends Terms {
	query: Array<[name: string, value: string]>;
}

/** The parameters of an address that are Konnect's or ours; all others are the user's own. */
export const PARAMETERS = {
	/** Konnect adds it to every address. */
	paymentRef: 'payment_ref',
	/** The signed terms: `<terms>.<signature>`, both base64url. */
	terms: 'konnect_terms',
	/** When the payer was first shown that the payment is being confirmed: milliseconds since 1970. */
	since: 'konnect_since',
} as const;

/** Keeps these signatures apart from any other use of the same secret. */
const PURPOSE = 'n8n-nodes-konnect:terms:v1:';

const SHORTEST_SECRET = 16;

/**
 * Reads the credential's 'Webhook Secret': one secret, or several with commas between while one takes another's place.
 *
 * @returns none where the field is empty: addresses are signed with a key that is derived from the API key then
 */
export function toSecrets(text: string): Result<string[]> {
	if (text === '') return ok([]);
	const secrets = text.split(',').map((secret) => secret.trim());
	if (secrets.every((secret) => secret.length >= SHORTEST_SECRET)) return ok(secrets);
	return refuse(
		`The credential's 'Webhook Secret' is too short to be safe`,
		`Use at least ${SHORTEST_SECRET} characters, better 32, that nobody can guess: let a password manager make them, or the command "openssl rand -hex 32". Several secrets stand with a comma between them; none may be empty.`,
	);
}

interface Secrets {
	apiKey: string;
	webhookSecrets: readonly string[];
}

/**
 * What addresses are signed with: the first key signs, all are accepted. Where the credential has no secret of its own, a key is
 * derived from the API key (HKDF, RFC 5869), which nobody but Konnect and its owner knows.
 *
 * @param acceptsDerived whether that key is accepted beside the secrets: addresses of before the first of them are signed with it
 */
export function signingKeys(secrets: Secrets, acceptsDerived = false): [string, ...string[]] {
	const [first, ...others] = secrets.webhookSecrets;
	if (first === undefined) return [derivedKeyOf(secrets)];
	return acceptsDerived ? [first, ...others, derivedKeyOf(secrets)] : [first, ...others];
}

function derivedKeyOf(secrets: Secrets): string {
	const key =
		derivedKeys.get(secrets) ??
		Buffer.from(hkdfSync('sha256', secrets.apiKey, '', PURPOSE, 32)).toString('base64url');
	derivedKeys.set(secrets, key);
	return key;
}

/** For each credential that was read: to derive a key costs more than to check a call with it. */
const derivedKeys = new WeakMap<Secrets, string>();

/** Adds the signed terms to the address of a webhook, before its fragment if it has one. */
export function signWebhook(webhook: string, terms: Terms, key: string): string {
	const [, address = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(webhook) ?? [];
	const { amount, token, orderId, receiverWalletId } = terms;
	const query = new URLSearchParams(ownParameters(searchOf(address))).toString();
	const values = [amount, token, orderId ?? null, receiverWalletId.toLowerCase(), query];
	const payload = Buffer.from(JSON.stringify(values)).toString('base64url');
	const separator = address.includes('?') ? '&' : '?';
	return `${address}${separator}${PARAMETERS.terms}=${payload}.${sign(payload, key)}${fragment}`;
}

/**
 * The terms of an address, if one of the keys has signed them and its own parameters are those that it was signed with. What
 * others have added to it does not count: Konnect adds `payment_ref`, and browsers add things too.
 *
 * @param search the query of the address that was called, from a stranger: anything
 */
export function verifyTerms(
	search: URLSearchParams,
	keys: readonly string[],
): SignedTerms | undefined {
	const [parameter = '', ...others] = search.getAll(PARAMETERS.terms);
	const [payload = '', signature = '', ...rest] = parameter.split('.');
	if (rest.length > 0 || others.length > 0) return undefined;
	const given = Buffer.from(signature);
	// All keys are tried, so that the time does not tell which one it was.
	const fits = keys.map((key) => {
		const right = Buffer.from(sign(payload, key));
		return right.length === given.length && timingSafeEqual(right, given);
	});
	// The terms are not read before their signature is found right.
	const terms = fits.includes(true) ? readTerms(payload) : undefined;
	return terms && hasThese(search, terms.query) ? terms : undefined;
}

/** What a query holds besides the parameters that are Konnect's or ours. */
export function ownParameters(search: URLSearchParams): Array<[string, string]> {
	const names: readonly string[] = Object.values(PARAMETERS);
	return [...search].filter(([name]) => !names.includes(name));
}

/** Ways to append `payment_ref` to an address that has a query already. Konnect appends it with `&` today. */
const APPENDED_REF = new RegExp(`(?:\\?|&amp;)(?=${PARAMETERS.paymentRef}=)`, 'g');

/** The query of an address; empty where it has none. */
export function searchOf(address: string): URLSearchParams {
	const [, query = ''] = /^[^?#]*\?([^#]*)/s.exec(address) ?? [];
	// Another question mark belongs to a name or a value, but URLSearchParams would leave out one at the beginning.
	return new URLSearchParams(`&${query}`.replace(APPENDED_REF, '&'));
}

/**
 * The address that resumes an execution, with a last parameter. Without that, `?payment_ref=…` would become a part of n8n's `signature`,
 * and n8n would refuse the call.
 */
export const resumeAddress = (resumeUrl: string) =>
	resumeUrl.includes('?') ? `${resumeUrl}&${LAST}=1` : resumeUrl;

const LAST = 'konnect_last';

/**
 * An address without parameters that are Konnect's or ours: one that was taken from a payment has them already, and with two of
 * them every call would be refused.
 */
export const withoutParameters = (address: string) =>
	without(address, Object.values(PARAMETERS).join('|'));

/** An address as it may be shown: without our signature, and without n8n's where it resumes an execution. */
export const withoutSignature = (address: string) =>
	without(address, `${PARAMETERS.terms}|${LAST}|signature`);

const without = (address: string, names: string) =>
	address
		.replace(new RegExp(`(?<=[?&])(?:${names})(?:=[^&#]*)?(?:&|(?=#|$))`, 'g'), '')
		.replace(/[?&](?=#|$)/, '');

function hasThese(search: URLSearchParams, query: SignedTerms['query']): boolean {
	const signed = new URLSearchParams(query);
	const valuesOf = (from: URLSearchParams, name: string) => JSON.stringify(from.getAll(name));
	return [...signed.keys()].every((name) => valuesOf(signed, name) === valuesOf(search, name));
}

const sign = (payload: string, key: string) =>
	createHmac('sha256', key).update(PURPOSE).update(payload).digest('base64url');

/** Only for what a key has signed: so `signWebhook` has written it. */
function readTerms(payload: string): SignedTerms {
	const text = Buffer.from(payload, 'base64url').toString('utf8');
	const [amount, token, orderId, receiverWalletId, query] = JSON.parse(text) as unknown[];
	return {
		amount: Number(amount),
		token: String(token),
		...(typeof orderId === 'string' && { orderId }),
		receiverWalletId: String(receiverWalletId),
		query: [...new URLSearchParams(String(query))],
	};
}
