import {
	chain,
	errorOf,
	itemsNode,
	konnectNode,
	manualTrigger,
	outputOf,
	triggerNode,
	triggerUrl,
	type Execution,
	type Stage,
} from '../../harness';

export const TIMEOUT_MS = 60_000;

export interface CoreSuite {
	stage(): Stage;
	/** Told what n8n did, where its versions may differ. */
	saw(what: string, how: string): void;
}

/** A published workflow of nothing but the trigger. */
export async function openShop({ client, ...stage }: Stage) {
	const workflow = await client.createWorkflow(chain('Shop', [triggerNode(stage)]));
	await client.publish(workflow.id);
	const started = async () => {
		const all = await client.waitUntilSettled({ workflowId: workflow.id });
		return await Promise.all(
			all.map(
				async ({ id }) => outputOf(await client.getExecution(id), 'Konnect Trigger')[0] ?? {},
			),
		);
	};
	return { id: workflow.id, url: triggerUrl(stage, workflow), started };
}

/** Runs a Konnect node once for each item, as the editor's button does. */
export async function run(stage: Stage, parameters: object, items = [{}], settings: object = {}) {
	const { client } = stage;
	const konnect = { ...konnectNode(stage, 'Konnect', parameters as never), ...settings };
	const nodes = [manualTrigger(), itemsNode('Items', items), konnect];
	const workflow = await client.createWorkflow(chain('Run', nodes));
	await client.runManually(workflow.id, 'Start');
	return await client.waitForExecution({ workflowId: workflow.id });
}

/** What an execution put out that must have gone well. */
export const konnectOutput = (execution: Execution) => {
	expect(errorOf(execution)).toBeUndefined();
	return outputOf(execution, 'Konnect');
};
