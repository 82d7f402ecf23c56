import type { IDataObject, IRunExecutionData } from 'n8n-workflow';

/** What the list of executions says of each. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';
	mode: string;
	startedAt: string;
	stoppedAt?: string | null;
	waitTill?: string | null;
}

/** One execution with what its nodes put out, as n8n stored it. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

const ENDED: Array<ExecutionSummary['status']> = ['success', 'error', 'crashed', 'canceled'];

/** Whether nothing more will happen in an execution. One that waits has not ended. */
export function hasEnded({ status }: ExecutionSummary): boolean {
	return ENDED.includes(status);
}

/**
 * The JSON of the items that a node put out.
 *
 * @param run which of the node's runs; the last one by default
 * @param branch which of its outputs
 */
export function outputOf(
	execution: Execution,
	nodeName: string,
	{ run = -1, branch = 0 } = {},
): IDataObject[] {
	const items = execution.data.resultData.runData[nodeName]?.at(run)?.data?.main?.[branch];
	return (items ?? []).map(({ json }) => json);
}

/** The message of the error that ended an execution, or that one of its nodes met. */
export function errorOf(execution: Execution, nodeName?: string): string | undefined {
	const { error, runData } = execution.data.resultData;
	return (nodeName === undefined ? error : runData[nodeName]?.at(-1)?.error)?.message;
}
