import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { Result } from './result';
import { ok, refuse } from './result';

/**
 * What a payment was made for, signed into the address of its webhook. Konnect signs nothing. So this signature tells the trigger
 * that Init Payment made the address and nobody invented it, and which payment it was made for.
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

/** The terms of a signed address, and the address's own parameters in their order. */
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
 * Reads the credential's 'Webhook Secret': one secret, or several with commas between them while a new one replaces an old one.
 *
 * @returns none if the field is empty: then a key derived from the API key signs the addresses
 */
export function toSecrets(text: string): Result<string[]> {
	if (text === '') return ok([]);
	const secrets = text.split(',').map((secret) => secret.trim());
	if (secrets.every((secret) => secret.length >= SHORTEST_SECRET)) return ok(secrets);
	return refuse(
		`The credential's 'Webhook Secret' is too short to be safe`,
		`Use at least ${SHORTEST_SECRET} characters, better 32, that nobody can guess: let a password manager make them, or the command "openssl rand -hex 32". Separate several secrets with commas; none may be empty.`,
	);
}

interface Secrets {
	apiKey: string;
	webhookSecrets: readonly string[];
}

/**
 * The keys for webhook addresses: the first signs, all are accepted. If the credential has no webhook secret, the key is derived
 * from the API key (HKDF, RFC 5869), which only Konnect and its owner know.
 *
 * @param acceptsDerived accepts the derived key beside the secrets: it signed the addresses made before the first secret was set
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

/** Kept for each credential that was read, because deriving a key costs more than checking a call with it. */
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
 * The terms of an address, if one of the keys has signed them and the signed parameters are unchanged. Further parameters do not
 * matter: Konnect adds `payment_ref`, and browsers add some too.
 *
 * @param search the query of the called address, which comes from a stranger and may be anything
 */
export function verifyTerms(
	search: URLSearchParams,
	keys: readonly string[],
): SignedTerms | undefined {
	const [parameter = '', ...others] = search.getAll(PARAMETERS.terms);
	const [payload = '', signature = '', ...rest] = parameter.split('.');
	if (rest.length > 0 || others.length > 0) return undefined;
	const given = Buffer.from(signature);
	// Tries all keys, so that the time taken does not reveal which one fits.
	const fits = keys.map((key) => {
		const right = Buffer.from(sign(payload, key));
		return right.length === given.length && timingSafeEqual(right, given);
	});
	// Reads the terms only after their signature has proved right.
	const terms = fits.includes(true) ? readTerms(payload) : undefined;
	return terms && hasThese(search, terms.query) ? terms : undefined;
}

/** What a query holds besides the parameters that are Konnect's or ours. */
export function ownParameters(search: URLSearchParams): Array<[string, string]> {
	const names: readonly string[] = Object.values(PARAMETERS);
	return [...search].filter(([name]) => !names.includes(name));
}

/** Other ways in which `payment_ref` could be appended to an address with a query. Today Konnect appends it with `&`. */
const APPENDED_REF = new RegExp(`(?:\\?|&amp;)(?=${PARAMETERS.paymentRef}=)`, 'g');

/** The query of an address; empty where it has none. */
export function searchOf(address: string): URLSearchParams {
	const [, query = ''] = /^[^?#]*\?([^#]*)/s.exec(address) ?? [];
	// URLSearchParams would drop a question mark at the beginning, although it belongs to the first name. The `&` prevents that.
	return new URLSearchParams(`&${query}`.replace(APPENDED_REF, '&'));
}

/**
 * The address that resumes an execution at Wait for Payment. Without its own path, a call would also resume n8n's Wait node.
 * Without one more parameter at the end, an appended `?payment_ref=…` would be part of n8n's `signature`, and n8n would refuse
 * the call.
 */
export function resumeAddress(resumeUrl: string): string {
	const [path, query] = resumeUrl.split('?', 2);
	const last = query === undefined ? '' : `?${query}&${LAST}=1`;
	return `${path}/konnect${last}`;
}

const LAST = 'konnect_last';

/**
 * Removes the parameters that are Konnect's or ours. An address copied from a payment has them already, and if they stood there
 * twice, every call would be refused.
 */
export const withoutParameters = (address: string) =>
	without(address, Object.values(PARAMETERS).join('|'));

/** An address that is safe to show: without our signature, and without n8n's if it resumes an execution. */
export const withoutSignature = (address: string) =>
	without(address, `${PARAMETERS.terms}|${LAST}|signature`);

/** The same of an address whose other parameters are the shop's. */
export const withoutTerms = (address: string) => without(address, PARAMETERS.terms);

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

/** Only for a payload whose signature is right: `signWebhook` wrote it, so its form is known. */
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
