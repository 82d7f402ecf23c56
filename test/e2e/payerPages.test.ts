import { LANGUAGES, PAGE_TEXTS } from '../../nodes/Konnect/webhook/pageTexts';
import type { Language, PageTopic } from '../../nodes/Konnect/webhook/pageTexts';
import { renderPage } from '../../nodes/Konnect/webhook/page';
import { fitsItsWidth, movesOn, onPhone, SCHEMES, styleOf, violationsOn } from './harness/phone';

const TOPICS = Object.keys(PAGE_TEXTS) as PageTopic[];

jest.setTimeout(60_000);

const pageOf = (topic: PageTopic, language: Language, payUrl?: string) =>
	renderPage(topic, { language, asksAgain: topic === 'confirming', isWatched: true, payUrl });

describe("the payer's page", () => {
	/** One topic for each sign that can stand above the heading. Apart from the sign, pages differ only in their words. */
	const MARKED: PageTopic[] = ['paid', 'expired', 'pending', 'confirming'];

	describe.each(SCHEMES)('in %s colours', (scheme) => {
		it.each(MARKED)(
			'"%s" can be read by everybody, in each language',
			async (topic) =>
				await onPhone({ colorScheme: scheme }, async (page) => {
					for (const language of LANGUAGES) {
						await page.setContent(pageOf(topic, language));
						expect(await violationsOn(page)).toEqual([]);
						// Only the ring that turns while the page asks by itself.
						const moves = topic === 'confirming' ? ['turn 0s'] : [];
						expect(await movesOn(page)).toEqual(moves);
						await page.emulateMedia({ reducedMotion: 'reduce' });
						expect(await movesOn(page)).toEqual([]);
						await page.emulateMedia({ reducedMotion: 'no-preference' });
					}
				}),
		);
	});

	it.each(TOPICS)(
		'"%s" fits a phone, in each language',
		async (topic) =>
			await onPhone({}, async (page) => {
				for (const language of LANGUAGES) {
					await page.setContent(pageOf(topic, language));
					expect(await fitsItsWidth(page)).toBe(true);
				}
			}),
	);

	it.each(SCHEMES)(
		'has a link to the pay page that everybody can use, where the payer can try again (%s)',
		async (scheme) =>
			await onPhone({ colorScheme: scheme }, async (page) => {
				for (const language of LANGUAGES) {
					await page.setContent(pageOf('attemptFailed', language, 'https://pay.example'));
					expect(await violationsOn(page)).toEqual([]);
					expect(await fitsItsWidth(page)).toBe(true);
					expect((await page.getByRole('link').boundingBox())?.height).toBeGreaterThan(44);
				}
			}),
	);

	it('has dark colours where the reader wants them', async () => {
		const backgrounds: string[] = [];
		for (const scheme of SCHEMES) {
			await onPhone({ colorScheme: scheme }, async (page) => {
				await page.setContent(pageOf('paid', 'en'));
				backgrounds.push(await styleOf(page.locator('body'), 'backgroundColor'));
			});
		}
		expect(backgrounds).toEqual(['rgb(243, 245, 249)', 'rgb(18, 22, 31)']);
	});
});
