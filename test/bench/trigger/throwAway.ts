import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KonnectTrigger } from '../../../nodes/Konnect/KonnectTrigger.node.js';

const NAME = 'n8n-nodes-bench';

/** The type of the floor's node in workflows. */
export const FLOOR_TYPE = `${NAME}.floorTrigger`;

/**
 * The version that Konnect Trigger is declared in. The floor has the same: what n8n itself does for a call depends on it, for a
 * node of version 1 it evaluates an expression.
 */
export const TRIGGER_VERSION = Math.max(...[new KonnectTrigger().description.version].flat());

/**
 * The floor: a trigger that does nothing but answer. What is called with `forged` it refuses at once, as a trigger does that
 * knows a forged call for free.
 */
const FLOOR = `
class FloorTrigger {
	description = {
		displayName: 'Floor Trigger',
		name: 'floorTrigger',
		group: ['trigger'],
		version: ${TRIGGER_VERSION},
		description: 'Starts the workflow at once',
		defaults: { name: 'Floor Trigger' },
		inputs: [],
		outputs: ['main'],
		webhooks: [
			{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', responseData: '', path: 'floor' },
		],
		properties: [],
	};
	webhookMethods = {
		default: { checkExists: async () => true, create: async () => true, delete: async () => true },
	};
	async webhook() {
		const query = this.getQueryData();
		if (query.forged) {
			this.getResponseObject().status(401).json({ result: 'refused' });
			return { noWebhookResponse: true };
		}
		return { workflowData: [[{ json: { ...query } }]], webhookResponse: { result: 'accepted' } };
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

/** Writes the package where an n8n that is started on `userFolder` finds it. */
export async function writeThrowAwayPackage(userFolder: string, stripeUrl: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', NAME);
	const files = {
		'FloorTrigger.node.js': FLOOR,
		'StripeApi.credentials.js': stripeCredential(stripeUrl),
		'package.json': JSON.stringify({
			name: NAME,
			version: '0.0.1',
			keywords: ['n8n-community-node-package'],
			n8n: {
				n8nNodesApiVersion: 1,
				nodes: ['FloorTrigger.node.js'],
				credentials: ['StripeApi.credentials.js'],
			},
		}),
	};
	await mkdir(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
