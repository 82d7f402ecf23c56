import { createHash } from 'node:crypto';

import type { Result } from '../payment/result';
import { describe, misfit } from '../payment/parameters';
import { isObjectId } from '../payment/paymentId';
import { ok, refuse } from '../payment/result';
import { PARAMETERS, toSecrets } from '../payment/terms';
import type { Environment } from './environments';
import { BASE_URLS } from './environments';

/** A checked credential: all that is needed to talk to Konnect. */
export interface Connection {
	environment: Environment;
	/** Without a slash at the end. */
	baseUrl: string;
	apiKey: string;
	/** 24 hexadecimal characters, lower case; undefined where the credential names none. */
	walletId: string | undefined;
	/** Secrets for webhook addresses: the first signs, all are accepted. If there are none, a key derived from `apiKey` signs. */
	webhookSecrets: readonly string[];
}

/** `organisationId:uniqueKey`, of characters that a header can carry. The length of the second part varies. */
const API_KEY = /^[!-9;-~]+:[!-~]+$/;

/** Checks the fields of a `konnectApi` credential and turns them into a connection. */
export function toConnection(credential: Record<string, unknown>): Result<Connection> {
	const environment = textOf(credential.environment);
	const baseUrl = baseUrlOf(environment, textOf(credential.baseUrl));
	if (!baseUrl.ok) return baseUrl;
	const apiKey = withoutQuotes(credential.apiKey);
	const walletId = withoutQuotes(credential.walletId);
	if (isObjectId(apiKey) && API_KEY.test(walletId)) {
		return refuse(
			"The credential's 'API Key' and 'Wallet ID' seem to be swapped",
			"'API Key' holds what looks like a wallet id, and 'Wallet ID' what looks like an API key. Swapped? An API key contains a colon; a wallet id does not.",
		);
	}
	if (!API_KEY.test(apiKey)) {
		return refuse(
			"The credential's 'API Key' is not a Konnect API key",
			'A Konnect API key has two parts with a colon between them, organisationId:uniqueKey. Copy it whole from the organisation profile in the Konnect dashboard.',
		);
	}
	if (walletId !== '' && !isObjectId(walletId)) {
		return refuse(
			"The credential's 'Wallet ID' is not a wallet id",
			'A wallet id has 24 characters, each 0-9 or a-f. Copy it from the organisation in the Konnect dashboard.',
		);
	}
	const webhookSecrets = toSecrets(textOf(credential.webhookSecret));
	if (!webhookSecrets.ok) return webhookSecrets;
	return ok({
		environment: environment as Environment,
		baseUrl: baseUrl.value,
		apiKey,
		walletId: walletId.toLowerCase() || undefined,
		webhookSecrets: webhookSecrets.value,
	});
}

function baseUrlOf(environment: string, custom: string): Result<string> {
	if (Object.hasOwn(BASE_URLS, environment)) {
		return ok(BASE_URLS[environment as keyof typeof BASE_URLS]);
	}
	if (environment !== 'custom') {
		return refuse(
			`The credential's 'Environment' is unknown: ${describe(environment)}`,
			`Open the credential and choose one of the environments offered.`,
		);
	}
	if (!/^https?:\/\/[^/?#]+[^?#]*$/i.test(custom) || !URL.canParse(custom)) {
		return refuse(
			misfit(withoutUser(custom), "The credential's 'Base URL'", 'an address'),
			"With the environment 'Custom', give the whole address of the API, without a question mark or a hash, such as https://api.sandbox.konnect.network/api/v2.",
		);
	}
	return ok(custom.replace(/\/+$/, ''));
}

/** An address can carry a name and a password before its host. */
const withoutUser = (address: string) => address.replace(/^(https?:\/\/)?.*@/is, '$1');

/** Identifies a connection by its address and key, as Konnect does. A hash, so that no key stays in memory longer than needed. */
export const identityOf = ({ baseUrl, apiKey }: Connection) =>
	createHash('sha256').update(`${baseUrl}\n${apiKey}`).digest('base64');

/** Removes the key and signatures from a text that came from outside: some servers repeat what they were sent. */
export function redact(text: string, { apiKey }: Connection): string {
	// The second part alone is a secret, too. A short one could be any word.
	const [, unique = apiKey] = /:(.{8,})$/.exec(apiKey) ?? [];
	return text
		.replaceAll(apiKey, '[API key]')
		.replaceAll(unique, '[API key]')
		.replace(new RegExp(`(${PARAMETERS.terms}|signature)=[\\w.-]+`, 'g'), '$1=[signature]');
}

/** Users copy keys from files and chats, often with quotes or invisible characters around them. */
const withoutQuotes = (value: unknown) =>
	textOf(value).replace(/^["'“”‘’«»\s\p{C}]+|["'“”‘’«»\s\p{C}]+$/gu, '');

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
