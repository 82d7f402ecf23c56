import type { Page } from 'playwright-core';

import { startSandbox, type InitRequest, type Sandbox } from '../../sandbox/index';
import { makePayment } from './harness/calls';
import { fitsItsWidth, movesOn, onPhone, SCHEMES, styleOf, violationsOn } from './harness/phone';

jest.setTimeout(60_000);

describe("the sandbox's pages", () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterAll(async () => await sandbox?.close());
	beforeEach(() => sandbox.reset());

	/** A payment with everything that makes the page long. */
	const make = async (fields: Partial<InitRequest> = {}) =>
		await makePayment(sandbox, undefined, {
			amount: 9_999_999,
			type: 'partial',
			checkoutForm: true,
			addPaymentFeesToAmount: true,
			description: 'تذكرتان ليوم السبت, Donaudampfschifffahrtsgesellschaftskapitän',
			orderId: 'ORDER-1234567890-1234567890-1234567890-1234567890',
			...fields,
		});
	const payPage = (ref: string, query = '') => `${sandbox.url}/pay?payment_ref=${ref}${query}`;

	const SITUATIONS: Record<string, (page: Page) => Promise<void>> = {
		'a form to fill in': async (page) => void (await page.goto(payPage(await make()))),
		'a form with mistakes': async (page) => {
			await page.goto(payPage(await make()));
			await page.getByRole('button').click();
			await page.getByRole('alert').waitFor();
		},
		'a form after a refused card': async (page) => {
			const ref = await make();
			await sandbox.pay(ref, { card: 'failing' });
			await page.goto(payPage(ref));
			await page.getByRole('status').waitFor();
		},
		'a form after a part': async (page) => {
			const ref = await make();
			await sandbox.pay(ref, { amount: 4_000_000 });
			await page.goto(payPage(ref));
		},
		'a form for a slow bank': async (page) =>
			void (await page.goto(payPage(await make(), '&card=visa&slow=10'))),
		'a payment that the bank has not settled': async (page) => {
			const ref = await make();
			await sandbox.pay(ref, { settlesAfter: 60_000 });
			await page.goto(payPage(ref));
		},
		'a payment that is complete': async (page) => {
			const ref = await make();
			await sandbox.pay(ref);
			await page.goto(payPage(ref));
		},
		'a payment that has expired': async (page) => {
			const ref = await make();
			sandbox.expire(ref);
			await page.goto(payPage(ref));
		},
		'no payment': async (page) => void (await page.goto(payPage('0'.repeat(24)))),
		'the overview': async (page) => {
			const webhook = `https://merchant.example/${'long'.repeat(40)}`;
			for (let count = 0; count < 3; count += 1) await sandbox.pay(await make({ webhook }));
			await page.goto(`${sandbox.url}/admin`);
		},
		'the empty overview': async (page) => void (await page.goto(`${sandbox.url}/admin`)),
	};

	describe.each(SCHEMES)('in %s colours', (scheme) => {
		it.each(Object.keys(SITUATIONS))(
			'%s can be used by everybody, on a phone',
			async (situation) =>
				await onPhone(scheme, async (page) => {
					await SITUATIONS[situation]?.(page);
					expect(await violationsOn(page)).toEqual([]);
					expect(await fitsItsWidth(page)).toBe(true);
					expect(await movesOn(page)).toEqual([]);
				}),
		);
	});

	describe.each(['fr', 'ar'])('in %s', (language) => {
		const IN_WORDS = Object.keys(SITUATIONS).filter((name) => !name.includes('overview'));
		it.each(IN_WORDS)(
			'%s can be used by everybody, on a phone',
			async (situation) =>
				await onPhone('dark', async (page) => {
					await page.setExtraHTTPHeaders({ 'accept-language': language });
					await SITUATIONS[situation]?.(page);
					expect(await page.locator('html').getAttribute('lang')).toBe(language);
					expect(await violationsOn(page)).toEqual([]);
					expect(await fitsItsWidth(page)).toBe(true);
				}),
		);
	});

	it('keep the colours that the link asks for, whatever the reader prefers', async () =>
		await onPhone('light', async (page) => {
			await page.goto(payPage(await make(), '&theme=dark'));
			expect(await violationsOn(page)).toEqual([]);
			expect(await styleOf(page.locator('body'), 'backgroundColor')).toBe('rgb(20, 22, 26)');
		}));

	it('lead the keyboard through the form in the order of reading, and show where it is', async () =>
		await onPhone('light', async (page) => {
			await page.goto(payPage(await make()));
			const stops: string[] = [];
			for (let stop = 0; stop < 12; stop += 1) {
				await page.keyboard.press('Tab');
				const focused = page.locator(':focus-visible');
				stops.push(await focused.evaluate(({ id, textContent }) => id || `${textContent}`));
				expect(await styleOf(focused, 'outlineStyle')).toBe('solid');
				expect(await styleOf(focused, 'outlineWidth')).toBe('3px');
			}
			expect(stops).toEqual([
				...['name', 'email', 'phone', 'amount', 'cardNumber', 'expiry', 'cvc', 'Pay'],
				...['Use Visa', 'Use MasterCard', 'Use failing MasterCard', 'Use slow bank'],
			]);
		}));

	it('let somebody pay with the keyboard alone', async () =>
		await onPhone('light', async (page) => {
			const ref = await make({ type: 'immediate', checkoutForm: false });
			await page.goto(payPage(ref));
			for (const text of ['5471251111111116', '11/23', '858']) {
				await page.keyboard.press('Tab');
				await page.keyboard.type(text);
			}
			await page.keyboard.press('Enter');
			await page.getByRole('status').waitFor();

			// The list of cards is behind the form: five stops to the link, and from the filled form three to Pay.
			for (let stop = 0; stop < 5; stop += 1) await page.keyboard.press('Tab');
			await page.keyboard.press('Enter');
			await page.waitForURL(/card=visa/);
			for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press('Tab');
			await page.keyboard.press('Enter');
			await page.getByRole('heading', { name: 'Payment complete' }).waitFor();
			expect(sandbox.payment(ref)?.status).toBe('completed');
		}));

	it('scroll their wide tables with the keyboard, and not the page', async () =>
		await onPhone('light', async (page) => {
			await make();
			await page.goto(`${sandbox.url}/admin`);
			const table = page.getByRole('region', { name: 'Payments' });
			await table.focus();
			await page.keyboard.press('ArrowRight');
			await page.waitForFunction(
				"document.querySelector('[aria-label=Payments]').scrollLeft > 0 && scrollX === 0",
			);
		}));
});
