import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node.js';
import { SANDBOX_ACCOUNTS } from '../../../sandbox/index';

const NAME = 'n8n-nodes-bench';

/** The types of the floors' nodes in workflows. */
export const FLOOR_TYPE = `${NAME}.floorTrigger`;
export const READER_TYPE = `${NAME}.readerTrigger`;

/**
 * The version that Konnect Trigger is declared in. The floor has the same: what n8n itself does for a call depends on it, for a
 * node of version 1 it evaluates an expression.
 */
export const TRIGGER_VERSION = Math.max(...[new KonnectTrigger().description.version].flat());

/**
 * The floor: a trigger that does nothing but answer. What is called with `forged` it refuses at once, as a trigger does that
 * knows a forged call for free.
 */
const FLOOR = triggerClass(
	'Floor',
	`const query = this.getQueryData();
		if (query.forged) {
			this.getResponseObject().status(401).json({ result: 'refused' });
			return { noWebhookResponse: true };
		}
		return { workflowData: [[{ json: { ...query } }]], webhookResponse: { result: 'accepted' } };`,
);

/**
 * The floor for a trigger that believes no call: asks Konnect for the payment by n8n's helper, and starts with what it says. Its
 * key comes from its credential, where it has one: n8n then looks at each execution whether it may be used.
 */
const readerOf = (apiBaseUrl: string) =>
	triggerClass(
		'Reader',
		`const { payment_ref: ref } = this.getQueryData();
		const { apiKey } = this.getNode().credentials
			? await this.getCredentials('konnectApi')
			: { apiKey: '${SANDBOX_ACCOUNTS.merchant.apiKey}' };
		const { payment } = await this.helpers.httpRequest({
			url: '${apiBaseUrl}/payments/' + ref,
			headers: { 'x-api-key': apiKey },
			json: true,
			timeout: 10_000,
		});
		return { workflowData: [[{ json: payment }]], webhookResponse: { result: 'accepted' } };`,
		['konnectApi'],
	);

/** A node file in JavaScript. */
function triggerClass(name: string, webhook: string, credentials: string[] = []): string {
	const path = name.toLowerCase();
	return `
class ${name}Trigger {
	description = {
		displayName: '${name} Trigger',
		name: '${path}Trigger',
		group: ['trigger'],
		version: ${TRIGGER_VERSION},
		description: 'Starts the workflow',
		defaults: { name: '${name} Trigger' },
		inputs: [],
		outputs: ['main'],
		credentials: ${JSON.stringify(credentials.map((credential) => ({ name: credential })))},
		webhooks: [
			{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', responseData: '', path: '${path}' },
		],
		properties: [],
	};
	webhookMethods = {
		default: { checkExists: async () => true, create: async () => true, delete: async () => true },
	};
	async webhook() {
		${webhook}
	}
}
exports.${name}Trigger = ${name}Trigger;
`;
}

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

/** The addresses of what stands in for Stripe's API, and of the sandbox. */
export interface ThrowAwayUrls {
	stripe: string;
	konnect: string;
}

/** Writes the package where an n8n that is started on `userFolder` finds it. */
export async function writeThrowAwayPackage(
	userFolder: string,
	{ stripe, konnect }: ThrowAwayUrls,
): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', NAME);
	const files = {
		'FloorTrigger.node.js': FLOOR,
		'ReaderTrigger.node.js': readerOf(konnect),
		'StripeApi.credentials.js': stripeCredential(stripe),
		'package.json': JSON.stringify({
			name: NAME,
			version: '0.0.1',
			keywords: ['n8n-community-node-package'],
			n8n: {
				n8nNodesApiVersion: 1,
				nodes: ['FloorTrigger.node.js', 'ReaderTrigger.node.js'],
				credentials: ['StripeApi.credentials.js'],
			},
		}),
	};
	await mkdir(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
