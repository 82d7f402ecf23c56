import { randomUUID } from 'node:crypto';
import { fingerprintOf, MOST_PAID } from '../../../nodes/Konnect/webhook/state/record';
import { startSandbox } from '../../../sandbox/index';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import {
	chain,
	hasEnded,
	paidPayments,
	startStage,
	triggerNode,
	type NodeDraft,
	type Stage,
} from '../../e2e/harness';
import { circumstances } from '../shared/circumstances';
import { atLeast, atMost, ratioOf, type Target } from '../shared/figures';
import { spread, table, targetTable } from '../shared/markdown';
import { writeSection } from '../shared/page';
import { cpuOf } from '../shared/processes';
import { READER_TYPE, TRIGGER_VERSION, writeThrowAwayPackage } from '../trigger/throwAway';
import { fire } from '../trigger/volley';
import type { Part, Size } from './part';

const LATENCY = 50;
const AT_ONCE = 20;
const SIZES = {
	full: { calls: 100, warmUp: 100, budget: 300_000 },
	small: { calls: 40, warmUp: 40, budget: 20_000 },
} as const;
const SETTLE_TIMEOUT_MS = 60_000;

/** A trigger under test, as a published workflow. */
interface Contender {
	name: string;
	workflowId: string;
	/** The webhook, up to the payment's reference. */
	url: string;
	/** By round: milliseconds of the processor that n8n used for a call, and executions a second. */
	cost: number[];
	perSecond: number[];
}

const NAMES = {
	bare: 'A trigger that reads the payment and starts, the key in its code',
	reader: 'A trigger that reads the payment and starts, the key in its credential',
	none: 'Konnect Trigger, _Deduplicate_ off',
	empty: 'Konnect Trigger',
	full: `Konnect Trigger, ${MOST_PAID.toLocaleString('en')} paid payments remembered`,
} as const;
type Id = keyof typeof NAMES;
type Contenders = Record<Id, Contender>;

/** Static data as an earlier process has left them that has seen so many payments paid. */
function fullRecord() {
	const paid = Array.from({ length: MOST_PAID }, () => fingerprintOf(randomUUID()));
	return { 'node:Konnect Trigger': { events: `earlier ${paid.join('')}` } };
}

async function publish(stage: Stage, id: Id): Promise<Contender> {
	const webhookId = randomUUID();
	const isReader = id === 'bare' || id === 'reader';
	const konnect = triggerNode(stage, id === 'none' ? { options: { deduplicate: false } } : {});
	const reader: NodeDraft = {
		name: 'Reader',
		type: READER_TYPE,
		typeVersion: TRIGGER_VERSION,
		parameters: {},
		...(id === 'reader' && { credentials: konnect.credentials }),
		webhookId,
	};
	const node = isReader ? reader : { ...konnect, webhookId };
	const workflow = chain(NAMES[id], [node]);
	const staticData = id === 'full' ? fullRecord() : undefined;
	const { id: workflowId } = await stage.client.createWorkflow({ ...workflow, staticData });
	await stage.client.publish(workflowId);
	const path = isReader ? 'reader' : 'konnect';
	const url = `${stage.n8n.webhookUrl}/${webhookId}/${path}?payment_ref=`;
	return { name: NAMES[id], workflowId, url, cost: [], perSecond: [] };
}

/** One run of calls for payments that are news, from the first call until no execution runs. */
async function runOf(stage: Stage, { workflowId, url }: Contender, calls: number) {
	const refs = await paidPayments(stage.sandbox, calls);
	const before = cpuOf(stage.n8n.pid);
	const start = performance.now();
	await fire(
		refs.map((ref) => ({ url: url + ref, expected: 200 })),
		AT_ONCE,
	);
	// One question is all that it costs when the last one has ended: n8n works for it too.
	const isRunning = async () =>
		(await stage.client.listExecutions({ workflowId, limit: 1 })).some((one) => !hasEnded(one));
	while (await isRunning());
	const seconds = (performance.now() - start) / 1000;
	return { cost: (cpuOf(stage.n8n.pid) - before) / calls, perSecond: calls / seconds };
}

async function measure(stage: Stage, size: Size): Promise<Contenders> {
	const { calls, warmUp, budget } = SIZES[size];
	const entries: Array<[Id, Contender]> = [];
	for (const id of Object.keys(NAMES) as Id[]) entries.push([id, await publish(stage, id)]);
	const contenders = entries.map(([, contender]) => contender);
	for (const contender of contenders) await runOf(stage, contender, warmUp);
	const start = performance.now();
	let rounds = 0;
	for (; rounds < 2 || performance.now() - start < budget; rounds++) {
		// Each begins as often as the others: what one leaves behind, the next one pays for.
		const turn = rounds % contenders.length;
		for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
			const { cost, perSecond } = await runOf(stage, contender, calls);
			contender.cost.push(cost);
			contender.perSecond.push(perSecond);
		}
	}
	const wanted = rounds * calls + warmUp;
	for (const { name, workflowId } of contenders) {
		const timeout = SETTLE_TIMEOUT_MS;
		const all = await stage.client.waitUntilSettled({ workflowId, timeout });
		const good = all.filter(({ status }) => status === 'success').length;
		if (good !== wanted) throw new Error(`${name}: ${good} executions, not ${wanted}`);
	}
	return Object.fromEntries(entries) as Contenders;
}

/** Executions for each second of the processor, of those of another. */
const rateOf = (one: Contender, other: Contender) => ratioOf(other.cost, one.cost);

const targetsOf = ({ bare, reader, none, empty, full }: Contenders): Target[] => [
	atLeast('Konnect Trigger, of the one with its key in its code', 0.92, rateOf(empty, bare)),
	atLeast('Konnect Trigger, of the one with a credential', 0.92, rateOf(empty, reader)),
	atLeast('with a full record, of the one with a credential', 0.92, rateOf(full, reader)),
	atLeast('Konnect Trigger, of the same without deduplication', 0.95, rateOf(empty, none)),
	atLeast('with a full record, of the same without deduplication', 0.95, rateOf(full, none)),
	atMost(
		'What a call costs with a full record, of that with an empty one',
		1.1,
		rateOf(empty, full),
	),
];

const tableOf = (contenders: Contenders) =>
	table(
		['', 'processor, ms per call', 'of the one with a credential', 'executions/s'],
		Object.values(contenders).map((contender) => [
			contender.name,
			spread(contender.cost, 2),
			rateOf(contender, contenders.reader).toFixed(2),
			spread(contender.perSecond),
		]),
	);

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('once');
	const userFolder = temporaryFolder('konnect-bench-');
	const sandbox = await startSandbox({ faults: { latency: LATENCY, match: 'get' } });
	await writeThrowAwayPackage(userFolder, { stripe: '', konnect: sandbox.apiBaseUrl });
	const env = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };
	const stage = await startStage({ n8n: { userFolder, env }, sandbox });
	try {
		const contenders = await measure(stage, size);
		const targets = targetsOf(contenders);
		const { calls } = SIZES[size];
		await writeSection(
			'once',
			[
				`${measured} One process, SQLite, lazy acquisition, a Konnect that answers after ${LATENCY} ms. ${calls} good calls of each, ${AT_ONCE} at once, in ${contenders.empty.cost.length} rounds by turns. The processor time is that of n8n's process, from the first call until the last execution has ended. Figures are medians of the rounds, with the lowest and the highest; "of the one with a credential" and the targets compare executions for each second of the processor, round by round.`,
				tableOf(contenders),
				targetTable(targets),
			].join('\n\n'),
		);
		return targets;
	} finally {
		await stage.close();
		await sandbox.close();
	}
}

export const once: Part = { name: 'once', run };
