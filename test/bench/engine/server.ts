import { chain, manualTrigger, startStage, type NodeDraft, type Stage } from '../../e2e/harness';
import { SANDBOX_ACCOUNTS } from '../../../sandbox/index';
import { cpuOf } from '../shared/processes';
import { parametersOf, type Contender } from './contender';

const TIMEOUT_MS = 300_000;
const NODE = 'Under Test';

/** A real n8n with workflows of one node under test. */
export interface Server {
	stage: Stage;
	/** Runs a workflow, and says what its node took, in milliseconds of the clock, and n8n's process of the processor. */
	run(contender: Contender, items: number): Promise<{ cpu: number; wall: number }>;
	close(): Promise<void>;
}

export async function openServer(): Promise<Server> {
	const stage = await startStage();
	const { client, sandbox } = stage;
	const header = await client.createCredential({
		name: 'Header Auth',
		type: 'httpHeaderAuth',
		data: { name: 'x-api-key', value: SANDBOX_ACCOUNTS.merchant.apiKey },
	});
	const credentials = {
		konnect: { konnectApi: stage.credential },
		http: { httpHeaderAuth: { id: header.id, name: header.name } },
	};
	const run = async (contender: Contender, items: number) => {
		sandbox.reset();
		const drafts = [manualTrigger(), itemsNode(items), nodeOf(contender, stage, credentials)];
		const { id } = await client.createWorkflow(chain('Bench', drafts));
		const cpuBefore = cpuOf(stage.n8n.pid);
		await client.runManually(id, 'Start');
		const { data } = await client.waitForExecution({ workflowId: id, timeout: TIMEOUT_MS });
		const cpu = cpuOf(stage.n8n.pid) - cpuBefore;
		const task = data.resultData.runData[NODE]?.at(-1);
		const made = sandbox.payments().length;
		if (made !== items || !task) throw new Error(`${items} items made ${made} payments`);
		return { cpu, wall: task.executionTime };
	};
	return { stage, run, close: async () => await stage.close() };
}

function nodeOf(
	contender: Contender,
	{ sandbox }: Stage,
	credentials: Record<Contender['node'], NodeDraft['credentials']>,
): NodeDraft {
	return {
		name: NODE,
		...(contender.node === 'konnect'
			? { type: 'n8n-nodes-konnect.konnect', typeVersion: 1 }
			: { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 }),
		parameters: parametersOf(contender, sandbox.apiBaseUrl),
		credentials: credentials[contender.node],
	};
}

/** The same items as `orders`, made where the workflow runs. */
const itemsNode = (items: number): NodeDraft => ({
	name: 'Items',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: {
		jsCode: `return Array.from({ length: ${items} }, (_, i) => ({ json: { amount: 12.5, order: 'O-' + i } }));`,
	},
});
