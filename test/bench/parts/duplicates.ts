import {
	at,
	openOnceOnlyShop,
	paidPayments,
	startQueueStage,
	type ServedStage,
} from '../../e2e/harness';
import { burst, scenariosOf, type Scenario } from '../duplicates/scenarios';
import { circumstances } from '../shared/circumstances';
import type { Target } from '../shared/figures';
import { table } from '../shared/markdown';
import { writeSection } from '../shared/page';
import type { Part, Size } from './part';

/** Konnect's time to answer, in ms. */
const LATENCY = 50;
const WARM_UP = 20;
interface Row {
	calls: string;
	payments: number;
	/** Payments for which the workflow was started twice. */
	twice: number;
	/** Payments for which the example workflow went past its check twice. */
	handledTwice: number;
	lost: number;
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
