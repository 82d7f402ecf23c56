import type { Problem } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { Connection } from './connection';

/**
 * Why there was no connection, by the error code of the system or the HTTP client. Nothing was sent then, because certificates are
 * checked before the first byte goes out. NAME stands for the host's name, HOST for the same with its port.
 */
const REASONS: ReadonlyArray<{ codes: readonly string[]; what: string; advice: string }> = [
	{
		codes: ['ENOTFOUND'],
		what: 'no host is named "NAME"',
		advice: 'Can this server look up names on the internet (DNS)?',
	},
	{
		codes: ['EAI_AGAIN'],
		what: 'the name "NAME" cannot be looked up at the moment',
		advice: "This server's name service (DNS) gives no answer.",
	},
	{
		codes: ['ECONNREFUSED'],
		what: 'nothing listens at "HOST"',
		advice:
			'Check host and port, and that the server is running. In a container, "localhost" is the container itself.',
	},
	{
		codes: ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
		what: 'this server has no route to "HOST"',
		advice: 'Check its network and its firewall.',
	},
	{
		codes: [
			'CERT_HAS_EXPIRED',
			'CERT_NOT_YET_VALID',
			'CERT_REVOKED',
			'CERT_UNTRUSTED',
			'DEPTH_ZERO_SELF_SIGNED_CERT',
			'SELF_SIGNED_CERT_IN_CHAIN',
			'UNABLE_TO_GET_ISSUER_CERT',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'ERR_TLS_CERT_ALTNAME_INVALID',
			'HOSTNAME_MISMATCH',
		],
		what: 'the certificate of "HOST" is not trusted',
		advice:
			"Is it the right host, is its certificate valid, and is this server's clock right? If it is your own certificate, make n8n trust it (NODE_EXTRA_CA_CERTS).",
	},
];

const NOT_ENCRYPTED = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'];

const reasonOf = (code: string) => REASONS.find(({ codes }) => codes.includes(code));

/** Whether a request that ended with this code may have reached Konnect. */
export const mayHaveArrived = (code: string) => reasonOf(code) === undefined;

export const isTimeout = (code: string) => code === 'ETIMEDOUT' || code === 'ECONNABORTED';

/**
 * The error texts for a request that got no answer. They leave out the error code, because n8n replaces a message that contains
 * one with its own text.
 */
export function explainSilence(code: string, { environment, baseUrl }: Connection): Problem {
	const { host, hostname } = new URL(baseUrl);
	const about = `The address comes from the credential's ${environment === 'custom' ? "'Base URL'" : "'Environment'"}`;
	const reason = reasonOf(code);
	if (reason) {
		const what = reason.what.replace('NAME', () => hostname).replace('HOST', () => host);
		const newer = environment === 'preprod' && "Newer accounts are in the environment 'Sandbox'";
		return {
			message: `Konnect could not be reached: ${what}`,
			description: sentences(about, newer, reason.advice),
		};
	}
	const advice = NOT_ENCRYPTED.includes(code)
		? `It seems that "${host}" does not speak HTTPS. Perhaps the address has to begin with http:// instead.`
		: "Check this server's connection";
	return {
		message: 'The connection to Konnect was interrupted',
		description: sentences(advice, about),
	};
}
