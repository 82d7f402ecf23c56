import {
	callAll,
	chain,
	outputOf,
	paidPayments,
	startStage,
	triggerNode,
	triggerUrl,
} from './harness';
import type { Stage } from './harness';

const BOOT_TIMEOUT_MS = 240_000;
const PAYMENTS = 6;

let stage: Stage;

beforeAll(async () => {
	stage = await startStage({ n8n: { env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } } });
}, BOOT_TIMEOUT_MS);
afterAll(() => stage?.close(), BOOT_TIMEOUT_MS);

/** A workflow of so many seconds: n8n holds the answers of the calls that wait for their turn. */
const slowNode = (seconds: number) => ({
	name: 'Slow',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: seconds, unit: 'seconds' },
});

describe('an n8n that runs one execution at a time', () => {
	it('runs the workflow for each of six payments called at once, and refuses none', async () => {
		const { client, sandbox } = stage;
		const nodes = [triggerNode(stage), slowNode(6)];
		const workflow = await client.createWorkflow(chain('Slow shop', nodes));
		await client.publish(workflow.id);
		const refs = await paidPayments(sandbox, PAYMENTS);
		const answers = await callAll([triggerUrl(stage, workflow)], refs);
		expect(answers).toEqual(refs.map(() => ({ status: 200, result: 'accepted' })));
		const executions = await client.waitUntilSettled({ workflowId: workflow.id, timeout: 60_000 });
		const events = await Promise.all(
			executions.map(async ({ id }) => {
				const [item] = outputOf(await client.getExecution(id), 'Konnect Trigger');
				return item?.eventId;
			}),
		);
		expect(events.sort()).toEqual(refs.map((ref) => `${ref}:paid`).sort());
	}, 120_000);
});
