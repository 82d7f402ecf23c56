import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { SANDBOX_ACCOUNTS } from '../../sandbox/index';
import type { N8nClient, Owner } from '../n8n/rest';
import type { StoredWorkflow, WorkflowJson } from '../n8n/workflows';
import { ROOT } from './paths';
import { readState, writeState, type DemoState } from './state';

/** The login of the local n8n. It is printed, and the server listens on this machine only. */
export const OWNER: Owner = {
	email: 'demo@example.com',
	password: 'Konnect-demo-1',
	firstName: 'Konnect',
	lastName: 'Demo',
};

const CREDENTIAL = { name: 'Konnect (sandbox)', type: 'konnectApi' };
const SELL = 'sell-by-link';
const RECEIVED = 'payment-received';

export interface Addresses {
	/** The sandbox's API, as a credential's base URL. */
	apiBaseUrl: string;
	/** What n8n's production webhook addresses start with. */
	webhookUrl: string;
}

export interface Demo {
	/** Opening it makes a payment. */
	buyLink: string;
	/** Whether both workflows are published, so that the link leads all the way. */
	published: boolean;
}

/**
 * Puts the owner, the credential and the examples into n8n. What is there already stays as the user
 * left it, but for addresses with ports that have changed.
 */
export async function provision(client: N8nClient, addresses: Addresses): Promise<Demo> {
	await client.signIn(OWNER);
	const state = await readState();
	await ensureCredential(client, state, addresses);
	await writeState(state);
	const received = await ensureWorkflow(client, state, RECEIVED);
	await writeState(state);
	const sell = await ensureWorkflow(client, state, SELL);
	await ensureTriggerUrl(client, state, sell, triggerUrl(received, addresses));
	await writeState(state);

	const current = [await client.getWorkflow(sell.id), await client.getWorkflow(received.id)];
	return {
		buyLink: `${addresses.webhookUrl}/${pathOf(sell, 'n8n-nodes-base.webhook')}`,
		published: current.every(({ active }) => active),
	};
}

async function ensureCredential(
	client: N8nClient,
	state: DemoState,
	{ apiBaseUrl }: Addresses,
): Promise<void> {
	const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
	const stored = await client.listCredentials();
	const known = stored.find(({ id }) => id === state.credentialId);
	if (!known) {
		const data = { environment: 'custom', baseUrl: apiBaseUrl, apiKey, walletId };
		state.credentialId = (await client.createCredential({ ...CREDENTIAL, data })).id;
	} else if (state.baseUrl !== apiBaseUrl) {
		const { name, type, data } = await client.getCredential(known.id);
		await client.updateCredential(known.id, { name, type, data: { ...data, baseUrl: apiBaseUrl } });
	}
	state.baseUrl = apiBaseUrl;
}

/** Imports an example that is not there: never imported, deleted, or archived. */
async function ensureWorkflow(
	client: N8nClient,
	state: DemoState,
	file: string,
): Promise<StoredWorkflow> {
	const id = state.workflows[file];
	const known = (await client.listWorkflows()).find((workflow) => workflow.id === id);
	if (known && !known.isArchived) return await client.getWorkflow(known.id);

	const text = await readFile(join(ROOT, 'examples', `${file}.json`), 'utf8');
	const example = JSON.parse(text) as WorkflowJson;
	const konnectApi = { id: state.credentialId ?? '', name: CREDENTIAL.name };
	const nodes = example.nodes.map((node) =>
		isOurs(node.type) ? { ...node, credentials: { konnectApi } } : node,
	);
	const created = await client.createWorkflow({ ...example, nodes });
	state.workflows[file] = created.id;
	if (file === SELL) delete state.triggerUrl;
	else await client.publish(created.id);
	return created;
}

/** Tells Init Payment where the trigger is, unless the user has put another address there since. */
async function ensureTriggerUrl(
	client: N8nClient,
	state: DemoState,
	sell: StoredWorkflow,
	url: string,
): Promise<void> {
	if (state.triggerUrl === url) return;
	const isFresh = state.triggerUrl === undefined;
	const nodes = sell.nodes.map((node) => {
		const isWanted = isFresh || node.parameters.webhook === state.triggerUrl;
		if (!isOurs(node.type) || !isWanted) return node;
		return { ...node, parameters: { ...node.parameters, webhook: url } };
	});
	await client.updateWorkflow(sell.id, { nodes });
	if (isFresh || sell.active) await client.publish(sell.id);
	state.triggerUrl = url;
}

function triggerUrl(received: StoredWorkflow, { webhookUrl }: Addresses): string {
	const trigger = received.nodes.find(({ type }) => type === 'n8n-nodes-konnect.konnectTrigger');
	return `${webhookUrl}/${trigger?.webhookId ?? ''}/konnect`;
}

function pathOf(workflow: StoredWorkflow, type: string): string {
	const parameters: IDataObject =
		workflow.nodes.find((node) => node.type === type)?.parameters ?? {};
	return String(parameters.path ?? '');
}

function isOurs(type: string): boolean {
	return type.startsWith('n8n-nodes-konnect.');
}
