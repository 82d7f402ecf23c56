import type { INodeParameters } from 'n8n-workflow';
import fetch from 'node-fetch';

import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { credentialFor, makePayment } from './harness';
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
	/** Makes a payment that is paid, and gives its reference. */
	const paid = async (parameters: INodeParameters = {}): Promise<string> => {
		const ref = await makePayment(stage.sandbox, parameters);
		await stage.sandbox.pay(ref);
		return ref;
	};
	return { stage, listen, paid };
}

/** Calls a webhook as a server does. */
export async function call(address: string) {
	const response = await fetch(address);
	return {
		status: response.status,
		retryAfter: response.headers.get('retry-after'),
		body: (await response.json()) as Record<string, unknown>,
	};
}
