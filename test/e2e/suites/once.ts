import { at, call, callAll, callUntilAnswered, paidPayments } from '../harness';
import type { LastAnswer, ServedStage, Shop } from '../harness';

const IDENTICAL = 100;
const HOUR = 3_600_000;

/** The most calls that keep looking in one process. */
const WATCHES = 30;

/** How many payments are called for before n8n ends, and by which signal. After SIGKILL it can store nothing more. */
const ENDS = [
	[20, 'SIGTERM'],
	[200, 'SIGKILL'],
] as const;

export interface Suite {
	stage(): ServedStage;
	/** A new workflow to call. */
	open(): Promise<Shop>;
	/** What happened in the workflow, as event ids. Each payment must have exactly one. */
	happened(shop: Shop): Promise<string[]>;
	/** Milliseconds within which n8n must end, whatever keeps looking. Absent in queue mode: n8n may wait for its own queue first. */
	longestEnd?: number;
}

export const paidEvents = (refs: string[]) => refs.map((ref) => `${ref}:paid`).sort();

export const sorted = (texts: string[]) => [...texts].sort();

/** What happens for a payment happens once, however often and whenever the webhook is called. */
export function onceSuite({ stage, open, happened, longestEnd = Infinity }: Suite): void {
	it(`happens once when ${IDENTICAL} identical calls come at once`, async () => {
		const shop = await open();
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		const answers = await callAll(shop.urls, new Array<string>(IDENTICAL).fill(ref));
		expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
		expect(await happened(shop)).toEqual(paidEvents([ref]));
	});

	it.each(ENDS)(
		'happens once for each of %i payments called at once, again, and again after %s, which costs watches only',
		async (count, signal) => {
			const { sandbox, restart } = stage();
			const shop = await open();
			const [alone = ''] = await paidPayments(sandbox, 1);
			expect(await call(at(shop.urls, 0), alone)).toEqual({ status: 200, result: 'accepted' });
			expect(await happened(shop)).toEqual(paidEvents([alone]));
			const refs = await paidPayments(sandbox, count);
			const first = await callUntilAnswered(shop.urls, refs);
			expect(first.filter((answer) => !isOfFirstCall(answer))).toEqual([]);
			const again = await callUntilAnswered(shop.urls, refs, 1);
			expect(again.filter(({ result }) => !isKnownOrTaken(result))).toEqual([]);
			expect(sorted(await happened(shop))).toEqual(paidEvents([alone, ...refs]));

			const slow = await paidPayments(sandbox, WATCHES, undefined, HOUR);
			const unsettled = await callAll(shop.urls, slow);
			expect(unsettled).toEqual(slow.map(() => ({ status: 503, result: 'failed' })));
			const endedIn = await restart(signal);
			expect(endedIn).toBeLessThan(longestEnd);
			slow.forEach(sandbox.settle);
			expect(await call(at(shop.urls, 1), alone)).toEqual({ status: 200, result: 'duplicate' });
			const last = await callUntilAnswered(shop.urls, [...slow, ...refs]);
			expect(last.filter(({ result }) => !isKnownOrTaken(result))).toEqual([]);
			expect(sorted(await happened(shop))).toEqual(paidEvents([alone, ...refs, ...slow]));
			const repeats = [first, again, last].map((answers) => sum(answers) - answers.length);
			console.log(
				`${count} payments, ${signal} in ${endedIn} ms: calls that had to be repeated ` +
					`${repeats.join(', ')}; ${(await shop.started()).length} executions`,
			);
		},
	);
}

/** Whether an answer fits a new payment. A call without an answer keeps looking, and may start the workflow before its repeat. */
const isOfFirstCall = ({ result, calls }: LastAnswer) =>
	result === 'accepted' || (calls > 1 && result === 'duplicate');

const isKnownOrTaken = (result: string | undefined) =>
	result === 'duplicate' || result === 'accepted';

const sum = (answers: LastAnswer[]) => answers.reduce((total, { calls }) => total + calls, 0);
