import type { INodeParameters } from 'n8n-workflow';

import { makePayment, sandbox, useSandbox } from './harness';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';
import { startWebhookServer } from './webhookServer';

const servers: WebhookServer[] = [];

const closeAll = async () => {
	await Promise.all(servers.splice(0).map(async (server) => await server.close()));
};

/** A sandbox for all tests of a file, and the triggers that listen for one test each. */
export function useTriggers(): void {
	useSandbox();
	afterEach(closeAll);
	// Nothing is run after each of the tests that run at the same time.
	afterAll(closeAll);
}

/** A trigger with these parameters, until the test ends. */
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
