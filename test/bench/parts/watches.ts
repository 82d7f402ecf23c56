import { table } from '../../../scripts/docs/table';
import { poll } from '../../../scripts/n8n/poll';
import {
	call,
	chain,
	makePayment,
	paidPayments,
	startStage,
	triggerNode,
	type ServedStage,
} from '../../e2e/harness';
import { atMost } from '../shared/figures';
import type { Part } from '../shared/part';
import { idle, memoryOf } from '../shared/processes';

/** The most watches that a process may have. */
const WATCHES = 30;
const WARM_UP = 30;
const MOST_MEGABYTES = 400;
const MOST_SECONDS = 5;
/** All watches with one key share forty looks a minute. */
const LOOK_TIMEOUT_MS = 180_000;

const MODES: Array<[mode: string, env: Record<string, string>]> = [
	["n8n's default", {}],
	['lazy acquisition', { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' }],
];

/** Resolves when each payment has been read after `since`. Only a watch does that, because nobody calls. */
async function watched({ sandbox }: ServedStage, refs: string[], since: number): Promise<void> {
	const unseen = () => {
		const reads = sandbox.requests.filter(({ at, method }) => method === 'GET' && at > since);
		return refs.filter((ref) => !reads.some(({ path }) => path.includes(ref)));
	};
	const look = async () => unseen().length === 0 || undefined;
	await poll(look, LOOK_TIMEOUT_MS, () => `${unseen().length} payments are not watched`);
}

/** Calls once for as many payments as there may be watches, as a server that then goes away. */
async function measure(env: Record<string, string>, keepLooking: number, seconds: number) {
	const stage = await startStage({ n8n: { env } });
	try {
		const { client, sandbox, n8n } = stage;
		const node = triggerNode(stage, { options: { keepLooking } });
		const { id } = await client.createWorkflow(chain('Watches', [node]));
		await client.publish(id);
		const url = `${n8n.webhookUrl}/${node.webhookId}/konnect`;
		// One after the other, so that n8n holds no more than one call needs.
		for (const ref of await paidPayments(sandbox, WARM_UP)) await call(url, ref);
		await idle(stage, id);
		const before = await memoryOf(n8n.pid, seconds);
		const refs = await Promise.all(
			Array.from({ length: WATCHES }, async () => await makePayment(sandbox)),
		);
		const answers = refs.map(async (ref) => await call(url, ref));
		for (const { status } of await Promise.all(answers)) {
			if (status !== 503) throw new Error(`A pending payment was answered with ${status}`);
		}
		if (keepLooking > 0) await watched(stage, refs, Date.now());
		const after = await memoryOf(n8n.pid, seconds);
		const start = performance.now();
		await n8n.stop();
		/** Seconds from SIGTERM until n8n has ended. */
		const stop = (performance.now() - start) / 1000;
		return { keepLooking, before, after, stop };
	} finally {
		await stage.close();
	}
}

export const watches: Part = {
	name: 'watches',
	page: 'benchmarks.md',
	async run(size) {
		const seconds = size === 'full' ? 60 : 2;
		const rows = [];
		for (const [mode, env] of MODES) {
			for (const keepLooking of [0, 10]) {
				rows.push({ mode, ...(await measure(env, keepLooking, seconds)) });
			}
		}
		const open = rows.filter(({ keepLooking }) => keepLooking > 0);
		return {
			text: [
				`One n8n process, SQLite. ${WATCHES} calls come in the same moment, each for another payment that stays pending, and are answered after ten seconds. Each row has its own n8n. Memory is the least that the process holds within ${seconds} seconds, before the calls and after their answers.`,
				table(
					['', '_Keep Looking_', "n8n's memory, MB", 'more', 'n8n stops within, s'],
					rows.map(({ mode, keepLooking, before, after, stop }) => [
						mode,
						keepLooking > 0 ? `${keepLooking}: ${WATCHES} watches` : '0: none',
						`${before.toFixed(0)} → ${after.toFixed(0)}`,
						(after - before).toFixed(0),
						stop.toFixed(1),
					]),
				),
			],
			targets: open.flatMap(({ mode, before, after, stop }) => [
				atMost(`Megabytes more with ${WATCHES} watches, ${mode}`, MOST_MEGABYTES, after - before),
				atMost(`Seconds to stop with ${WATCHES} watches, ${mode}`, MOST_SECONDS, stop),
			]),
		};
	},
};
