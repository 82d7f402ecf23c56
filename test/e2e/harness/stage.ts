import { SANDBOX_ACCOUNTS, type Sandbox } from '../../../sandbox/index';
import { DEFAULT_VERSION, installN8n, type N8nVersion } from '../../../scripts/n8n/install';
import { packPackage } from '../../../scripts/n8n/pack';
import type { Credential, N8nClient, Owner } from '../../../scripts/n8n/rest';
import { startN8n, type N8nServer, type N8nServerOptions } from '../../../scripts/n8n/server';

/** The owner of every n8n of the tests. */
export const OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Konnect-test-1',
	firstName: 'Test',
	lastName: 'Owner',
};

export interface ServerOptions extends N8nServerOptions {
	version?: N8nVersion;
}

/** Everything a test of a payment needs. */
export interface Stage {
	sandbox: Sandbox;
	n8n: N8nServer;
	/** Logged in as `OWNER`. */
	client: N8nClient;
	/** A stored credential for the sandbox's merchant, as nodes refer to it. */
	credential: { id: string; name: string };
	close(): Promise<void>;
}

/**
 * Starts an n8n with the packed package in it. Several can run at once, also of different versions. One can also start on the
 * `userFolder` and `port` of another that was stopped or killed.
 */
export async function startServer({ version, ...options }: ServerOptions = {}): Promise<N8nServer> {
	const install = await installN8n(version ?? DEFAULT_VERSION);
	return await startN8n(install, { packageSource: await packPackage(), ...options });
}

/** What a person would type into the credential's form to use this sandbox, apart from the changes. */
export function credentialFor(
	{ apiBaseUrl }: Pick<Sandbox, 'apiBaseUrl'>,
	changes: Record<string, string> = {},
): Credential {
	const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
	return {
		name: 'Konnect merchant',
		type: 'konnectApi',
		data: { environment: 'custom', baseUrl: apiBaseUrl, apiKey, walletId, ...changes },
	};
}
