import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';

import { startSandbox, type InitRequest } from '../../sandbox/index';
import { serve } from '../fixtures/server';
import { makePayment } from './harness/calls';
import { opened } from './harness/hooks';
import { fitsItsWidth, onPhone, violationsOn } from './harness/phone';

jest.setTimeout(60_000);

describe("the sandbox's pages", () => {
	const sandbox = opened(startSandbox);
	beforeEach(() => sandbox().reset());

	/** A payment with everything that makes the page long. */
	const make = async (fields: Partial<InitRequest> = {}) =>
		await makePayment(sandbox(), undefined, {
			amount: 9_999_999,
			type: 'partial',
			checkoutForm: true,
			addPaymentFeesToAmount: true,
			description: 'تذكرتان ليوم السبت, Donaudampfschifffahrtsgesellschaftskapitän',
			orderId: 'ORDER-1234567890-1234567890-1234567890-1234567890',
			...fields,
		});
	const payPage = (ref: string, query = '') => `${sandbox().url}/pay?payment_ref=${ref}${query}`;

	const SITUATIONS: Record<string, (page: Page) => Promise<void>> = {
		'a form to fill in, after a refused card': async (page) => {
			const ref = await make();
			await sandbox().pay(ref, { card: 'failing' });
			await page.goto(payPage(ref, '&card=visa'));
		},
		'a payment that is complete': async (page) => {
			const ref = await make();
			await sandbox().pay(ref);
			await page.goto(payPage(ref));
		},
		'the overview': async (page) => {
			const webhook = `https://merchant.example/${'long'.repeat(40)}`;
			for (let count = 0; count < 3; count += 1) await sandbox().pay(await make({ webhook }));
			await page.goto(`${sandbox().url}/admin`);
		},
	};

	it.each(Object.keys(SITUATIONS))(
		'%s can be used by everybody, on a phone',
		async (situation) =>
			await onPhone({}, async (page) => {
				await SITUATIONS[situation]?.(page);
				expect(await violationsOn(page)).toEqual([]);
				expect(await fitsItsWidth(page)).toBe(true);
			}),
	);

	it('let somebody pay with the keyboard alone', async () =>
		await onPhone({}, async (page) => {
			const ref = await make({ type: 'immediate', checkoutForm: false });
			await page.goto(payPage(ref));
			await page.keyboard.press('Tab');
			await page.keyboard.press('Enter');
			await page.waitForURL(/card=visa/);
			await page.keyboard.press('Tab');
			await page.keyboard.press('Enter');
			await page.getByRole('heading', { name: 'Payment complete' }).waitFor();
			expect(sandbox().payment(ref)?.status).toBe('completed');
		}));

	it('say that Konnect is calling the shop, and send the payer on when it has answered', async () =>
		await onPhone({}, async (page) => {
			const { server, url, close } = await serve();
			const calls = once(server, 'request') as Promise<[unknown, ServerResponse]>;
			const ref = await makePayment(sandbox(), `${url}/hook`, { silentWebhook: true });
			await page.goto(payPage(ref, '&card=visa'));
			await page.getByRole('button', { name: 'Pay' }).click();
			await page.getByRole('heading', { name: 'Konnect is calling the shop …' }).waitFor();
			const [, answer] = await calls;
			answer.end();
			await page.getByRole('heading', { name: 'Payment complete' }).waitFor();
			await close();
		}));
});
