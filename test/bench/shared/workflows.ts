import { randomUUID } from 'node:crypto';
import { chain, type NodeDraft, type Stage } from '../../e2e/harness';

/** Creates a workflow in which each node leads to the next, and publishes it. */
export async function publish({ client }: Stage, name: string, drafts: NodeDraft[], rest = {}) {
	const { id } = await client.createWorkflow({ ...chain(name, drafts), ...rest });
	await client.publish(id);
	return id;
}

export const webhookNode = (webhookId: string): NodeDraft => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	parameters: { path: webhookId, options: {} },
	webhookId,
});

/** @param leftValue an expression */
export const ifNode = (
	leftValue: string,
	operation: 'equals' | 'notEquals',
	rightValue: string,
): NodeDraft => ({
	name: 'If',
	type: 'n8n-nodes-base.if',
	typeVersion: 2.2,
	parameters: {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			conditions: [
				{ id: randomUUID(), leftValue, rightValue, operator: { type: 'string', operation } },
			],
			combinator: 'and',
		},
		options: {},
	},
});
