import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { SANDBOX_ACCOUNTS } from '../../../../sandbox/index';
import { publishExample } from '../../harness';
import type { ExampleShop } from './shop';

const TOKEN = 'a-long-random-token';
const MAKE = 'Make_a_payment_link';
const LOOK_UP = 'Look_up_a_payment';

/** `agent-payment-links.json`, with an MCP client in the agent's place. */
export function agentSuite(shop: () => ExampleShop): void {
	const agents: Client[] = [];

	beforeAll(async () => {
		const { client, webhook } = shop();
		const { id, name } = await client.createCredential({
			name: 'Agent',
			type: 'httpBearerAuth',
			data: { token: TOKEN },
		});
		await publishExample(shop(), 'agent-payment-links', {
			'MCP Server Trigger': { credentials: { httpBearerAuth: { id, name } } },
			'Make a payment link': { parameters: { webhook } },
		});
	});
	afterAll(async () => {
		for (const agent of agents) await agent.close();
	});

	const connect = async (token: string) => {
		const agent = new Client({ name: 'test', version: '1.0.0' });
		agents.push(agent);
		const headers = { authorization: `Bearer ${token}` };
		const url = new URL(`${shop().n8n.url}/mcp/konnect-payment-links`);
		await agent.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
		return agent;
	};
	const use = async (agent: Client, name: string, args: Record<string, unknown>) => {
		const result = await agent.callTool({ name, arguments: args });
		const [{ text }] = result.content as [{ text: string }];
		return text;
	};

	it('lets in only agents that have the token', async () => {
		await expect(connect('another-token')).rejects.toThrow();
	});

	it('offers two tools, with nothing to set but what is the agent’s to say', async () => {
		const { tools } = await (await connect(TOKEN)).listTools();
		const offered = tools.map(({ name, inputSchema: { properties = {} } }) => [
			name,
			Object.keys(properties).sort(),
		]);
		expect(Object.fromEntries(offered)).toEqual({
			[MAKE]: ['amount', 'description', 'orderId'],
			[LOOK_UP]: ['paymentId'],
		});
	});

	it('makes a payment of the very amount, to the credential’s wallet whatever the agent says', async () => {
		const { sandbox, webhook } = shop();
		const agent = await connect(TOKEN);
		const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
		const made = await use(agent, MAKE, {
			amount: 45.505,
			description: 'Two dinners',
			orderId: 'TABLE-7',
			webhook: 'https://evil.example.com',
			receiverWalletId: SANDBOX_ACCOUNTS.other.walletId,
			additionalFields: { receiverWalletId: SANDBOX_ACCOUNTS.other.walletId },
			notify: 'none',
		});
		const payment = sandbox.payments().at(-1);
		expect(payment?.request).toMatchObject({
			receiverWalletId: walletId,
			amount: 45_505,
			token: 'TND',
			description: 'Two dinners',
			orderId: 'TABLE-7',
			webhook: expect.stringContaining(`${webhook}?konnect_terms=`),
		});
		expect(made).toContain(`payment_ref=${payment?.ref}`);
		expect(made).not.toContain(apiKey);

		const paymentId = String(payment?.ref);
		expect(await use(agent, LOOK_UP, { paymentId })).toMatch(/"state":"pending"/);
		await sandbox.pay(paymentId);
		expect(await use(agent, LOOK_UP, { paymentId })).toMatch(/"state":"paid"/);
	});
}
