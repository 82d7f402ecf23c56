import { LANGUAGES, PAGE_TEXTS, type PageTopic } from '../../nodes/Konnect/webhook/pageTexts';
import { renderPage } from '../../nodes/Konnect/webhook/page';
import { fitsItsWidth, movesOn, onPhone, SCHEMES, styleOf, violationsOn } from './harness/phone';

const TOPICS = Object.keys(PAGE_TEXTS) as PageTopic[];

jest.setTimeout(60_000);

describe("the payer's page", () => {
	/** One for each mark that a page can have, and one with a link; apart from that, pages differ in their words only. */
	const MARKED: PageTopic[] = ['paid', 'expired', 'pending', 'attemptFailed'];
	const PAY_URL = 'https://gateway.sandbox.konnect.network/pay';

	describe.each(SCHEMES)('in %s colours', (scheme) => {
		it.each(MARKED)(
			'"%s" can be read by everybody, in each language',
			async (topic) =>
				await onPhone(scheme, async (page) => {
					for (const language of LANGUAGES) {
						await page.setContent(renderPage(topic, language, topic === 'confirming', PAY_URL));
						expect(await violationsOn(page)).toEqual([]);
						expect(await movesOn(page)).toEqual([]);
					}
				}),
		);
	});

	it.each(TOPICS)(
		'"%s" fits a phone, in each language',
		async (topic) =>
			await onPhone('light', async (page) => {
				for (const language of LANGUAGES) {
					await page.setContent(renderPage(topic, language, topic === 'confirming', PAY_URL));
					expect(await fitsItsWidth(page)).toBe(true);
					const heading = page.getByRole('heading', { level: 1 });
					expect(await heading.textContent()).toBe(PAGE_TEXTS[topic][language][0]);
				}
			}),
	);

	it('runs from right to left in Arabic, and from left to right in the others', async () =>
		await onPhone('light', async (page) => {
			const directions: Record<string, string> = {};
			for (const language of LANGUAGES) {
				await page.setContent(renderPage('attemptFailed', language, false));
				directions[language] = await styleOf(page.locator('p'), 'direction');
			}
			expect(directions).toEqual({ en: 'ltr', fr: 'ltr', ar: 'rtl' });
		}));

	it('has dark colours where the reader wants them', async () => {
		const backgrounds: string[] = [];
		for (const scheme of SCHEMES) {
			await onPhone(scheme, async (page) => {
				await page.setContent(renderPage('paid', 'en', false));
				backgrounds.push(await styleOf(page.locator('body'), 'backgroundColor'));
			});
		}
		expect(backgrounds).toEqual(['rgb(243, 245, 249)', 'rgb(18, 22, 31)']);
	});
});
