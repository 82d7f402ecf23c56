import { readFile, writeFile } from 'node:fs/promises';
import type { INode } from 'n8n-workflow';
import { SANDBOX_ACCOUNTS } from '../../sandbox/index';
import { isOurs, readExample } from '../n8n/examples';
import type { N8nClient, Owner } from '../n8n/rest';
import type { StoredWorkflow } from '../n8n/workflows';

/** The login of the local n8n. It is no secret: it is printed, and the server listens on this machine only. */
export const OWNER: Owner = {
	email: 'demo@example.com',
	password: 'Konnect-demo-1',
	firstName: 'Konnect',
	lastName: 'Demo',
};

const CREDENTIAL = { name: 'Konnect (sandbox)', type: 'konnectApi' };

/** Konnect calls this example about the payments that the next two make, so they must be given its address. */
const RECEIVED = 'payment-received';
const BUY_LINK = 'sell-by-link';
const FORM = 'form-payment-link';
/** Konnect calls this one about its own payments. */
const ORDER = 'order-to-delivery';
/** These need no address: they wait for a payment, or ask Konnect themselves. */
const PENDING = 'reconcile-pending';
const WAITING = 'link-wait-deliver';
const FORM_WAITING = 'form-link-wait-deliver';

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
	/** The same, with a form in front that sends whoever fills it in to the payment page. */
	formWaitLink: string;
	/** The id of the workflow that takes an order and delivers it. */
	orderId: string;
	/** The id of the workflow that is called about all other payments. */
	receivedId: string;
	/** Whether all workflows are published, so that the links lead all the way. */
	published: boolean;
}

/** The ids of what earlier starts have put into n8n, so that a later start finds it even if the user has renamed it. */
interface Imported {
	credentialId?: string;
	/** By the name of the example's file. */
	workflows: Record<string, string>;
}

/**
 * Puts the owner, the credential and the examples into n8n. What is there already stays as the user left it, except addresses
 * whose ports have changed.
 *
 * @param file keeps the ids of what was imported
 */
export async function provision(
	client: N8nClient,
	file: string,
	{ apiBaseUrl, webhookUrl }: Addresses,
): Promise<Demo> {
	await client.signIn(OWNER);
	const kept = await readFile(file, 'utf8').catch(() => '{"workflows":{}}');
	const imported = JSON.parse(kept) as Imported;
	const save = async () => await writeFile(file, JSON.stringify(imported, null, '\t'));
	imported.credentialId = await ensureCredential(client, imported.credentialId, apiBaseUrl);
	await save();

	const ensure = async (name: string, hears?: StoredWorkflow) => {
		const workflow = await find(client, imported.workflows[name]);
		const credential = { id: imported.credentialId ?? '', name: CREDENTIAL.name };
		const stored = workflow ?? (await client.createWorkflow(await readExample(name, credential)));
		imported.workflows[name] = stored.id;
		await save();
		const isTold = await tellAddress(client, stored, webhookUrl, hears ?? stored);
		if (!workflow || (isTold && workflow.active)) await client.publish(stored.id);
		return await client.getWorkflow(stored.id);
	};
	const received = await ensure(RECEIVED);
	const order = await ensure(ORDER);
	const buy = await ensure(BUY_LINK, received);
	const form = await ensure(FORM, received);
	const waiting = await ensure(WAITING);
	const formWaiting = await ensure(FORM_WAITING);
	const all = [received, order, buy, form, waiting, formWaiting, await ensure(PENDING)];

	const linkOf = (workflow: StoredWorkflow) =>
		`${webhookUrl}/${String(nodeOf(workflow, 'n8n-nodes-base.webhook')?.parameters.path)}`;
	const formOf = (workflow: StoredWorkflow) =>
		`${webhookUrl.replace(/webhook$/, 'form')}/${nodeOf(workflow, 'n8n-nodes-base.formTrigger')?.webhookId}`;
	return {
		orderLink: `${linkOf(order)}?order=1001&product=ticket`,
		buyLink: linkOf(buy),
		waitLink: linkOf(waiting),
		formLink: formOf(form),
		formWaitLink: formOf(formWaiting),
		orderId: order.id,
		receivedId: received.id,
		published: all.every(({ active }) => active),
	};
}

/** @returns the id of the credential */
async function ensureCredential(
	client: N8nClient,
	id: string | undefined,
	baseUrl: string,
): Promise<string> {
	const known = (await client.listCredentials()).find((stored) => stored.id === id);
	if (!known) {
		const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
		const data = { environment: 'custom', baseUrl, apiKey, walletId };
		return (await client.createCredential({ ...CREDENTIAL, data })).id;
	}
	const { name, type, data } = await client.getCredential(known.id);
	if (data.baseUrl !== baseUrl) {
		await client.updateCredential(known.id, { name, type, data: { ...data, baseUrl } });
	}
	return known.id;
}

/** A workflow that was imported, unless it was deleted or archived. */
async function find(client: N8nClient, id = ''): Promise<StoredWorkflow | undefined> {
	const known = (await client.listWorkflows()).find((workflow) => workflow.id === id);
	return known && !known.isArchived ? await client.getWorkflow(id) : undefined;
}

/**
 * Gives Init Payment the address of the trigger of `hears`, which changes with n8n's port. An address that the user has set
 * stays.
 *
 * @returns whether there was something to change
 */
async function tellAddress(
	client: N8nClient,
	{ id, nodes }: StoredWorkflow,
	webhookUrl: string,
	hears: StoredWorkflow,
): Promise<boolean> {
	const path = `/${nodeOf(hears, 'n8n-nodes-konnect.konnectTrigger')?.webhookId}/konnect`;
	const webhook = webhookUrl + path;
	const isOld = (node: INode) => {
		const told = node.parameters.webhook;
		return isOurs(node) && told !== webhook && (told === '' || String(told).endsWith(path));
	};
	if (!nodes.some(isOld)) return false;
	const fixed = nodes.map((node) =>
		isOld(node) ? { ...node, parameters: { ...node.parameters, webhook } } : node,
	);
	await client.updateWorkflow(id, { nodes: fixed });
	return true;
}

function nodeOf({ nodes }: StoredWorkflow, wanted: string) {
	return nodes.find(({ type }) => type === wanted);
}
