import { chain, outputOf, startStage, triggerNode, triggerUrl, type Stage } from './harness';

const BOOT_TIMEOUT_MS = 240_000;

describe('the stage of the end-to-end tests', () => {
	let stage: Stage;

	beforeAll(async () => {
		stage = await startStage();
	}, BOOT_TIMEOUT_MS);

	afterAll(async () => {
		await stage?.close();
	}, BOOT_TIMEOUT_MS);

	it('runs an n8n in which the packed nodes are installed', async () => {
		const names = ['konnect', 'konnectTrigger'];
		const types = await stage.client.request<Array<{ name: string }>>('POST', '/node-types', {
			nodeInfos: names.map((name) => ({ name: `n8n-nodes-konnect.${name}`, version: 1 })),
		});
		expect(types.map(({ name }) => name).sort()).toEqual(names);
	});

	it('publishes a workflow whose trigger can be called at once', async () => {
		const { client, n8n } = stage;
		const workflow = await client.createWorkflow(chain('Smoke', [triggerNode(stage)]));
		await client.publish(workflow.id);
		const answer = await fetch(triggerUrl(stage, workflow));
		expect(answer.status).not.toBe(404);
		expect(n8n.logs()).not.toContain('Received request for unknown webhook');
	});

	it('reads what an execution put out', async () => {
		const { client } = stage;
		const start = {
			name: 'Call',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { path: 'smoke', options: {} },
		};
		const workflow = await client.createWorkflow(chain('Webhook', [start]));
		await client.publish(workflow.id);
		await fetch(`${stage.n8n.webhookUrl}/smoke?greeting=hello`);
		const execution = await client.waitForExecution({ workflowId: workflow.id });
		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Call')).toMatchObject([{ query: { greeting: 'hello' } }]);
	});
});
