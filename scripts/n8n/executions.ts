import { parse } from 'flatted';
import type { IDataObject, IRunExecutionData } from 'n8n-workflow';
import type { Request } from './http';
import { poll } from './poll';

/** An entry of the list of executions. */
export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';
	mode: string;
	startedAt: string;
	stoppedAt?: string | null;
	waitTill?: string | null;
}

/** One execution with the output of its nodes, as n8n stored it. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
}

const ENDED: Array<ExecutionSummary['status']> = ['success', 'error', 'crashed', 'canceled'];

/** Whether nothing more will happen in an execution. One that waits has not ended. */
export function hasEnded({ status }: ExecutionSummary): boolean {
	return ENDED.includes(status);
}

/**
 * The JSON of the items that a node returned in its last run.
 *
 * @param branch which of its outputs
 */
export function outputOf(execution: Execution, nodeName: string, branch = 0): IDataObject[] {
	const items = execution.data.resultData.runData[nodeName]?.at(-1)?.data?.main?.[branch];
	return (items ?? []).map(({ json }) => json);
}

/** The message of the error that ended an execution. */
export function errorOf(execution: Execution): string | undefined {
	return execution.data.resultData.error?.message;
}

export interface ExecutionFilter {
	workflowId?: string;
	status?: Array<ExecutionSummary['status']>;
	/** Includes those that started at that time. */
	startedBefore?: string;
	limit?: number;
}

export interface WaitOptions extends ExecutionFilter {
	/** Counts only executions for which this is true. Default: that it has ended. */
	until?: (execution: Execution) => boolean;
	/** Milliseconds until the wait is given up. */
	timeout?: number;
}

export interface WaitForAll extends Omit<WaitOptions, 'until' | 'limit'> {
	/** How many there must be at least. */
	count?: number;
	until: (execution: ExecutionSummary) => boolean;
}

/** How many n8n hands out at a time. */
const PAGE = 100;

const WAIT_TIMEOUT_MS = 20_000;

type List = (filter?: ExecutionFilter) => Promise<ExecutionSummary[]>;

/** The part of n8n's REST interface that is about executions. */
export function executions(request: Request) {
	const listExecutions: List = async ({ limit = PAGE, ...filter } = {}) => {
		const query = new URLSearchParams({ limit: String(limit), filter: JSON.stringify(filter) });
		const { results } = await request<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?${query}`,
		);
		return results;
	};
	const getExecution = async (id: string): Promise<Execution> => {
		const stored = await request<ExecutionSummary & { data: string }>('GET', `/executions/${id}`);
		return { ...stored, data: parse(stored.data) as Execution['data'] };
	};
	/** Resolves with the newest execution that passes. Rejects with a list of the executions that there are. */
	const waitForExecution = async (options: WaitOptions = {}): Promise<Execution> => {
		const { until = hasEnded, timeout = WAIT_TIMEOUT_MS, ...filter } = options;
		let found: ExecutionSummary[] = [];
		const look = async () => {
			found = await listExecutions(filter);
			for (const { id } of found.filter(isStored)) {
				const execution = await getExecution(id);
				if (until(execution)) return execution;
			}
			return undefined;
		};
		return await poll(look, timeout, () => {
			const seen = found.map(statusOf).join(', ') || 'none';
			return `No such execution within ${timeout / 1000} s; there were: ${seen}`;
		});
	};
	return {
		listExecutions,
		getExecution,
		waitForExecution,
		/** Lists them all, not only the first page. */
		listAllExecutions: async (filter: ExecutionFilter) => await listAll(listExecutions, filter),
		/** Resolves with all executions when each has ended. */
		waitUntilSettled: async (options: Omit<WaitOptions, 'until' | 'limit'>) =>
			await untilAll(listExecutions, { ...options, until: hasEnded }),
		/** Resolves with all executions when there are at least `count`, and `until` is true for each. */
		waitUntilAll: async (options: WaitForAll) => await untilAll(listExecutions, options),
	};
}

/** Whether an execution can be read. n8n 2.20 answers 500 for one that it has not stored yet. */
const isStored = ({ status }: ExecutionSummary) => status !== 'new' && status !== 'running';

const statusOf = ({ id, status }: ExecutionSummary) => `${id} ${status}`;

/**
 * All executions, page by page. n8n sorts its own pages by start time, but cuts them by id. In queue mode, executions do not
 * start in the order of their ids, so those pages leave some out. The pages here are cut by time.
 */
async function listAll(
	list: List,
	filter: Omit<ExecutionFilter, 'limit'>,
): Promise<ExecutionSummary[]> {
	const all = new Map<string, ExecutionSummary>();
	let window: Pick<ExecutionFilter, 'startedBefore'> = {};
	for (;;) {
		const page = await list({ ...filter, ...window });
		for (const execution of page) all.set(execution.id, execution);
		// n8n adds executions that are new or running to the page.
		const counted = page.filter(isStored);
		if (counted.length < PAGE) return [...all.values()];
		// The next page includes this time, because others may have started at it.
		const [next = ''] = counted.map(({ startedAt }) => startedAt).sort();
		if (next === window.startedBefore) {
			throw new Error(`More than ${PAGE} executions started at ${next}: n8n does not tell of all`);
		}
		window = { startedBefore: next };
	}
}

async function untilAll(
	list: List,
	{ timeout = WAIT_TIMEOUT_MS, count = 0, until, ...filter }: WaitForAll,
): Promise<ExecutionSummary[]> {
	let all: ExecutionSummary[] = [];
	let before: string | undefined;
	const look = async () => {
		all = await listAll(list, filter);
		const isSettled = all.length >= count && all.every(until);
		const seen = JSON.stringify(all.map(({ id }) => id).sort());
		// n8n reads running and ended executions in two queries, and misses one that ends in between. So the same list must be
		// seen twice.
		if (isSettled && seen === before) return all;
		before = isSettled ? seen : undefined;
		return undefined;
	};
	return await poll(look, timeout, () => {
		const late = all.filter((execution) => !until(execution)).map(statusOf);
		return `${all.length} executions, of which these are late after ${timeout / 1000} s: ${late.join(', ') || 'none'}`;
	});
}
