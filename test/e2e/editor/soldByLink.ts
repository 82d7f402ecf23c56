import type { NodeDraft, Stage } from '../harness';
import { chain, konnectNode, triggerNode, webhookNode } from '../harness';

const ROW_HEIGHT = 220;

/** A request, with a note below its name. */
const post = (name: string, url: string, notes: string): NodeDraft => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: { method: 'POST', url, options: {} },
	notes,
	notesInFlow: true,
});

/** The whole of a shop on one canvas: a link that leads to a payment, and what follows when it is paid. */
export function soldByLink(stage: Pick<Stage, 'credential'>) {
	const link = chain('Sell by link', [
		webhookNode('Buy link', 'buy', { responseMode: 'responseNode' }),
		konnectNode(stage, 'Konnect', {
			operation: 'initPayment',
			amount: 12.5,
			webhook: 'https://n8n.example.com/webhook/9e2d1b44-7c0f-4d39-8a51-3f6f0c2b7e10/konnect',
		}),
		{
			name: 'Go to payment page',
			type: 'n8n-nodes-base.respondToWebhook',
			typeVersion: 1.5,
			parameters: { respondWith: 'redirect', redirectURL: '={{ $json.payUrl }}', options: {} },
		},
	]);
	const paid = chain('Paid', [
		triggerNode(stage),
		post('Mark order as paid', 'https://shop.example.com/orders', 'in your shop'),
		post('Tell the team', 'https://chat.example.com/hook', 'in your chat'),
	]);
	const below = paid.nodes.map((node) => ({
		...node,
		position: [node.position[0], ROW_HEIGHT] as [number, number],
	}));
	return {
		...link,
		nodes: [...link.nodes, ...below],
		connections: { ...link.connections, ...paid.connections },
	};
}
