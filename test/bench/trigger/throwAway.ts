import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const NAME = 'n8n-nodes-bench';

/** The floor's node in workflows. It has Konnect Trigger's version, because what n8n does for a call depends on that. */
export const FLOOR = { type: `${NAME}.floorTrigger`, typeVersion: 2 };

export const STRIPE_SIGNING = 'whsec_of_the_benchmark_0123456789';

/**
 * A trigger that does only what every trigger must: it reads the payment with the key of its credential, and starts. It believes
 * every call, but refuses one with `forged` at once, like a trigger that recognises forged calls at no cost.
 */
const floor = (apiBaseUrl: string) => `
class FloorTrigger {
	description = {
		displayName: 'Floor Trigger',
		name: 'floorTrigger',
		group: ['trigger'],
		version: ${FLOOR.typeVersion},
		description: 'Starts the workflow',
		defaults: { name: 'Floor Trigger' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'konnectApi' }],
		webhooks: [
			{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', responseData: '', path: 'floor' },
		],
		properties: [],
	};
	webhookMethods = {
		default: { checkExists: async () => true, create: async () => true, delete: async () => true },
	};
	async webhook() {
		const { payment_ref: ref, forged } = this.getQueryData();
		if (forged) {
			this.getResponseObject().status(401).json({ result: 'refused' });
			return { noWebhookResponse: true };
		}
		const { apiKey } = await this.getCredentials('konnectApi');
		const { payment } = await this.helpers.httpRequest({
			url: '${apiBaseUrl}/payments/' + ref,
			headers: { 'x-api-key': apiKey },
			json: true,
			timeout: 10_000,
		});
		return { workflowData: [[{ json: payment }]], webhookResponse: { result: 'accepted' } };
	}
}
exports.FloorTrigger = FloorTrigger;
`;

/**
 * Stripe Trigger asks Stripe for a signing secret when its workflow is published. This takes the place of n8n's own credential
 * type of the same name, and differs in the address alone. Calls of the webhook do not use the credential.
 */
const stripeCredential = (apiUrl: string) => `
class StripeApi {
	name = 'stripeApi';
	displayName = 'Stripe API';
	properties = [
		{ displayName: 'Secret Key', name: 'secretKey', type: 'string', default: '' },
		{ displayName: 'Signature Secret', name: 'signatureSecret', type: 'string', default: '' },
	];
	authenticate = async (credentials, options) => ({
		...options,
		uri: options.uri.replace('https://api.stripe.com', ${JSON.stringify(apiUrl)}),
	});
}
exports.StripeApi = StripeApi;
`;

/** Stripe's API as far as Stripe Trigger needs it to be published. */
export async function startStripe() {
	const endpoint = { id: 'we_1', secret: STRIPE_SIGNING, status: 'enabled', enabled_events: ['*'] };
	const server = createServer((_request, response) => {
		response.setHeader('content-type', 'application/json').end(JSON.stringify(endpoint));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { url: `http://127.0.0.1:${port}`, close };
}

/** Writes a package with the floor where an n8n that is started on `userFolder` finds it. */
export async function writeThrowAwayPackage(
	userFolder: string,
	{ stripe, konnect }: { stripe: string; konnect: string },
): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', NAME);
	const nodes = ['FloorTrigger.node.js'];
	const credentials = ['StripeApi.credentials.js'];
	const files = {
		'FloorTrigger.node.js': floor(konnect),
		'StripeApi.credentials.js': stripeCredential(stripe),
		'package.json': JSON.stringify({
			name: NAME,
			version: '0.0.1',
			keywords: ['n8n-community-node-package'],
			n8n: { n8nNodesApiVersion: 1, nodes, credentials },
		}),
	};
	await mkdir(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
