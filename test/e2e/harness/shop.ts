import { errorOf, hasEnded, outputOf } from '../../../scripts/n8n/executions';
import type { Execution, ExecutionSummary } from '../../../scripts/n8n/executions';
import type { WorkflowJson } from '../../../scripts/n8n/workflows';
import { callUntilAnswered, paidPayments } from './calls';
import { exampleWith } from './examples';
import type { ServedStage } from './served';
import { chain, triggerNode, type NodeDraft } from './workflow';

const TRIGGER = 'Konnect Trigger';
const SETTLE_TIMEOUT_MS = 120_000;

/** A published workflow that does something for each payment that is paid. */
export type Shop = Awaited<ReturnType<typeof publish>>;

/** A workflow of only the trigger and the nodes that follow it. */
export async function openShop(
	stage: ServedStage,
	then: NodeDraft[] = [],
	parameters = {},
): Promise<Shop> {
	return await publish(stage, chain('Shop', [triggerNode(stage, parameters), ...then]));
}

/**
 * The example workflow that lets each event through once, with its table in the stage's PostgreSQL.
 *
 * @param options of its trigger
 */
export async function openOnceOnlyShop(stage: ServedStage, options = {}): Promise<Shop> {
	const { postgres, client } = stage;
	if (!postgres) throw new Error('The example needs a PostgreSQL');
	const { host, port, user, database } = postgres;
	const { id, name } = await client.createCredential({
		name: 'Postgres',
		type: 'postgres',
		data: { host, port, user, database, password: '', ssl: 'disable' },
	});
	const example = await exampleWith(stage, 'once-only-in-queue-mode', {
		[TRIGGER]: { parameters: { options } },
		'Remember the event': { credentials: { postgres: { id, name } } },
	});
	await postgres.query(createTableOf(example));
	return await publish(stage, example);
}

/** The statement that the example's note tells people to run once. */
function createTableOf({ nodes }: WorkflowJson): string {
	const note = nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
	const statement = /CREATE TABLE [^;]+;/.exec(String(note?.parameters.content))?.[0];
	if (!statement) throw new Error('The note of the example has no CREATE TABLE');
	return statement.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS');
}

async function publish(stage: ServedStage, workflow: WorkflowJson) {
	const { client, entrances } = stage;
	const { id, nodes } = await client.createWorkflow(workflow);
	await client.publish(id);
	const path = `${nodes.find(({ name }) => name === TRIGGER)?.webhookId}/konnect`;
	const isOver: Array<ExecutionSummary['status']> = [];
	const lastNode = nodes.at(-1)?.name ?? '';
	const eventsOf = async (reached: string) => {
		const executions = await settled(stage, id, isOver);
		return executions
			.filter((execution) => outputOf(execution, reached).length > 0)
			.map((execution) => String(outputOf(execution, TRIGGER)[0]?.eventId));
	};
	return {
		id,
		/** The trigger's production URL, at the first entrance of the stage. */
		url: `${entrances[0]}/${path}`,
		/** What the trigger put out in each execution. Waits until all have ended. */
		payments: async () => {
			const all = await client.waitUntilSettled({ workflowId: id, timeout: SETTLE_TIMEOUT_MS });
			const executions = await Promise.all(all.map(({ id: one }) => client.getExecution(one)));
			return executions.map((execution) => outputOf(execution, TRIGGER)[0] ?? {});
		},
		/** The trigger's production URL, at each entrance of the stage. */
		urls: entrances.map((entrance) => `${entrance}/${path}`),
		/** Waits, for at most `timeout` ms, until there are `count` executions and all have ended. */
		ended: async (count: number, timeout: number) =>
			await client.waitUntilAll({ workflowId: id, count, timeout, until: hasEnded }),
		/** The event of each execution, so one that started two executions is there twice. Waits until all have ended. */
		started: async () => await eventsOf(TRIGGER),
		/** The event of each execution that came as far as the workflow's last node. */
		handled: async () => await eventsOf(lastNode),
		/**
		 * Resolves when the queue has handed out all that was in it, after a process has died. An execution that it had stored but
		 * not yet queued stays `new` for hours. Its call was not answered. From then on `started` and `handled` leave it out.
		 */
		outlives: async (): Promise<void> => {
			const last = await openShop(stage);
			await callUntilAnswered(last.urls.slice(-1), await paidPayments(stage.sandbox, 1));
			// The queue is served in order, so all that was in it before has been handed out too.
			await last.started();
			isOver.push('new');
		},
	};
}

/**
 * All executions of a workflow, when none of them runs any more. All must have succeeded.
 *
 * @param isOver statuses in which nothing more will happen either
 */
async function settled(
	{ client, ready }: ServedStage,
	workflowId: string,
	isOver: Array<ExecutionSummary['status']>,
): Promise<Execution[]> {
	// After a burst n8n may refuse everything for a moment: it takes its busy database for a lost one.
	await ready();
	const all = await client.waitUntilAll({
		workflowId,
		timeout: SETTLE_TIMEOUT_MS,
		until: (execution) => hasEnded(execution) || isOver.includes(execution.status),
	});
	const executions: Execution[] = [];
	for (const { id } of all.filter(hasEnded)) executions.push(await client.getExecution(id));
	const failed = executions.filter(({ status }) => status !== 'success');
	if (failed.length === 0) return executions;
	const reasons = failed.map(
		(execution) => `${execution.id} ${execution.status}: ${errorOf(execution)}`,
	);
	throw new Error(`Executions failed: ${reasons.join('; ')}`);
}
