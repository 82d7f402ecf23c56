import { randomUUID } from 'node:crypto';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { chain, konnectNode, type Stage } from '../harness';

const PATH = 'konnect-fields';

/** The tools, by the type of the amount that n8n tells the agent. */
const TOOLS = { number: 'Pay_a_number', string: 'Pay_a_text' } as const;

type Given = Record<'amount' | 'unit' | 'currency' | 'orderId', unknown>;

const GOOD: Given = { amount: '45.505', unit: 'currency', currency: 'TND', orderId: 'TABLE-7' };

/** An agent fills in the fields that decide about the money, through n8n's own MCP server. No value may be read as another. */
export function agentFieldsSuite(stage: () => Stage): void {
	let agent: Client;

	beforeAll(async () => {
		const { client, n8n } = stage();
		const { id } = await client.createWorkflow(workflowOfTools(stage()));
		await client.publish(id);
		agent = new Client({ name: 'test', version: '1.0.0' });
		await agent.connect(new StreamableHTTPClientTransport(new URL(`${n8n.url}/mcp/${PATH}`)));
	});
	afterAll(async () => await agent?.close());

	/** What the tool says to the agent, and the payments that it has made. */
	const pay = async (given: Partial<Given>) => {
		const { sandbox } = stage();
		const before = sandbox.payments().length;
		const args = { ...GOOD, ...given };
		const name = TOOLS[typeof args.amount === 'number' ? 'number' : 'string'];
		const result = await agent.callTool({ name, arguments: args });
		const [{ text }] = result.content as [{ text: string }];
		const sent = sandbox.payments().slice(before);
		return { text, sent: sent.map(({ request }) => request) };
	};

	it.each<[Partial<Given>, object]>([
		[{}, { amount: 45_505, token: 'TND', orderId: 'TABLE-7' }],
		[{ amount: 45.505 }, { amount: 45_505 }],
		[{ amount: '45505', unit: 'minor' }, { amount: 45_505 }],
		[
			{ amount: '45.50', currency: 'EUR' },
			{ amount: 4_550, token: 'EUR' },
		],
		[{ orderId: '1042' }, { orderId: '1042' }],
	])('what an agent gives is paid exactly: %j', async (given, meant) => {
		const { sent } = await pay(given);
		expect(sent).toEqual([expect.objectContaining(meant)]);
	});

	it.each<[Partial<Given>, string]>([
		[{ amount: '12,5' }, "'Amount'"],
		[{ amount: 1.2345 }, "'Amount'"],
		[{ amount: '' }, "'Amount'"],
		[{ unit: 'Minor' }, "'Amount Unit'"],
		[{ currency: 'tnd' }, "'Currency'"],
		[{ orderId: '' }, "'Order ID'"],
		// n8n itself refuses a value that is not of the type that it has told the agent, or is left out.
		[{ unit: null }, 'unit'],
		[{ orderId: undefined }, 'orderId'],
	])('what cannot be meant makes no payment, and the agent is told why: %j', async (given, why) => {
		const { text, sent } = await pay(given);
		expect(sent).toEqual([]);
		expect(text).toContain(why);
	});
}

/** An MCP server whose tools are Init Payment. The agent fills in the fields that decide about the money. */
function workflowOfTools(stage: Stage) {
	const server = {
		name: 'MCP Server Trigger',
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: 2,
		parameters: { authentication: 'none', path: PATH },
		webhookId: randomUUID(),
	};
	const fromAgent = (key: string, type: string) => `={{ $fromAI('${key}', '', '${type}') }}`;
	const tools = Object.entries(TOOLS).map(([type, name]) => ({
		...konnectNode(stage, name, {
			operation: 'initPayment',
			amount: fromAgent('amount', type),
			amountUnit: fromAgent('unit', 'string'),
			token: fromAgent('currency', 'string'),
			notify: 'none',
			additionalFields: { orderId: fromAgent('orderId', 'string') },
		}),
		type: 'n8n-nodes-konnect.konnectTool',
	}));
	const link = { ai_tool: [[{ node: server.name, type: 'ai_tool' as const, index: 0 }]] };
	return {
		...chain('Fields for an agent', [server, ...tools]),
		connections: Object.fromEntries(tools.map(({ name }) => [name, link])),
	};
}
