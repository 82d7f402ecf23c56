import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../../../scripts/n8n/poll';
import type { Stage } from '../../e2e/harness';

const TICKS_PER_SECOND = 100;
const SETTLE_TIMEOUT_MS = 120_000;

/** Milliseconds of processor time that a process has used. Linux only. */
export function cpuOf(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Megabytes of memory that a process holds: the least within some seconds, because it collects garbage meanwhile. */
export async function memoryOf(pid: number, seconds: number): Promise<number> {
	let least = Infinity;
	for (let n = 0; n < seconds * 2; n++) {
		const status = readFileSync(`/proc/${pid}/status`, 'utf8');
		least = Math.min(least, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
		await sleep(500);
	}
	return least;
}

/** Resolves when no execution of a workflow is under way. Asks n8n for one only, because the answer costs n8n time too. */
export async function idle({ client }: Stage, workflowId: string): Promise<void> {
	const look = async () => {
		const status: Array<'new' | 'running'> = ['new', 'running'];
		const open = await client.listExecutions({ workflowId, status, limit: 1 });
		return open.length === 0 || undefined;
	};
	await poll(look, SETTLE_TIMEOUT_MS, () => 'The executions do not come to an end', 20);
}
