import fetch from 'node-fetch';
import { at, call, callAll, callUntilAnswered, paidPayments } from '../harness';
import type { ServedStage, Shop } from '../harness';

const IDENTICAL = 100;
const DIFFERENT = 200;

export interface Suite {
	stage(): ServedStage;
	/** A new workflow to call. */
	open(): Promise<Shop>;
	/** What happened in the workflow, as event ids: what must be once for each payment. */
	happened(shop: Shop): Promise<string[]>;
	/** How n8n is ended after many calls, which takes its time. */
	burstSignals: Signal[];
}

type Signal = 'SIGTERM' | 'SIGKILL';

export const paidEvents = (refs: string[]) => refs.map((ref) => `${ref}:paid`).sort();

export const sorted = (texts: string[]) => [...texts].sort();

/** What happens for a payment happens once, however often and whenever the webhook is called. */
export function onceSuite({ stage, open, happened, burstSignals }: Suite): void {
	it(`happens once when ${IDENTICAL} identical calls come at once`, async () => {
		const shop = await open();
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		const answers = await callAll(shop.urls, new Array<string>(IDENTICAL).fill(ref));
		expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
		expect(await happened(shop)).toEqual(paidEvents([ref]));
	});

	it('happens once when Konnect calls and the payer reloads the page in the same moment', async () => {
		const shop = await open();
		const { sandbox } = stage();
		const refs = await paidPayments(sandbox, 10, shop.urls[0]);
		await Promise.all(
			refs.flatMap((ref, index) => [
				fetch(`${sandbox.url}/admin/payments/${ref}/webhook`, { method: 'POST' }),
				call(at(shop.urls, index), ref, 'text/html'),
				call(at(shop.urls, index + 1), ref, 'text/html'),
			]),
		);
		expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
	});

	it.each(['SIGTERM', 'SIGKILL'] as const)(
		'happens once when n8n is ended by %s between a call and its repeat',
		async (signal) => {
			const shop = await open();
			const [ref = ''] = await paidPayments(stage().sandbox, 1);
			const url = at(shop.urls, 0);
			expect(await call(url, ref)).toEqual({ status: 200, result: 'accepted' });
			expect(await happened(shop)).toHaveLength(1);
			await stage().restart(signal);
			expect(await call(at(shop.urls, 1), ref)).toEqual({ status: 200, result: 'duplicate' });
			expect(await happened(shop)).toEqual(paidEvents([ref]));
		},
	);

	it.each(burstSignals)(
		`happens once for each of ${DIFFERENT} payments called at once, again, and again after %s`,
		async (signal) => {
			const shop = await open();
			const refs = await paidPayments(stage().sandbox, DIFFERENT);
			const first = await callUntilAnswered(shop.urls, refs);
			expect(first.results.filter((result) => result !== 'accepted')).toEqual([]);
			const again = await callUntilAnswered(shop.urls, refs, 1);
			expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
			await stage().restart(signal);
			const last = await callUntilAnswered(shop.urls, refs);
			expect(sorted(await happened(shop))).toEqual(paidEvents(refs));
			console.log(
				`${DIFFERENT} payments, ${signal}: calls that had to be repeated ${first.repeats}, ` +
					`${again.repeats}, ${last.repeats}; ${(await shop.started()).length} executions`,
			);
		},
	);
}
