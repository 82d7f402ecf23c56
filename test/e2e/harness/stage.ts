import { startSandbox, SANDBOX_ACCOUNTS } from '../../../sandbox/index';
import type { Sandbox, SandboxOptions } from '../../../sandbox/index';
import { DEFAULT_VERSION, installN8n, type N8nVersion } from '../../../scripts/n8n/install';
import { packPackage } from '../../../scripts/n8n/pack';
import { n8nClient, type Credential, type N8nClient, type Owner } from '../../../scripts/n8n/rest';
import { startN8n, type N8nServer, type N8nServerOptions } from '../../../scripts/n8n/server';

/** The owner of every n8n of the tests. */
export const OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Konnect-test-1',
	firstName: 'Test',
	lastName: 'Owner',
};

export type AccountName = keyof typeof SANDBOX_ACCOUNTS;

export interface ServerOptions extends N8nServerOptions {
	version?: N8nVersion;
}

export interface StageOptions {
	/** How the n8n is started; see `startServer`. */
	n8n?: ServerOptions;
	/** A sandbox to share with another stage, which then closes it; or options for one of its own. */
	sandbox?: Sandbox | SandboxOptions;
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
 * Starts an n8n with the packed package in it. Several can run at once, of several versions, and
 * again on the `userFolder` and `port` of one that was stopped or killed.
 */
export async function startServer({ version, ...options }: ServerOptions = {}): Promise<N8nServer> {
	const install = await installN8n(version ?? DEFAULT_VERSION, { progress: console.log });
	return await startN8n(install, { packageSource: await packPackage(), ...options });
}

/** What a person would type into the credential's form to use this sandbox. */
export function credentialFor(
	{ apiBaseUrl }: Pick<Sandbox, 'apiBaseUrl'>,
	account: AccountName = 'merchant',
): Credential {
	const { apiKey, walletId } = SANDBOX_ACCOUNTS[account];
	return {
		name: `Konnect ${account}`,
		type: 'konnectApi',
		data: { environment: 'custom', baseUrl: apiBaseUrl, apiKey, walletId },
	};
}

/** Starts a sandbox and an n8n that has an owner and a credential for it. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
	const given = options.sandbox ?? {};
	const isShared = 'apiBaseUrl' in given;
	const sandbox = isShared ? given : await startSandbox(given);
	const closeSandbox = async () => (isShared ? undefined : await sandbox.close());
	let n8n: N8nServer | undefined;
	try {
		n8n = await startServer(options.n8n);
		const client = n8nClient(n8n.url);
		await client.signIn(OWNER);
		const { id, name } = await client.createCredential(credentialFor(sandbox));
		const server = n8n;
		const close = async () => {
			await server.stop();
			await closeSandbox();
		};
		return { sandbox, n8n, client, credential: { id, name }, close };
	} catch (error) {
		await n8n?.stop();
		await closeSandbox();
		throw error;
	}
}
