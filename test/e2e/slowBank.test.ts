import fetch from 'node-fetch';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import {
	chain,
	makePayment,
	openBrowser,
	outputOf,
	startStage,
	triggerNode,
	triggerUrl,
} from './harness';
import type { Stage } from './harness';

const BOOT_TIMEOUT_MS = 240_000;
const MINUTE = 60_000;

let stage: Stage;
let browser: Browser;
let shop: { id: string; url: string };

beforeAll(async () => {
	stage = await startStage();
	browser = await openBrowser();
	const workflow = await stage.client.createWorkflow(chain('Shop', [triggerNode(stage)]));
	await stage.client.publish(workflow.id);
	shop = { id: workflow.id, url: triggerUrl(stage, workflow) };
}, BOOT_TIMEOUT_MS);
afterEach(() => stage?.sandbox.clearFaults());
afterAll(async () => {
	await browser?.close();
	await stage?.close();
}, BOOT_TIMEOUT_MS);

async function withPayer(
	locale: string,
	visit: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
	const context = await browser.newContext({ locale, viewport: { width: 360, height: 740 } });
	try {
		await visit(await context.newPage(), context);
	} finally {
		await context.close();
	}
}

/** A payment whose webhook is the trigger; it is paid by a bank that takes so many milliseconds for its word. */
async function payAt(settlesAfter: number): Promise<{ ref: string; redirectTo: string }> {
	const ref = await makePayment(stage.sandbox, shop.url);
	const { redirectTo } = await stage.sandbox.pay(ref, { settlesAfter });
	return { ref, redirectTo: String(redirectTo) };
}

async function startedFor(ref: string): Promise<unknown[]> {
	const executions = await stage.client.waitUntilSettled({ workflowId: shop.id });
	const items = await Promise.all(
		executions.map(
			async ({ id }) => outputOf(await stage.client.getExecution(id), 'Konnect Trigger')[0],
		),
	);
	return items.filter((item) => item?.paymentId === ref).map((item) => item?.eventId);
}

const CONFIRMING = {
	'en-GB': 'The payment is being confirmed',
	'fr-TN': 'Le paiement est en cours de confirmation',
	'ar-TN': 'جارٍ تأكيد الدفع',
};
const RECEIVED = {
	'en-GB': 'Payment received',
	'fr-TN': 'Paiement reçu',
	'ar-TN': 'تم استلام الدفع',
};

describe('a payer whose bank is slower than the browser', () => {
	it.each(Object.keys(CONFIRMING) as Array<keyof typeof CONFIRMING>)(
		'is told that the payment is being confirmed, and then that it was received, without doing anything (%s)',
		async (locale) =>
			await withPayer(locale, async (page) => {
				const { ref, redirectTo } = await payAt(10_000);
				await page.goto(redirectTo);
				const heading = page.getByRole('heading', { level: 1 });
				expect(await heading.textContent()).toBe(CONFIRMING[locale]);
				await page.getByRole('heading', { name: RECEIVED[locale] }).waitFor({ timeout: MINUTE });
				expect(await startedFor(ref)).toEqual([`${ref}:paid`]);
			}),
		2 * MINUTE,
	);

	it(
		'makes no second execution when Konnect’s server calls as well, and the payer has closed the page',
		async () =>
			await withPayer('en-GB', async (page) => {
				const { ref, redirectTo } = await payAt(6_000);
				const server = fetch(redirectTo);
				await page.goto(redirectTo);
				await page.close();
				expect((await server).status).toBe(200);
				expect(await startedFor(ref)).toEqual([`${ref}:paid`]);
			}),
		2 * MINUTE,
	);

	it(
		'has a page before Konnect has answered, and the payment when it has',
		async () =>
			await withPayer('en-GB', async (page) => {
				const { ref, redirectTo } = await payAt(0);
				stage.sandbox.setFaults({ latency: 9_000, match: 'get' });
				await page.goto(redirectTo);
				const heading = page.getByRole('heading', { level: 1 });
				expect(await heading.textContent()).toBe(CONFIRMING['en-GB']);
				await page.getByRole('heading', { name: RECEIVED['en-GB'] }).waitFor({ timeout: MINUTE });
				expect(await startedFor(ref)).toEqual([`${ref}:paid`]);
			}),
		2 * MINUTE,
	);
});
