import { randomBytes, randomUUID } from 'node:crypto';
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
import { stripeEvent, stripeSignature } from './stripe';
import { FLOOR_TYPE, TRIGGER_VERSION } from './throwAway';
import type { Shot } from './volley';

const SECRET = 'a secret of thirty-two characters';
const WRONG_SECRET = 'not the secret of this credential';

export const CONTENDERS = ['floor', 'konnect', 'flow', 'stripe'] as const;
export type ContenderId = (typeof CONTENDERS)[number];

/** A published workflow, and how to call it. */
export interface Contender {
	id: ContenderId;
	workflowId: string;
	/** Calls that must start an execution each. */
	good: (count: number) => Promise<Shot[]>;
	/** Calls that nobody who is meant to call would send, by what is wrong with them. */
	forged: Record<string, () => Shot>;
}

/** Publishes all four on one n8n. */
export async function publishContenders(stage: Stage): Promise<Contender[]> {
	return [await floor(stage), await konnect(stage), await flow(stage), await stripe(stage)];
}

const newRef = () => randomBytes(12).toString('hex');

async function publish({ client }: Stage, name: string, drafts: NodeDraft[]): Promise<string> {
	const { id } = await client.createWorkflow(chain(name, drafts));
	await client.publish(id);
	return id;
}

async function floor(stage: Stage): Promise<Contender> {
	const webhookId = randomUUID();
	const typeVersion = TRIGGER_VERSION;
	const node = { name: 'Floor', type: FLOOR_TYPE, typeVersion, parameters: {}, webhookId };
	const url = `${stage.n8n.webhookUrl}/${webhookId}/floor?payment_ref=`;
	return {
		id: 'floor',
		workflowId: await publish(stage, 'Floor', [node]),
		good: async (count) =>
			Array.from({ length: count }, () => ({ url: `${url}${newRef()}`, expected: 200 })),
		forged: { refused: () => ({ url: `${url}${newRef()}&forged=1`, expected: 401 }) },
	};
}

async function konnect(stage: Stage): Promise<Contender> {
	const { client, n8n, sandbox } = stage;
	const { name, type, data } = credentialFor(sandbox);
	const withSecret = { name, type, data: { ...data, webhookSecret: SECRET } };
	const { id } = await client.createCredential(withSecret);
	const typeVersion = TRIGGER_VERSION;
	const node = { ...triggerNode({ credential: { id, name } }), typeVersion };
	const url = `${n8n.webhookUrl}/${node.webhookId}/konnect`;
	const callFor = (ref: string, secret: string, expected: number): Shot => {
		const { amount = 12_500, token = 'TND' } = sandbox.payment(ref)?.request ?? {};
		const terms = { amount, token, walletId: SANDBOX_ACCOUNTS.merchant.walletId };
		return { url: `${signWebhook(url, terms, secret)}&payment_ref=${ref}`, expected };
	};
	return {
		id: 'konnect',
		workflowId: await publish(stage, 'Konnect Trigger', [node]),
		good: async (count) => {
			const refs = await paidPayments(sandbox, count);
			return refs.map((ref) => callFor(ref, SECRET, 200));
		},
		forged: {
			'not a payment id': () => ({ url: `${url}?payment_ref=${newRef()}x`, expected: 400 }),
			'wrongly signed': () => callFor(newRef(), WRONG_SECRET, 401),
		},
	};
}

/** What people build who have no Konnect node. */
async function flow(stage: Stage): Promise<Contender> {
	const { n8n, sandbox } = stage;
	const webhookId = randomUUID();
	const url = `${n8n.webhookUrl}/${webhookId}?payment_ref=`;
	const drafts: NodeDraft[] = [
		{
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { path: webhookId, options: {} },
			webhookId,
		},
		{
			name: 'HTTP Request',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: `=${sandbox.apiBaseUrl}/payments/{{ $json.query.payment_ref }}`,
				sendHeaders: true,
				headerParameters: {
					parameters: [{ name: 'x-api-key', value: SANDBOX_ACCOUNTS.merchant.apiKey }],
				},
				options: {},
			},
		},
		{
			name: 'If',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			parameters: { conditions: IS_COMPLETED, options: {} },
		},
	];
	return {
		id: 'flow',
		workflowId: await publish(stage, 'Webhook, HTTP Request, If', drafts),
		good: async (count) => {
			const refs = await paidPayments(sandbox, count);
			return refs.map((ref) => ({ url: `${url}${ref}`, expected: 200 }));
		},
		forged: { 'invented payment id': () => ({ url: `${url}${newRef()}`, expected: 200 }) },
	};
}

const IS_COMPLETED = {
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
};

async function stripe(stage: Stage): Promise<Contender> {
	const { client, n8n } = stage;
	const { id, name } = await client.createCredential({
		name: 'Stripe',
		type: 'stripeApi',
		data: { secretKey: 'sk_test_bench', signatureSecret: '' },
	});
	const webhookId = randomUUID();
	const node: NodeDraft = {
		name: 'Stripe Trigger',
		type: 'n8n-nodes-base.stripeTrigger',
		parameters: { events: ['*'] },
		credentials: { stripeApi: { id, name } },
		webhookId,
	};
	const callWith = (secret: string | undefined, expected: number): Shot => {
		const body = stripeEvent(newRef());
		const signature = stripeSignature(body, secret);
		const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
		return { url: `${n8n.webhookUrl}/${webhookId}/webhook`, body, headers, expected };
	};
	return {
		id: 'stripe',
		workflowId: await publish(stage, 'Stripe Trigger', [node]),
		good: async (count) => Array.from({ length: count }, () => callWith(undefined, 200)),
		forged: { 'wrongly signed': () => callWith('not the secret of Stripe', 401) },
	};
}
