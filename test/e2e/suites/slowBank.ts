import { Agent } from 'node:http';

import fetch from 'node-fetch';
import type { Browser } from 'playwright-core';

import { hasEnded } from '../../../scripts/n8n/executions';
import { chain, makePayment, openBrowser, openSale, outputOf, triggerNode } from '../harness';
import type { Order, ServedStage } from '../harness';

const TIMEOUT_MS = 240_000;

/** Seconds after which a bank gives its word. */
const DELAYS = [3, 15, 60];

/** Who calls once when the payer is sent back, and goes away. */
const WHO = ['browser', 'server', 'server that hangs up', 'both'] as const;

type Who = (typeof WHO)[number];

/** A published workflow of nothing but the trigger, and the events that have started it, of one payment. */
async function openShop({ client, credential, outside }: ServedStage) {
	const trigger = triggerNode({ credential });
	const { id } = await client.createWorkflow(chain('Shop', [trigger]));
	await client.publish(id);
	const started = async (count: number) => {
		const wanted = { workflowId: id, count, until: hasEnded, timeout: TIMEOUT_MS };
		const all = await client.waitUntilAll(wanted);
		const events: string[] = [];
		for (const { id: execution } of all) {
			const [item] = outputOf(await client.getExecution(execution), 'Konnect Trigger');
			events.push(String(item?.eventId));
		}
		return events;
	};
	return { url: `${outside}/${trigger.webhookId}/konnect`, started };
}

/**
 * A payment that settles after its only call starts the workflow, though nobody comes again.
 *
 * @param most how often it may start it where a browser and a server call in the same moment
 */
export function slowBankSuite(stage: () => ServedStage, most: number): void {
	let browser: Browser;
	beforeAll(async () => {
		browser = await openBrowser();
	}, TIMEOUT_MS);
	afterAll(async () => await browser?.close());

	const tab = async (url: string) => {
		const page = await browser.newPage({ locale: 'en-GB' });
		await page.goto(url);
		await page.close();
	};
	const server = async (url: string) => void (await (await fetch(url)).text());
	/** As some servers do, long before it is answered. */
	const impatient = async (url: string) => {
		const agent = new Agent();
		const signal = AbortSignal.timeout(1_000);
		await expect(fetch(url, { agent, signal })).rejects.toThrow(/abort/);
		agent.destroy();
	};
	const CALLERS: Record<Who, Array<(url: string) => Promise<void>>> = {
		browser: [tab],
		server: [server],
		'server that hangs up': [impatient],
		both: [tab, server],
	};

	const pay = async (who: Who, url: string, seconds: number) => {
		const { sandbox } = stage();
		const ref = await makePayment(sandbox, url);
		const { redirectTo = '' } = await sandbox.pay(ref, { settlesAfter: seconds * 1_000 });
		await Promise.all(CALLERS[who].map(async (call) => await call(redirectTo)));
		return `${ref}:paid`;
	};

	it(
		`starts the workflow ${DELAYS.join(', ')} seconds after the payer was sent back, whoever called once and went away`,
		async () => {
			const shops = await Promise.all(
				WHO.map(async (who) => {
					const shop = await openShop(stage());
					const events = DELAYS.map(async (seconds) => await pay(who, shop.url, seconds));
					return { who, shop, expected: await Promise.all(events) };
				}),
			);
			for (const { who, shop, expected } of shops) {
				const started = await shop.started(expected.length);
				expect(new Set(started)).toEqual(new Set(expected));
				const times = expected.map((event) => started.filter((one) => one === event).length);
				expect(Math.max(...times)).toBeLessThanOrEqual(who === 'both' ? most : 1);
			}
		},
		TIMEOUT_MS,
	);

	it(
		'lets a waiting execution go on, once, in the same way',
		async () => {
			const sale = await openSale(stage(), {
				init: { additionalFields: { silentWebhook: false } },
			});
			const [order] = (await sale.order()) as [Order];
			const [ref = ''] = order.refs;
			const { redirectTo = '' } = await stage().sandbox.pay(ref, { settlesAfter: 15_000 });
			await server(redirectTo);
			expect(await sale.isWaiting(order)).toBe(true);
			const execution = await sale.ended(order);
			expect(outputOf(execution, 'Deliver')).toMatchObject([{ paymentId: ref, state: 'paid' }]);
			expect(execution.data.resultData.runData.Deliver).toHaveLength(1);
		},
		TIMEOUT_MS,
	);
}
