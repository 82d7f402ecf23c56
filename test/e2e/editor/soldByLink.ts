import type { Stage } from '../harness';
import { chain, konnectNode, triggerNode } from '../harness';

const ROW_HEIGHT = 220;

/** The whole of a shop on one canvas: a link that leads to a payment, and what follows when it is paid. */
export function soldByLink(stage: Pick<Stage, 'credential'>) {
	const link = chain('Sell by link', [
		{
			name: 'Buy link',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { path: 'buy', responseMode: 'responseNode', options: {} },
		},
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
		{
			name: 'Mark order as paid',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { method: 'POST', url: 'https://shop.example.com/orders', options: {} },
			notes: 'in your shop',
			notesInFlow: true,
		},
		{
			name: 'Tell the team',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { method: 'POST', url: 'https://chat.example.com/hook', options: {} },
			notes: 'in your chat',
			notesInFlow: true,
		},
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
