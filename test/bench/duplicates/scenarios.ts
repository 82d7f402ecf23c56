import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, call, callUntilAnswered, type ServedStage } from '../../e2e/harness';
import { openTab } from '../../fixtures/callers';
import type { Size } from '../shared/part';
import type { TestedShop, Wanted } from './shops';

/** Payments of each row of the table, by the kind of its scenario. */
const COUNTS = {
	full: { pairs: 100, gaps: 20, burst: 200, watched: 20 },
	small: { pairs: 5, gaps: 2, burst: 20, watched: 3 },
};

/** Milliseconds from the payer's return to the bank's confirmation. */
const SETTLES_AFTER = { least: 12_000, most: 20_000 };

/** Milliseconds, longer than a watch pauses between two looks. */
const LONGEST_PAUSE = 45_000;

export interface Scenario extends Wanted {
	calls: string;
	/** Through nginx as the docs configure it, or to the two processors by turns. */
	through: 'nginx' | 'turns';
	act(urls: string[], refs: string[], stage: ServedStage, shop: TestedShop): Promise<void>;
}

/** Calls twice for each payment in turn, `gap()` ms apart, the second time at the other processor if there is one. */
const pairs =
	(gap: () => number): Scenario['act'] =>
	async (urls, refs) => {
		for (const [index, ref] of refs.entries()) {
			const first = call(at(urls, index), ref);
			await sleep(gap());
			await Promise.all([first, call(at(urls, index + 1), ref)]);
		}
	};

/** Calls for all payments at once, and when all are answered, for all again, at the other processor if there is one. */
export async function burst(urls: string[], refs: string[]): Promise<void> {
	await callUntilAnswered(urls, refs);
	await callUntilAnswered(urls, refs, 1);
}

const answeredBetween: Scenario['act'] = async (urls, refs) => {
	for (const [index, ref] of refs.entries()) {
		await call(at(urls, index), ref);
		await call(at(urls, index + 1), ref);
	}
};

const restartBetween: Scenario['act'] = async (urls, refs, stage, shop) => {
	await callUntilAnswered(urls, refs);
	await shop.started();
	await stage.restart('SIGTERM');
	await callUntilAnswered(urls, refs, 1);
};

/** A server calls one processor once and goes away. A payer's page asks the other one until the bank has confirmed. */
const watchAndPage: Scenario['act'] = async (urls, refs, { sandbox }) => {
	const visits = refs.map(async (ref, index) => {
		const settlesAfter = randomInt(SETTLES_AFTER.least, SETTLES_AFTER.most);
		await sandbox.pay(ref, { settlesAfter });
		const page = openTab(`${at(urls, index + 1)}?payment_ref=${ref}`);
		await Promise.all([page, call(at(urls, index), ref)]);
	});
	await Promise.all(visits);
	// Nothing shows that a watch has ended if it started nothing, so this waits longer than its longest pause.
	await sleep(LONGEST_PAUSE);
};

export function scenariosOf(size: Size): Scenario[] {
	const { pairs: many, gaps: some, burst: crowd, watched } = COUNTS[size];
	const turns = (calls: string, payments: number, act: Scenario['act']): Scenario => ({
		calls,
		payments,
		through: 'turns',
		act,
	});
	const near = turns(
		'0 to 50 ms apart',
		many,
		pairs(() => randomInt(0, 51)),
	);
	const watch = {
		...turns('a watch at one, a page at the other', watched, watchAndPage),
		isPending: true,
	};
	const nginx = ({ calls, ...scenario }: Scenario): Scenario => ({
		...scenario,
		calls: `through nginx: ${calls}`,
		through: 'nginx',
	});
	return [
		near,
		...[100, 200, 400].map((gap) =>
			turns(
				`${gap} ms apart`,
				some,
				pairs(() => gap),
			),
		),
		turns('one answered, then the other called', some, answeredBetween),
		turns(`${crowd} payments at once, later each at the other`, crowd, burst),
		turns(`${crowd} payments at once, n8n restarted, each again`, crowd, restartBetween),
		watch,
		{ ...watch, calls: `${watch.calls}, _Keep Looking_ 0`, keepLooking: 0 },
		{ ...watch, calls: `${watch.calls}, order-to-delivery`, claim: 'delivery' },
		nginx(near),
		nginx(watch),
	];
}
