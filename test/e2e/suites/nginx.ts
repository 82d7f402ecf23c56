import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, callUntilAnswered, openOnceOnlyShop, paidPayments, QUEUE_MODES } from '../harness';
import type { ServedStage } from '../harness';
import { paidEvents, sorted } from './once';

const PAYMENTS = 100;
const AT_ONCE = 10;

/** Two webhook processors behind nginx, as the docs configure it. */
export function nginxSuite(stage: () => ServedStage): void {
	/** A workflow behind nginx, and payments that are paid. */
	const open = async () => {
		const shop = await openOnceOnlyShop(stage());
		const { pathname } = new URL(shop.urls[0] ?? '');
		const url = new URL(pathname, stage().balancer?.url).href;
		return { shop, url, refs: await paidPayments(stage().sandbox, PAYMENTS) };
	};
	const processors = () =>
		stage()
			.servers()
			.filter((_, index) => QUEUE_MODES[index] === 'webhook')
			.map(({ url }) => new URL(url).host);
	/** The processors that nginx tried for each call for these payments. */
	const triedFor = async (refs: string[]) => {
		const routes = (await stage().balancer?.routes()) ?? [];
		return routes
			.filter(({ uri }) => refs.some((ref) => uri.endsWith(ref)))
			.map(({ tried }) => tried);
	};

	it(`start the workflow once for each of ${PAYMENTS} payments that are called for twice within 50 ms`, async () => {
		const { shop, url, refs } = await open();
		const queue = refs.values();
		const payer = async () => {
			for (const ref of queue) {
				const first = call(url, ref);
				await sleep(randomInt(0, 51));
				const answers = await Promise.all([first, call(url, ref)]);
				expect(answers.map(({ result }) => result).sort()).toEqual(['accepted', 'duplicate']);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, payer));
		expect(sorted(await shop.started())).toEqual(paidEvents(refs));
		const tried = await triedFor(refs);
		expect(tried).toHaveLength(2 * PAYMENTS);
		expect(new Set(tried.flat())).toEqual(new Set(processors()));
	});

	it(`lose none of ${PAYMENTS} payments when one of them dies in the middle, and handle none twice`, async () => {
		const { shop, url, refs } = await open();
		const calls = refs.map(async (ref) => await callUntilAnswered([url], [ref]));
		await Promise.race(calls);
		const startAgain = await stage().crash(QUEUE_MODES.indexOf('webhook'));
		await Promise.all(calls);
		const tried = await triedFor(refs);
		expect(tried.filter(({ length }) => length > 1)).not.toEqual([]);
		await startAgain();
		await Promise.all(refs.map(async (ref) => await callUntilAnswered([url], [ref])));
		await shop.outlives();
		const started = await shop.started();
		expect(new Set(started)).toEqual(new Set(paidEvents(refs)));
		expect(sorted(await shop.handled())).toEqual(paidEvents(refs));
		console.log(`${PAYMENTS} payments, one processor killed: ${started.length} executions`);
	});
}
