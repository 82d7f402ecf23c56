import type { Problem } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';

/** Why no connection came about: what is the matter with the place, and what to look at. */
type Reason = [what: (place: URL) => string, advice: string];

const UNKNOWN_NAME: Reason = [
	({ hostname }) => `there is no host of the name "${hostname}"`,
	'Can this server look up names on the internet (DNS)?',
];

const NO_WAY: Reason = [
	({ host }) => `no way leads from this server to "${host}"`,
	'Check its network and its firewall.',
];

const NOT_TRUSTED: Reason = [
	({ host }) => `the certificate of "${host}" is not trusted`,
	'Is it the right host, and is its certificate valid? One of your own has to be made known to n8n (NODE_EXTRA_CA_CERTS).',
];

const NOT_ENCRYPTED: Reason = [
	({ host }) => `It seems that "${host}" does not speak HTTPS`,
	'Perhaps the address has to begin with http:// instead.',
];

/** By the system's or the HTTP client's word for it. */
const REASONS: Readonly<Record<string, Reason>> = {
	ENOTFOUND: UNKNOWN_NAME,
	EAI_AGAIN: [
		({ hostname }) => `the name "${hostname}" cannot be looked up just now`,
		"This server's name service (DNS) gives no answer.",
	],
	ECONNREFUSED: [
		({ host }) => `nothing listens at "${host}"`,
		'Check host and port, and that the server there runs. In a container, "localhost" is the container itself.',
	],
	EHOSTUNREACH: NO_WAY,
	ENETUNREACH: NO_WAY,
	EADDRNOTAVAIL: NO_WAY,
	CERT_HAS_EXPIRED: NOT_TRUSTED,
	DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
	SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
	ERR_TLS_CERT_ALTNAME_INVALID: NOT_TRUSTED,
	EPROTO: NOT_ENCRYPTED,
	ERR_SSL_WRONG_VERSION_NUMBER: NOT_ENCRYPTED,
};

/** Errors that come before a connection stands, so nothing was sent: a certificate is looked at before the first byte goes out. */
const NOT_SENT = new Set(Object.keys(REASONS).filter((code) => REASONS[code] !== NOT_ENCRYPTED));

/** Whether a request of which this was the end may have reached Konnect. */
export const mayHaveArrived = (code: string) => !NOT_SENT.has(code);

export const isTimeout = (code: string) => code === 'ETIMEDOUT' || code === 'ECONNABORTED';

/**
 * The texts for a request that got no answer. The system's word for it stays out of them: n8n puts a text of its own in the place of
 * messages that have one, and the Test of the credential shows both in one.
 */
export function explainSilence(
	code: string,
	{ environment, baseUrl }: Pick<Connection, 'environment' | 'baseUrl'>,
): Problem {
	const [what, advice] = REASONS[code] ?? [];
	const place = new URL(baseUrl);
	const about = `The address is that of the credential's ${environment === 'custom' ? "'Base URL'" : "'Environment'"}`;
	if (what && !mayHaveArrived(code)) {
		const newer = environment === 'preprod' && "Newer accounts are in the environment 'Sandbox'";
		return {
			message: `Konnect could not be reached: ${what(place)}`,
			description: sentences(about, newer, advice),
		};
	}
	return {
		message: 'The connection to Konnect broke off',
		description: sentences(what?.(place), advice ?? "Check this server's connection", about),
	};
}
