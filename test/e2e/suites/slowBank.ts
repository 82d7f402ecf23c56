import { Agent } from 'node:http';

import fetch from 'node-fetch';
import type { Browser } from 'playwright-core';

import { delivered, makePayment, openBrowser, openOrder, openShop } from '../harness';
import type { OnlyOrder, ServedStage } from '../harness';

const TIMEOUT_MS = 240_000;

/** Seconds after which a bank confirms. */
const DELAYS = [3, 15, 60];

/** Who calls once when the payer is sent back, and goes away. */
const WHO = ['browser', 'server', 'server that hangs up', 'both'] as const;

type Who = (typeof WHO)[number];

/**
 * A payment that settles after its only call starts the workflow, though nobody comes again.
 *
 * @param most how often it may start the workflow if a browser and a server call in the same moment
 * @param meanwhile other tests, which run while the banks take their time
 */
export function slowBankSuite(stage: () => ServedStage, most: number, meanwhile: () => void): void {
	let called: Array<Awaited<ReturnType<typeof callOnce>>>;
	let order: OnlyOrder;

	beforeAll(async () => {
		const browser = await openBrowser();
		called = await Promise.all(WHO.map(async (who) => await callOnce(browser, who)));
		await browser.close();
		order = await openOrder(stage(), { init: { additionalFields: { silentWebhook: false } } });
		const payment = { settlesAfter: 15_000 };
		const { redirectTo = '' } = await stage().sandbox.pay(order.ref, payment);
		await callAsServer(redirectTo);
		expect(await order.isWaiting()).toBe(true);
	});

	/** Payments of one workflow, all called for in the same way, and the events that are to start it. */
	const callOnce = async (browser: Browser, who: Who) => {
		const { outside, sandbox } = stage();
		const shop = await openShop(stage());
		const url = shop.url.replace(/^.*\/webhook/, outside);
		const events = DELAYS.map(async (seconds) => {
			const ref = await makePayment(sandbox, url);
			const { redirectTo = '' } = await sandbox.pay(ref, { settlesAfter: seconds * 1_000 });
			await Promise.all(callersOf(browser)[who].map(async (call) => await call(redirectTo)));
			return `${ref}:paid`;
		});
		return { who, shop, events: await Promise.all(events) };
	};

	meanwhile();

	it(`starts the workflow ${DELAYS.join(', ')} seconds after the payer was sent back, whoever called once and went away`, async () => {
		for (const { who, shop, events } of called) {
			await shop.ended(events.length, TIMEOUT_MS);
			const started = await shop.started();
			expect(new Set(started)).toEqual(new Set(events));
			const times = events.map((event) => started.filter((one) => one === event).length);
			expect(Math.max(...times)).toBeLessThanOrEqual(who === 'both' ? most : 1);
		}
	});

	it('lets a waiting execution go on, once, in the same way', async () => {
		const execution = await order.ended();
		expect(delivered(execution)).toMatchObject([{ paymentId: order.ref, state: 'paid' }]);
		expect(execution.data.resultData.runData.Deliver).toHaveLength(1);
	});
}

export const callAsServer = async (url: string) => void (await (await fetch(url)).text());

/** Hangs up long before the call is answered, as some servers do. */
async function callImpatiently(url: string): Promise<void> {
	const agent = new Agent();
	const signal = AbortSignal.timeout(1_000);
	await expect(fetch(url, { agent, signal })).rejects.toThrow(/abort/);
	agent.destroy();
}

export function callersOf(browser: Browser): Record<Who, Array<(url: string) => Promise<void>>> {
	const openTab = async (url: string) => {
		const page = await browser.newPage({ locale: 'en-GB' });
		await page.goto(url);
		await page.close();
	};
	return {
		browser: [openTab],
		server: [callAsServer],
		'server that hangs up': [callImpatiently],
		both: [openTab, callAsServer],
	};
}
