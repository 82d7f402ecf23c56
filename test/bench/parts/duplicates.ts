import { table } from '../../../scripts/docs/table';
import {
	openOnceOnlyShop,
	paidPayments,
	startQueueStage,
	type ServedStage,
} from '../../e2e/harness';
import { burst, scenariosOf, type Scenario } from '../duplicates/scenarios';
import { openTested } from '../duplicates/shops';
import { exactly } from '../shared/figures';
import type { Part } from '../shared/part';

/** Konnect's time to answer, in ms. */
const LATENCY = 50;
const WARM_UP = 20;

interface Row extends Omit<Scenario, 'act'> {
	/** Payments for which the workflow was started twice. */
	twice: number;
	/** Payments for which the example workflow went past its claim twice. */
	handledTwice: number;
	lost: number;
}

async function measure(stage: ServedStage, scenario: Scenario): Promise<Row> {
	const { act, ...rest } = scenario;
	const shop = await openTested(stage, scenario);
	try {
		const { pathname } = new URL(shop.urls[0] ?? '');
		const isBalanced = scenario.through === 'nginx';
		const urls = isBalanced ? [new URL(pathname, stage.balancer?.url).href] : shop.urls;
		await act(urls, shop.refs, stage, shop);
		const [started, handled] = [await shop.started(), await shop.handled()];
		return {
			...rest,
			twice: started.length - new Set(started).size,
			handledTwice: handled.length - new Set(handled).size,
			lost: scenario.payments - new Set(handled).size,
		};
	} finally {
		await shop.close?.();
	}
}

const tableOf = (rows: Row[]) =>
	table(
		[
			'Calls to the two processors',
			'Payments',
			'Workflow started twice',
			'Went twice past the claim',
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

export const duplicates: Part = {
	name: 'duplicates',
	page: 'scaling.md',
	async run(size) {
		// With n8n's default of two connections, some executions failed when hundreds of calls came at once on a busy machine.
		const stage = await startQueueStage({ env: { DB_POSTGRESDB_POOL_SIZE: '10' } });
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
			const sum = (key: 'twice' | 'handledTwice' | 'lost', some = rows) =>
				some.reduce((all, row) => all + row[key], 0);
			const balanced = rows.filter(({ through }) => through === 'nginx');
			return {
				text: [
					`One main process, one worker and two webhook processors, PostgreSQL ${postgres} and Redis ${stage.redis?.version}, all on one machine. The sandbox answered in place of Konnect after ${LATENCY} ms. "A watch at one, a page at the other": a server calls one processor once and goes away, a payer's page asks the other one, and the bank confirms after 12 to 20 seconds. On a faster machine two calls must be closer together to meet.`,
					tableOf(rows),
				],
				targets: [
					exactly('Payments lost', 0, sum('lost')),
					exactly('Payments that went twice past the claim', 0, sum('handledTwice')),
					exactly('Payments that started twice through nginx', 0, sum('twice', balanced)),
				],
			};
		} finally {
			await stage.close();
		}
	},
};
