import type { BrowserContext, Page } from 'playwright-core';

import type { Sandbox } from '../../../sandbox';
import { delivered, makePayment, openOrder, openShop } from '../harness';
import type { ServedStage, Shop } from '../harness';
import { onPhone } from '../harness/phone';
import { paidEvents, sorted } from './once';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a page says before and after the bank has confirmed the payment. */
const HEADINGS = {
	'en-GB': ['The payment is being confirmed', 'Payment received'],
	'fr-TN': ['Le paiement est en cours de confirmation', 'Paiement reçu'],
	'ar-TN': ['جارٍ تأكيد الدفع', 'تم استلام الدفع'],
} as const;
const [CONFIRMING, RECEIVED] = HEADINGS['en-GB'];

const headingOf = async (page: Page) => await page.getByRole('heading', { level: 1 }).textContent();

const waitForHeading = async (page: Page, name: string) =>
	await page.getByRole('heading', { name }).waitFor({ timeout: 4 * MINUTE });

/** Payers who look at the page that tells them of their payment, while their banks are slow. */
export function payerSuite(stage: () => ServedStage): void {
	afterEach(() => stage().sandbox.clearFaults());

	it('is told that the payment is being confirmed, and then that it was received, without doing anything, in each language', async () => {
		await Promise.all(
			Object.entries(HEADINGS).map(
				async ([locale, [confirming, received]]) =>
					await onPhone({ locale }, async (page) => {
						const shop = await openShop(stage());
						const ref = await makePayment(stage().sandbox, shop.url);
						const { redirectTo } = await stage().sandbox.pay(ref, { settlesAfter: 10_000 });
						await page.goto(String(redirectTo));
						expect(await headingOf(page)).toBe(confirming);
						await waitForHeading(page, received);
						expect(await shop.started()).toEqual(paidEvents([ref]));
					}),
			),
		);
	});

	it('has a page before Konnect has answered, and the payment when it has', async () => {
		const { sandbox } = stage();
		await onPhone({ locale: 'en-GB' }, async (page) => {
			const shop = await openShop(stage());
			const ref = await makePayment(sandbox, shop.url);
			const { redirectTo } = await sandbox.pay(ref);
			sandbox.setFaults({ latency: 9_000, match: 'get' });
			await page.goto(String(redirectTo));
			expect(await headingOf(page)).toBe(CONFIRMING);
			await waitForHeading(page, RECEIVED);
			expect(await shop.started()).toEqual(paidEvents([ref]));
		});
	});

	it('has a page that asks again where an execution waits, and keeps the last page for going back and for a restored tab', async () => {
		await onPhone({ locale: 'en-GB' }, async (page, context) => {
			const init = { additionalFields: { silentWebhook: false } };
			const { ref, ended } = await openOrder(stage(), { init });
			const { redirectTo = '' } = await stage().sandbox.pay(ref, { settlesAfter: 10_000 });
			await page.goto(redirectTo);
			expect(await headingOf(page)).toBe(CONFIRMING);
			await waitForHeading(page, RECEIVED);
			const execution = await ended();
			expect(delivered(execution)).toMatchObject([{ paymentId: ref, state: 'paid' }]);

			const last = page.url();
			await page.goto(`${stage().sandbox.url}/healthz`);
			await page.goBack();
			expect(await headingOf(page)).toBe(RECEIVED);
			const tab = await context.newPage();
			await tab.goto(last);
			expect(await headingOf(tab)).toBe(RECEIVED);
			// A reload makes the browser ask again, and then n8n itself answers.
			expect((await tab.reload())?.status()).toBe(409);
		});
	});
}

const PAYERS = 40;
const REFUSED = 'The payment did not go through';

type Attempt = NonNullable<Parameters<Sandbox['pay']>[1]>;

/** More than this, and Konnect answers 429. */
const READS_A_MINUTE = 100;

/**
 * More payers at once than there are places for calls that keep looking. At Konnect's limit this takes minutes.
 *
 * @param meanwhile other tests, in another n8n
 */
export function crowdSuite(stage: () => ServedStage, meanwhile: () => void): void {
	let started: Promise<string[]>;
	let refs: string[] = [];

	beforeAll(() => {
		started = new Promise((resolve, reject) => {
			const crowd = async (_page: Page, context: BrowserContext) => {
				const shop = await openShop(stage());
				refs = await payAll(shop, context);
				await shop.ended(PAYERS, 4 * MINUTE);
				resolve(await shop.started());
			};
			onPhone({ locale: 'en-GB' }, crowd).catch(reject);
		});
		started.catch(() => {});
	});

	/** All pay, half of them leave, and then the banks confirm. Resolves when the pages of the others say so. */
	const payAll = async ({ url }: Shop, context: BrowserContext): Promise<string[]> => {
		const { sandbox } = stage();
		const half = Array.from({ length: PAYERS / 2 }, (_, n) => n);
		const pay = async (n: number) => {
			const ref = await makePayment(sandbox, url);
			return { ref, tab: await payerOf(sandbox, ref, context, n % 3 === 0) };
		};
		// Those who stay come first, because the oldest calls give way to later ones.
		const stay = await Promise.all(half.map(pay));
		const leave = await Promise.all(half.map(pay));
		await Promise.all(leave.map(async ({ tab }) => await tab.close()));
		const all = [...stay, ...leave].map(({ ref }) => ref);
		all.forEach(sandbox.settle);
		await Promise.all(stay.map(async ({ tab }) => await waitForHeading(tab, RECEIVED)));
		return all;
	};

	meanwhile();

	it(`starts once for each of ${PAYERS} payers; a third have a card refused first, and half close the page`, async () => {
		expect(sorted(await started)).toEqual(paidEvents(refs));
		const reads = stage().sandbox.requests.filter(({ method }) => method === 'GET');
		const inTheMinuteOf = (at: number) =>
			reads.filter((read) => read.at >= at && read.at < at + MINUTE).length;
		expect(Math.max(...reads.map(({ at }) => inTheMinuteOf(at)))).toBeLessThan(READS_A_MINUTE);
	});
}

/** A tab in which somebody pays and is told what Konnect knows. The bank has still to say whether the payment is paid. */
async function payerOf(
	sandbox: Sandbox,
	ref: string,
	context: BrowserContext,
	isRefusedFirst: boolean,
): Promise<Page> {
	const visit = async (attempt: Attempt, heading: string) => {
		const { redirectTo } = await sandbox.pay(ref, attempt);
		const tab = await context.newPage();
		await tab.goto(String(redirectTo));
		// On a busy machine the first page may not know yet.
		await tab.getByRole('heading', { name: heading }).waitFor();
		return tab;
	};
	const slow = { settlesAfter: HOUR };
	if (!isRefusedFirst) return await visit(slow, CONFIRMING);
	await (await visit({ card: 'failing' }, REFUSED)).close();
	// Nobody remembers what this payer was told, and Konnect says nothing of an attempt that is under way.
	const tab = await visit(slow, REFUSED);
	await tab.getByText('If you have just tried again, please wait a moment').waitFor();
	return tab;
}
