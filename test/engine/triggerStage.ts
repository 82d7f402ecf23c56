import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { credentialFor } from './harness';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';
import { startWebhookServer } from './webhookServer';

/** A sandbox for all tests of a file, and the triggers that listen for one test each. */
export function useTriggers() {
	const servers: WebhookServer[] = [];
	const stage = {} as { sandbox: Sandbox };
	beforeAll(async () => {
		stage.sandbox = await startSandbox();
	});
	afterEach(async () => {
		stage.sandbox.reset();
		await Promise.all(servers.splice(0).map((server) => server.close()));
	});
	afterAll(() => stage.sandbox.close());
	const listen = async (options: Partial<WebhookServerOptions> = {}): Promise<WebhookServer> => {
		// A test may change what it gave.
		const whole =
			'credential' in options
				? (options as WebhookServerOptions)
				: { credential: credentialFor(stage.sandbox), ...options };
		const server = await startWebhookServer(whole);
		servers.push(server);
		return server;
	};
	return { stage, listen };
}
