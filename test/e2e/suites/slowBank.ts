import type { Browser } from 'playwright-core';

import { callAsServer } from '../../fixtures/callers';
import { chain, makePayment, openBrowser, outputOf, triggerNode } from '../harness';
import type { ServedStage } from '../harness';

const TIMEOUT_MS = 240_000;

/** Seconds after which a bank gives its word; a page asks for two minutes. */
const DELAYS = [1, 3, 10, 60, 110];

/** Who calls when the payer is sent back. */
const WHO = ['browser', 'server', 'both'] as const;

/** A published workflow of nothing but the trigger, and the events that have started it, of one payment. */
async function openShop({ client, credential, outside }: ServedStage) {
	const trigger = triggerNode({ credential });
	const { id } = await client.createWorkflow(chain('Shop', [trigger]));
	await client.publish(id);
	const started = async () => {
		const all = await client.waitUntilSettled({ workflowId: id });
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
 * A payment that settles within two minutes after its only call starts the workflow.
 *
 * @param most how often it may start it where a browser and a server call in the same moment
 */
export function slowBankSuite(stage: () => ServedStage, most: number): void {
	let browser: Browser;
	beforeAll(async () => {
		browser = await openBrowser();
	}, TIMEOUT_MS);
	afterAll(async () => await browser?.close());

	const pay = async (who: (typeof WHO)[number], url: string, seconds: number) => {
		const { sandbox } = stage();
		const ref = await makePayment(sandbox, url);
		const { redirectTo = '' } = await sandbox.pay(ref, { settlesAfter: seconds * 1_000 });
		const tab = async () => {
			const page = await browser.newPage({ locale: 'en-GB' });
			await page.goto(redirectTo);
			const received = page.getByRole('heading', { name: 'Payment received' });
			await received.waitFor({ timeout: TIMEOUT_MS });
			await page.close();
		};
		const server = async () =>
			expect((await callAsServer(redirectTo)).text).toMatch(/"(accepted|duplicate)"/);
		await Promise.all([who !== 'server' && tab(), who !== 'browser' && server()]);
		return `${ref}:paid`;
	};

	it(
		`starts the workflow ${DELAYS.join(', ')} seconds after the payer was sent back, whoever calls`,
		async () => {
			const shops = await Promise.all(
				WHO.map(async (who) => {
					const shop = await openShop(stage());
					const events = DELAYS.map(async (seconds) => await pay(who, shop.url, seconds));
					return { who, shop, expected: await Promise.all(events) };
				}),
			);
			for (const { who, shop, expected } of shops) {
				const started = await shop.started();
				expect(new Set(started)).toEqual(new Set(expected));
				const times = expected.map((event) => started.filter((one) => one === event).length);
				expect(Math.max(...times)).toBeLessThanOrEqual(who === 'both' ? most : 1);
			}
		},
		TIMEOUT_MS,
	);
}
