import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	at,
	call,
	callUntilAnswered,
	openOnceOnlyShop,
	paidPayments,
	QUEUE_MODES,
	startQueueStage,
	type ServedStage,
	type Shop,
} from '../../e2e/harness';
import { circumstances } from '../shared/circumstances';
import type { Target } from '../shared/figures';
import { table } from '../shared/markdown';
import { writeSection } from '../shared/page';
import type { Part, Size } from './part';

/** Konnect's time to answer, in ms. */
const LATENCY = 50;
const WARM_UP = 20;
/** Payments of one row: called for one after the other, or at once. */
const COUNTS = {
	full: { pairs: 100, gaps: 30, burst: 200 },
	small: { pairs: 5, gaps: 2, burst: 20 },
};

interface Row {
	calls: string;
	payments: number;
	/** Payments for which the workflow was started twice. */
	twice: number;
	/** Payments for which the example workflow went past its check twice. */
	handledTwice: number;
	lost: number;
}

interface Scenario {
	calls: string;
	payments: number;
	/** Through nginx as the docs configure it, or to the two processors by turns. */
	through: 'nginx' | 'turns';
	act(urls: string[], refs: string[], stage: ServedStage, shop: Shop): Promise<void>;
}

/** Calls twice for one payment after the other, the second time `gap()` ms after the first, where there are two at the other processor. */
async function pairs(urls: string[], refs: string[], gap: () => number): Promise<void> {
	for (const [index, ref] of refs.entries()) {
		const first = call(at(urls, index), ref);
		await sleep(gap());
		await Promise.all([first, call(at(urls, index + 1), ref)]);
	}
}

/** All payments at once; when all are answered, each again, where there are two at the other processor. */
async function burst(urls: string[], refs: string[]): Promise<void> {
	await callUntilAnswered(urls, refs);
	await callUntilAnswered(urls, refs, 1);
}

async function answeredBetween(urls: string[], refs: string[]): Promise<void> {
	for (const [index, ref] of refs.entries()) {
		await call(at(urls, index), ref);
		await call(at(urls, index + 1), ref);
	}
}

async function restartBetween(urls: string[], refs: string[], stage: ServedStage, shop: Shop) {
	await callUntilAnswered(urls, refs);
	await shop.started();
	await stage.restart('SIGTERM');
	await callUntilAnswered(urls, refs, 1);
}

/** One of the processors is killed when the first call is answered, and each is called for again when it is back. */
async function deathBetween(urls: string[], refs: string[], stage: ServedStage, shop: Shop) {
	const calls = refs.map(async (ref) => await callUntilAnswered(urls, [ref]));
	await Promise.race(calls);
	const startAgain = await stage.crash(QUEUE_MODES.indexOf('webhook'));
	await Promise.all(calls);
	await startAgain();
	await callUntilAnswered(urls, refs);
	await shop.outlives();
}

function scenariosOf(size: Size): Scenario[] {
	const { pairs: many, gaps: some, burst: crowd } = COUNTS[size];
	const near = async (urls: string[], refs: string[]) =>
		await pairs(urls, refs, () => randomInt(0, 51));
	const apart = [100, 200, 400, 800].map((gap): Scenario => ({
		calls: `${gap} ms apart`,
		payments: some,
		through: 'turns',
		act: async (urls, refs) => await pairs(urls, refs, () => gap),
	}));
	return [
		{ calls: '0 to 50 ms apart', payments: many, through: 'turns', act: near },
		...apart,
		{
			calls: 'one answered, then the other called',
			payments: some,
			through: 'turns',
			act: answeredBetween,
		},
		{
			calls: `${crowd} payments at once, later each at the other`,
			payments: crowd,
			through: 'turns',
			act: burst,
		},
		{
			calls: `${crowd} payments at once, n8n restarted, each again`,
			payments: crowd,
			through: 'turns',
			act: restartBetween,
		},
		{ calls: 'through nginx: 0 to 50 ms apart', payments: many, through: 'nginx', act: near },
		{
			calls: `through nginx: ${crowd} payments at once, one processor killed, each again`,
			payments: crowd,
			through: 'nginx',
			act: deathBetween,
		},
	];
}

async function measure(stage: ServedStage, scenario: Scenario): Promise<Row> {
	const { calls, payments, through, act } = scenario;
	const shop = await openOnceOnlyShop(stage);
	const { pathname } = new URL(at(shop.urls, 0));
	const urls = through === 'nginx' ? [new URL(pathname, stage.balancer?.url).href] : shop.urls;
	const refs = await paidPayments(stage.sandbox, payments);
	await act(urls, refs, stage, shop);
	const [started, handled] = [await shop.started(), await shop.handled()];
	return {
		calls,
		payments,
		twice: started.length - new Set(started).size,
		handledTwice: handled.length - new Set(handled).size,
		lost: payments - new Set(handled).size,
	};
}

const tableOf = (rows: Row[]) =>
	table(
		[
			'Calls to the two processors',
			'Payments',
			'Workflow started twice',
			'Went twice past the check below',
			'Lost',
		],
		rows.map(({ calls, payments, twice, handledTwice, lost }) => [
			calls,
			payments,
			twice === 0 ? 0 : `${twice} (${((100 * twice) / payments).toFixed(0)} %)`,
			handledTwice,
			lost,
		]),
	);

const none = (what: string, count: number): Target => ({
	what,
	wanted: '0',
	measured: String(count),
	met: count === 0,
});

async function run(size: Size): Promise<Target[]> {
	const measured = await circumstances('duplicates');
	const stage = await startQueueStage();
	try {
		stage.sandbox.setFaults({ latency: LATENCY, match: 'get' });
		// The first calls of a process take longer than all later ones.
		const warmUp = await openOnceOnlyShop(stage);
		await burst(warmUp.urls, await paidPayments(stage.sandbox, WARM_UP));
		await warmUp.started();
		const rows: Row[] = [];
		for (const scenario of scenariosOf(size)) {
			rows.push(await measure(stage, scenario));
			console.log(rows.at(-1));
		}
		const [postgres] = stage.postgres?.version.split(' ') ?? [];
		await writeSection(
			'duplicates',
			[
				`${measured} One main process, one worker and two webhook processors, PostgreSQL ${postgres} and Redis ${stage.redis?.version}, all on one machine. The sandbox answered as Konnect after ${LATENCY} ms. On a faster machine the time in which two calls can meet is shorter.`,
				tableOf(rows),
			].join('\n\n'),
			'scaling.md',
		);
		const sum = (key: 'handledTwice' | 'lost') => rows.reduce((all, row) => all + row[key], 0);
		const near = rows.find(({ calls }) => calls.startsWith('through nginx'));
		return [
			none('Payments lost', sum('lost')),
			none('Payments that went twice past the check', sum('handledTwice')),
			none('Payments that started twice through nginx', near?.twice ?? NaN),
		];
	} finally {
		await stage.close();
	}
}

export const duplicates: Part = { name: 'duplicates', run };
