import type { INodeParameters } from 'n8n-workflow';

import { makePayment, sandbox, useSandbox } from './harness';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';
import { startWebhookServer } from './webhookServer';

const servers: WebhookServer[] = [];

const closeAll = async () => {
	await Promise.all(servers.splice(0).map(async (server) => await server.close()));
};

/** Gives the tests of a file one sandbox, and closes the triggers that a test has started. */
export function useTriggers(): void {
	useSandbox();
	afterEach(closeAll);
	// jest runs no `afterEach` for concurrent tests.
	afterAll(closeAll);
}

/** Starts a trigger with these parameters. It is closed when the test ends. */
export async function listen(
	parameters: INodeParameters = {},
	options: WebhookServerOptions = {},
): Promise<WebhookServer> {
	const server = await startWebhookServer(parameters, options);
	servers.push(server);
	return server;
}

/** Makes a payment that is paid, and gives its reference. */
export async function makePaid(parameters: INodeParameters = {}): Promise<string> {
	const ref = await makePayment(parameters);
	await sandbox.pay(ref);
	return ref;
}
