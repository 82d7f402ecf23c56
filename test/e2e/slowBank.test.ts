import type { Browser, BrowserContext, Page } from 'playwright-core';

import {
	chain,
	makePayment,
	openBrowser,
	openSale,
	outputOf,
	startSingleStage,
	triggerNode,
	triggerUrl,
} from './harness';
import type { Order, ServedStage } from './harness';
import { slowBankSuite } from './suites/slowBank';

const BOOT_TIMEOUT_MS = 240_000;
const MINUTE = 60_000;

let stage: ServedStage;
let browser: Browser;

beforeAll(async () => {
	stage = await startSingleStage('sqlite');
	browser = await openBrowser();
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

/** A published workflow of nothing but the trigger. */
async function openShop(parameters = {}) {
	const { client } = stage;
	const workflow = await client.createWorkflow(chain('Shop', [triggerNode(stage, parameters)]));
	await client.publish(workflow.id);
	const url = triggerUrl(stage, workflow);
	/** A payment that is paid by a bank that takes so many milliseconds for its word. */
	const pay = async (settlesAfter: number) => {
		const ref = await makePayment(stage.sandbox, url);
		const { redirectTo } = await stage.sandbox.pay(ref, { settlesAfter });
		return { ref, redirectTo: String(redirectTo) };
	};
	const started = async () => {
		const executions = await client.waitUntilSettled({ workflowId: workflow.id });
		return await Promise.all(
			executions.map(async ({ id }) => {
				const [item] = outputOf(await client.getExecution(id), 'Konnect Trigger');
				return item?.eventId;
			}),
		);
	};
	return { pay, started };
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
const LOCALES = Object.keys(CONFIRMING) as Array<keyof typeof CONFIRMING>;

const headingOf = async (page: Page) => await page.getByRole('heading', { level: 1 }).textContent();

const waitForHeading = async (page: Page, name: string) =>
	await page.getByRole('heading', { name }).waitFor({ timeout: MINUTE });

describe('a payer whose bank is slower than the browser', () => {
	it.each(LOCALES)(
		'is told that the payment is being confirmed, and then that it was received, without doing anything (%s)',
		async (locale) =>
			await withPayer(locale, async (page) => {
				const shop = await openShop();
				const { ref, redirectTo } = await shop.pay(10_000);
				await page.goto(redirectTo);
				expect(await headingOf(page)).toBe(CONFIRMING[locale]);
				await waitForHeading(page, RECEIVED[locale]);
				expect(await shop.started()).toEqual([`${ref}:paid`]);
			}),
		2 * MINUTE,
	);

	it(
		'has a page before Konnect has answered, and the payment when it has',
		async () =>
			await withPayer('en-GB', async (page) => {
				const shop = await openShop();
				const { ref, redirectTo } = await shop.pay(0);
				stage.sandbox.setFaults({ latency: 9_000, match: 'get' });
				await page.goto(redirectTo);
				expect(await headingOf(page)).toBe(CONFIRMING['en-GB']);
				await waitForHeading(page, RECEIVED['en-GB']);
				expect(await shop.started()).toEqual([`${ref}:paid`]);
			}),
		2 * MINUTE,
	);
});

describe('a payer of a link that an execution waits for, sent to it by Konnect', () => {
	it(
		'has a page that asks again, and keeps its last one for going back, and for a tab that is restored',
		async () =>
			await withPayer('en-GB', async (page, context) => {
				const sale = await openSale(stage, {
					init: { additionalFields: { silentWebhook: false } },
				});
				const [order] = (await sale.order()) as [Order];
				const [ref = ''] = order.refs;
				const { redirectTo = '' } = await stage.sandbox.pay(ref, { settlesAfter: 10_000 });
				await page.goto(redirectTo);
				expect(await headingOf(page)).toBe(CONFIRMING['en-GB']);
				await waitForHeading(page, RECEIVED['en-GB']);
				const execution = await sale.ended(order);
				expect(outputOf(execution, 'Deliver')).toMatchObject([{ paymentId: ref, state: 'paid' }]);

				const last = page.url();
				await page.goto(`${stage.sandbox.url}/healthz`);
				await page.goBack();
				expect(await headingOf(page)).toBe(RECEIVED['en-GB']);
				const tab = await context.newPage();
				await tab.goto(last);
				expect(await headingOf(tab)).toBe(RECEIVED['en-GB']);
				// What n8n itself answers: the browser asks it where the payer wants the page anew.
				expect((await tab.reload())?.status()).toBe(409);
			}),
		3 * MINUTE,
	);
});

describe('a payment that settles after its only call', () => {
	slowBankSuite(() => stage, 1);
});
