import {
	chain,
	errorOf,
	itemsNode,
	konnectNode,
	manualTrigger,
	outputOf,
	runFrom,
	type Execution,
	type ServedStage,
} from '../../harness';

export interface CoreSuite {
	stage(): ServedStage;
	/** Notes what n8n did where its versions may differ. */
	saw(what: string, how: string): void;
}

/** Runs a Konnect node once for each item, as the editor's button does. */
export async function run(
	stage: Pick<ServedStage, 'client' | 'credential'>,
	parameters: object,
	items = [{}],
	settings: object = {},
) {
	const { client } = stage;
	const konnect = { ...konnectNode(stage, 'Konnect', parameters as never), ...settings };
	const nodes = [manualTrigger(), itemsNode('Items', items), konnect];
	const workflow = await client.createWorkflow(chain('Run', nodes));
	return await runFrom(stage, workflow.id, 'Start');
}

/** What the Konnect node put out in an execution that must have succeeded. */
export const konnectOutput = (execution: Execution) => {
	expect(errorOf(execution)).toBeUndefined();
	return outputOf(execution, 'Konnect');
};
