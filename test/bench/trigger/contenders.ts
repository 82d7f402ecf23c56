import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { signWebhook } from '../../../nodes/Konnect/payment/terms';
import { SANDBOX_ACCOUNTS } from '../../../sandbox/index';
import {
	chain,
	credentialFor,
	paidPayments,
	triggerNode,
	type NodeDraft,
	type Stage,
} from '../../e2e/harness';
import type { Shot } from '../shared/volley';
import { FLOOR, STRIPE_SIGNING } from './throwAway';

const SECRET = 'a secret of thirty-two characters';
const WRONG_SECRET = 'not the secret of this credential';

/** How many paid payments Konnect Trigger remembers, as fingerprints of eight characters in its static data. */
const MOST_PAID = 10_000;

/** A published workflow, and how to call it. */
export interface Contender {
	name: string;
	workflowId: string;
	/** Calls that must start an execution each. */
	good(count: number): Promise<Shot[]>;
	/** Calls that no genuine caller sends, by what is wrong with them. */
	forged: Record<string, () => Shot>;
	/** It is not compared closely, so a few rounds are enough. */
	isRough?: boolean;
}

/** Publishes all contenders on one n8n. The floor comes first. */
export async function publishContenders(stage: Stage): Promise<Contender[]> {
	const { client, sandbox } = stage;
	const { data, ...rest } = credentialFor(sandbox);
	const secret = { ...rest, name: 'Signing', data: { ...data, webhookSecret: SECRET } };
	const { id } = await client.createCredential(secret);
	const credential = { id, name: secret.name };
	return [
		await floor(stage),
		await konnect(stage, 'Konnect Trigger', credential),
		await konnect(stage, `Konnect Trigger, ${MOST_PAID.toLocaleString('en')} payments remembered`, {
			...credential,
			staticData: { 'node:Konnect Trigger': { events: `${fullRecord()} ` } },
		}),
		await flow(stage),
		await stripe(stage),
	];
}

/** The record that an earlier process has left after `MOST_PAID` paid payments. */
const fullRecord = () =>
	Array.from({ length: MOST_PAID }, () => randomBytes(6).toString('base64url')).join('');

async function publish({ client }: Stage, name: string, drafts: NodeDraft[], rest = {}) {
	const { id } = await client.createWorkflow({ ...chain(name, drafts), ...rest });
	await client.publish(id);
	return id;
}

const newRef = () => randomBytes(12).toString('hex');

async function floor(stage: Stage): Promise<Contender> {
	const { credential, n8n, sandbox } = stage;
	const webhookId = randomUUID();
	const credentials = { konnectApi: credential };
	const node = { name: 'Floor', ...FLOOR, parameters: {}, credentials, webhookId };
	const url = `${n8n.webhookUrl}/${webhookId}/floor?payment_ref=`;
	return {
		name: 'Floor',
		workflowId: await publish(stage, 'Floor', [node]),
		good: async (count) => {
			const refs = await paidPayments(sandbox, count);
			return refs.map((ref) => ({ url: `${url}${ref}`, expected: 200 }));
		},
		forged: { refused: () => ({ url: `${url}${newRef()}&forged=1`, expected: 401 }) },
	};
}

async function konnect(
	stage: Stage,
	name: string,
	{ staticData, ...credential }: Stage['credential'] & { staticData?: object },
): Promise<Contender> {
	const { n8n, sandbox } = stage;
	const node = triggerNode({ credential });
	const url = `${n8n.webhookUrl}/${node.webhookId}/konnect`;
	const callFor = (ref: string, secret: string, expected: number): Shot => {
		const { walletId } = SANDBOX_ACCOUNTS.merchant;
		const terms = { amount: 12_500, token: 'TND', receiverWalletId: walletId };
		return { url: `${signWebhook(url, terms, secret)}&payment_ref=${ref}`, expected };
	};
	const forged: Contender['forged'] = {
		'not a payment id': () => ({ url: `${url}?payment_ref=${newRef()}x`, expected: 400 }),
		'wrongly signed': () => callFor(newRef(), WRONG_SECRET, 401),
	};
	return {
		name,
		workflowId: await publish(stage, name, [node], { staticData }),
		good: async (count) => {
			const refs = await paidPayments(sandbox, count);
			return refs.map((ref) => callFor(ref, SECRET, 200));
		},
		forged: staticData ? {} : forged,
	};
}

/** What people without a Konnect node build. */
async function flow(stage: Stage): Promise<Contender> {
	const { n8n, sandbox } = stage;
	const webhookId = randomUUID();
	const url = `${n8n.webhookUrl}/${webhookId}?payment_ref=`;
	const { apiKey } = SANDBOX_ACCOUNTS.merchant;
	const webhook = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		parameters: { path: webhookId, options: {} },
		webhookId,
	};
	const read = {
		name: 'HTTP Request',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: `=${sandbox.apiBaseUrl}/payments/{{ $json.query.payment_ref }}`,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'x-api-key', value: apiKey }] },
			options: {},
		},
	};
	const name = 'Webhook → HTTP Request → If';
	return {
		name,
		workflowId: await publish(stage, name, [webhook, read, IS_COMPLETED]),
		good: async (count) => {
			const refs = await paidPayments(sandbox, count);
			return refs.map((ref) => ({ url: `${url}${ref}`, expected: 200 }));
		},
		forged: { 'invented payment id': () => ({ url: `${url}${newRef()}`, expected: 200 }) },
		isRough: true,
	};
}

const IS_COMPLETED: NodeDraft = {
	name: 'If',
	type: 'n8n-nodes-base.if',
	typeVersion: 2.2,
	parameters: {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			conditions: [
				{
					id: 'completed',
					leftValue: '={{ $json.payment.status }}',
					rightValue: 'completed',
					operator: { type: 'string', operation: 'equals' },
				},
			],
			combinator: 'and',
		},
		options: {},
	},
};

/** n8n's own Stripe Trigger, with a signing secret. */
async function stripe(stage: Stage): Promise<Contender> {
	const { client, n8n } = stage;
	const { id, name } = await client.createCredential({
		name: 'Stripe',
		type: 'stripeApi',
		data: { secretKey: 'sk_test_bench', signatureSecret: '' },
	});
	const webhookId = randomUUID();
	const node = {
		name: 'Stripe Trigger',
		type: 'n8n-nodes-base.stripeTrigger',
		parameters: { events: ['*'] },
		credentials: { stripeApi: { id, name } },
		webhookId,
	};
	const callWith = (secret: string, expected: number): Shot => {
		const object = { id: newRef(), amount: 12_500, currency: 'eur', status: 'succeeded' };
		const type = 'payment_intent.succeeded';
		const body = JSON.stringify({ id: newRef(), object: 'event', type, data: { object } });
		const time = Math.floor(Date.now() / 1000);
		const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
		const stamp = { 'stripe-signature': `t=${time},v1=${signature}` };
		const headers = { 'content-type': 'application/json', ...stamp };
		return { url: `${n8n.webhookUrl}/${webhookId}/webhook`, body, headers, expected };
	};
	return {
		name: node.name,
		workflowId: await publish(stage, node.name, [node]),
		good: async (count) => Array.from({ length: count }, () => callWith(STRIPE_SIGNING, 200)),
		forged: { 'wrongly signed': () => callWith('not the secret of Stripe', 401) },
		isRough: true,
	};
}
