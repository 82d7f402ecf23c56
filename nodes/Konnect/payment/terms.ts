import { createHmac, timingSafeEqual } from 'node:crypto';

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
}

/** The parameter of the webhook's address that holds the signed terms: `<terms>.<signature>`, both base64url. */
export const TERMS_PARAMETER = 'konnect_terms';

/** Keeps these signatures apart from any other use of the same secret. */
const PURPOSE = 'n8n-nodes-konnect:terms:v1:';

const SHORTEST_SECRET = 16;

/**
 * Reads the credential's 'Webhook Secret': one secret, or several with commas between while one takes another's place.
 *
 * @returns none where the field is empty, which means that addresses are not signed
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

/** Adds the signed terms to the address of a webhook, before its fragment if it has one. */
export function signWebhook(webhook: string, terms: Terms, secret: string): string {
	const [, address = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(webhook) ?? [];
	const payload = encode(JSON.stringify([terms.amount, terms.token, terms.orderId ?? null]));
	const separator = address.includes('?') ? '&' : '?';
	return `${address}${separator}${TERMS_PARAMETER}=${payload}.${sign(payload, secret)}${fragment}`;
}

/**
 * The terms of a signed address, if one of the secrets has signed them. They are not read before the signature is found right.
 *
 * @param parameter what came in the parameter, from a stranger: anything
 */
export function verifyTerms(parameter: unknown, secrets: readonly string[]): Terms | undefined {
	if (typeof parameter !== 'string') return undefined;
	const [payload = '', signature = '', ...rest] = parameter.split('.');
	if (rest.length > 0) return undefined;
	const given = Buffer.from(signature);
	// All secrets are tried, so that the time does not tell which one it was.
	const fits = secrets.map((secret) => {
		const right = Buffer.from(sign(payload, secret));
		return right.length === given.length && timingSafeEqual(right, given);
	});
	return fits.includes(true) ? readTerms(payload) : undefined;
}

/** An address as it may be shown: without our signature, and without n8n's where it resumes an execution. */
export function withoutSignature(address: string): string {
	const parameters = address.includes('/webhook-waiting/')
		? `${TERMS_PARAMETER}|signature`
		: TERMS_PARAMETER;
	return address
		.replace(new RegExp(`([?&])(?:${parameters})=[^&#]*(?:&|(?=#|$))`, 'g'), '$1')
		.replace(/[?&](?=#|$)/, '');
}

const sign = (payload: string, secret: string) =>
	createHmac('sha256', secret).update(PURPOSE).update(payload).digest('base64url');

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

/** Only for what a secret has signed: so `signWebhook` has written it. */
function readTerms(payload: string): Terms {
	const text = Buffer.from(payload, 'base64url').toString('utf8');
	const [amount, token, orderId] = JSON.parse(text) as unknown[];
	return {
		amount: Number(amount),
		token: String(token),
		...(typeof orderId === 'string' && { orderId }),
	};
}
