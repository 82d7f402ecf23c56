import { SANDBOX_ACCOUNTS } from '../../sandbox/index';
import { isOurs, readExample } from '../n8n/examples';
import type { N8nClient, Owner } from '../n8n/rest';
import type { StoredWorkflow } from '../n8n/workflows';
import { readState, writeState, type DemoState } from './state';

/** The login of the local n8n. It is printed, and the server listens on this machine only. */
export const OWNER: Owner = {
	email: 'demo@example.com',
	password: 'Konnect-demo-1',
	firstName: 'Konnect',
	lastName: 'Demo',
};

const CREDENTIAL = { name: 'Konnect (sandbox)', type: 'konnectApi' };

/** The examples that hear of payments, and those that make them and must be told where the first ones are. */
const RECEIVED = 'payment-received';
const PENDING = 'reconcile-pending';
const BUY_LINK = 'sell-by-link';
const FORM = 'form-payment-link';
const WAITING = 'link-wait-deliver';
const FORM_WAITING = 'form-link-wait-deliver';
const ORDER = 'order-to-delivery';
const SELLING = [BUY_LINK, FORM, ORDER];

export interface Addresses {
	/** The sandbox's API, as a credential's base URL. */
	apiBaseUrl: string;
	/** What n8n's production webhook addresses start with. */
	webhookUrl: string;
}

export interface Demo {
	/** The link of one order: it leads to the same payment until that is paid or has run out. */
	orderLink: string;
	/** Opening it makes a payment. */
	buyLink: string;
	/** A form that makes a payment for whoever fills it in. */
	formLink: string;
	/** Makes a payment, waits for it and delivers, all in one execution. */
	waitLink: string;
	/** The same, with a form in front that sends its reader to the payment page. */
	formWaitLink: string;
	/** The id of the workflow that takes an order and delivers it. */
	orderId: string;
	/** The id of the workflow that hears of all other payments. */
	receivedId: string;
	/** Whether all workflows are published, so that the links lead all the way. */
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
	for (const file of [RECEIVED, PENDING, WAITING, FORM_WAITING, ...SELLING]) {
		await ensureWorkflow(client, state, file);
		await writeState(state);
	}
	for (const file of SELLING) {
		const hears = file === ORDER ? ORDER : RECEIVED;
		const url = await triggerUrl(client, state, addresses, hears);
		await ensureTriggerUrl(client, state, file, url);
		await writeState(state);
	}

	const current = await Promise.all(Object.values(state.workflows).map(client.getWorkflow));
	return {
		...(await links(client, state, addresses)),
		orderId: state.workflows[ORDER] ?? '',
		receivedId: state.workflows[RECEIVED] ?? '',
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
async function ensureWorkflow(client: N8nClient, state: DemoState, file: string): Promise<void> {
	const id = state.workflows[file];
	const known = (await client.listWorkflows()).find((workflow) => workflow.id === id);
	if (known && !known.isArchived) return;

	const konnectApi = { id: state.credentialId ?? '', name: CREDENTIAL.name };
	const created = await client.createWorkflow(await readExample(file, konnectApi));
	state.workflows[file] = created.id;
	delete state.triggerUrls[file];
	if (!SELLING.includes(file)) await client.publish(created.id);
}

/** Tells Init Payment where the trigger is, unless the user has put another address there since. */
async function ensureTriggerUrl(
	client: N8nClient,
	state: DemoState,
	file: string,
	url: string,
): Promise<void> {
	const told = state.triggerUrls[file];
	if (told === url) return;
	const workflow = await imported(client, state, file);
	const nodes = workflow.nodes.map((node) => {
		const isWanted = told === undefined || node.parameters.webhook === told;
		if (!isOurs(node) || !('webhook' in node.parameters) || !isWanted) return node;
		return { ...node, parameters: { ...node.parameters, webhook: url } };
	});
	await client.updateWorkflow(workflow.id, { nodes });
	if (told === undefined || workflow.active) await client.publish(workflow.id);
	state.triggerUrls[file] = url;
}

async function imported(client: N8nClient, state: DemoState, file: string) {
	return await client.getWorkflow(state.workflows[file] ?? '');
}

async function triggerUrl(
	client: N8nClient,
	state: DemoState,
	{ webhookUrl }: Addresses,
	file: string,
) {
	const received = await imported(client, state, file);
	return `${webhookUrl}/${nodeOf(received, 'n8n-nodes-konnect.konnectTrigger')?.webhookId}/konnect`;
}

async function links(client: N8nClient, state: DemoState, { webhookUrl }: Addresses) {
	const pathOf = async (file: string) => {
		const webhook = nodeOf(await imported(client, state, file), 'n8n-nodes-base.webhook');
		return String(webhook?.parameters.path ?? '');
	};
	const formOf = async (file: string) => {
		const form = nodeOf(await imported(client, state, file), 'n8n-nodes-base.formTrigger');
		return `${webhookUrl.replace(/webhook$/, 'form')}/${form?.webhookId ?? ''}`;
	};
	return {
		orderLink: `${webhookUrl}/${await pathOf(ORDER)}?order=1001&product=ticket`,
		buyLink: `${webhookUrl}/${await pathOf(BUY_LINK)}`,
		waitLink: `${webhookUrl}/${await pathOf(WAITING)}`,
		formLink: await formOf(FORM),
		formWaitLink: await formOf(FORM_WAITING),
	};
}

function nodeOf({ nodes }: StoredWorkflow, wanted: string) {
	return nodes.find(({ type }) => type === wanted);
}
