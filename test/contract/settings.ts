import { toConnection } from '../../nodes/Konnect/api/connection';
import { BASE_URLS } from '../../nodes/Konnect/api/environments';
import type { Account } from './talk';

type Environment = Record<string, string | undefined>;

const hostOf = (url: string) => new URL(url).hostname.toLowerCase().replace(/\.$/, '');

const isProduction = (baseUrl: string) => hostOf(baseUrl) === hostOf(BASE_URLS.production);

/** The account to talk to, from environment variables. @throws an error that names the variable and says what to do */
export function accountOf(env: Environment): Account {
	const { KONNECT_API_KEY: apiKey = '', KONNECT_WALLET_ID: walletId = '' } = env;
	if (!apiKey || !walletId) {
		throw new Error(
			'Set KONNECT_API_KEY and KONNECT_WALLET_ID: the key and the wallet of an account in the sandbox, from https://dashboard.sandbox.konnect.network.',
		);
	}
	const baseUrl = env.KONNECT_BASE_URL || BASE_URLS.sandbox;
	const connection = toConnection({ environment: 'custom', baseUrl, apiKey, walletId });
	if (!connection.ok) throw new Error(connection.problem.message);
	if (isProduction(baseUrl)) {
		throw new Error(
			`KONNECT_BASE_URL is ${hostOf(baseUrl)}, where money is real. These tests make payments: use the sandbox and a key of it.`,
		);
	}
	const isKonnects = hostOf(baseUrl) === hostOf(BASE_URLS.sandbox);
	return {
		baseUrl: connection.value.baseUrl,
		apiKey,
		walletId: connection.value.walletId ?? walletId,
		otherApiKey: env.KONNECT_OTHER_API_KEY || undefined,
		preprodUrl: isKonnects ? BASE_URLS.preprod : undefined,
	};
}
